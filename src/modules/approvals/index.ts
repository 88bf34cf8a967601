import type { ServiceIdentifier } from 'inversify';
import type { Actor } from '../../kernel/actor.js';
import type { ApprovalRequest, Subject } from './request.rules.js';

export type { ApprovalRequest, State, Subject } from './request.rules.js';
export type { ApprovalKind, Translate } from './ports.js';
/** Where a module binds what two people do: one `ApprovalKind` for each. */
export { APPROVAL_KINDS } from './ports.js';

export interface NewRequest {
  /** Key of a kind that is bound to `APPROVAL_KINDS`. */
  kind: string;
  subject: Subject;
  /** In minor units of the school's currency. */
  amountMinor?: number | null;
  /** Why, in the words of who asks. */
  reason: string;
  payload?: Readonly<Record<string, unknown>>;
  /** What happens when it is approved, as a sentence: `KES 4,000 go back to the payer of receipt 1202.` */
  summary: string;
}

/** What is done by two people: one asks, another decides in the inbox. All methods join the caller's transaction. */
export interface ApprovalsApi {
  /**
   * One request of a kind may be open about one subject at a time.
   * @throws Forbidden without the kind's `askWith`; Conflict when one is open
   */
  ask(actor: Actor, request: NewRequest): Promise<{ requestId: string }>;
  /** By who asked. @throws Conflict when it is decided */
  withdraw(actor: Actor, requestId: string): Promise<void>;
  /** There is nothing to decide any more, since the subject has changed. Nothing happens when none is open. */
  voidFor(actor: Actor, kind: string, subject: Subject, why: string): Promise<void>;
  /** What was said about these subjects goes, since it names somebody who is erased; who decided what and when stays. */
  forget(subjectKind: string, subjectIds: readonly string[]): Promise<void>;
  /** Open requests about a subject, of all kinds, oldest first. */
  openFor(subject: Subject): Promise<readonly ApprovalRequest[]>;
  /** The same about many subjects of one kind. */
  openAmong(subjectKind: string, subjectIds: readonly string[]): Promise<readonly ApprovalRequest[]>;
}

export const APPROVALS: ServiceIdentifier<ApprovalsApi> = Symbol('Approvals');
