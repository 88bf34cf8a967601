import { token } from '../../../kernel/shapes/tokens.js';

/** What went to a bank on one slip: cheques of a deposit, or cash of a till. */
export interface BankSlip {
  id: string;
  /** The account of the books that stands for the bank. */
  accountId: string;
  number: string;
  amountMinor: number;
  depositId: string | null;
  movementId: string | null;
  /** Of cash: the session that it left. */
  sessionId: string | null;
  /** The entry that brought it to the bank. */
  entryId: string;
  undoneOn: string | null;
  undoneBy: string | null;
  undoneWhy: string;
}

export interface SlipCorrection {
  fromAccountId: string;
  toAccountId: string;
  entryId: string;
  reason: string;
  byName: string;
  correctedOn: string;
}

export interface SlipStore {
  /** @throws Invalid at `slipNumber` when the bank has a slip of this number */
  insert(slip: Pick<BankSlip, 'id' | 'accountId' | 'number' | 'amountMinor' | 'depositId' | 'movementId'>): Promise<void>;
  find(id: string): Promise<BankSlip | null>;
  /** Locked until the transaction ends. */
  hold(id: string): Promise<BankSlip | null>;
  ofDeposit(depositId: string): Promise<BankSlip | null>;
  /** Oldest first. */
  corrections(slipId: string): Promise<SlipCorrection[]>;
  /** @throws Invalid at `accountId` when that bank has a slip of this number */
  correct(slipId: string, correction: SlipCorrection): Promise<void>;
  /** Its cheques are in hand again. @param backInTill whether its cash lies in a till that is still to be counted */
  undo(slipId: string, end: { on: string; by: string; why: string; backInTill: boolean }): Promise<void>;
  /** Cheques on it, locked, by how they stand. */
  chequesOf(depositId: string): Promise<{ paymentId: string; posted: boolean; cleared: boolean }[]>;
}

export const SLIP_STORE = token<SlipStore>('FeeSlipStore');
