import { token } from '../../../kernel/shapes/tokens.js';

/** A paper or a code of the fees that begins with what somebody has typed. */
export interface NumberFound {
  kind: 'receipt' | 'document' | 'reference';
  number: string;
  /** Of the document, or of the payment that a receipt or a code belongs to. */
  id: string;
  studentId: string | null;
  amountMinor: number;
  on: string;
}

export interface NumberStore {
  beginningWith(text: string, kinds: readonly NumberFound['kind'][], limit: number): Promise<NumberFound[]>;
}

export const NUMBER_STORE = token<NumberStore>('FeesNumberStore');
