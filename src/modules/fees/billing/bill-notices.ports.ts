import { token } from '../../../kernel/shapes/tokens.js';

/** What a run has billed the family of one student, and by which message it was told. */
export interface BilledStudent {
  studentId: string;
  /** What the family's bill of the term comes to now, with its notes, in minor units. */
  amountMinor: number;
  dueOn: string;
  messageId: string | null;
}

export interface BillNoticeStore {
  /** Whoever sends bills of this run waits until the transaction ends. */
  hold(runId: string): Promise<void>;
  /** Students whose family has a document of the run that stands; by id. */
  billed(runId: string): Promise<BilledStudent[]>;
  /** A later message takes the place of one that failed. */
  write(runId: string, notices: readonly { studentId: string; messageId: string }[], byName: string): Promise<void>;
}

export const BILL_NOTICE_STORE = token<BillNoticeStore>('FeeBillNoticeStore');
