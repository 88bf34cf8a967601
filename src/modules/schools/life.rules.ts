import { RuleBroken } from '../../kernel/errors.js';

/** Where a school stands with the platform. */
export const SCHOOL_STATES = ['draft', 'verified', 'provisioning', 'ready', 'suspended', 'closing', 'closed', 'deleted'] as const;
export type SchoolState = (typeof SCHOOL_STATES)[number];

export type MoveReason =
  | 'email-confirmed'
  | 'entered'
  | 'abandoned'
  | 'began'
  | 'opened'
  | 'given-up'
  | 'unpaid'
  | 'misuse'
  | 'security'
  | 'owner-asked'
  | 'duplicate'
  | 'trial-over'
  | 'settled'
  | 'mistake'
  | 'grace-over'
  | 'erased';

/** So long a school that is closing can still be read and taken back, unless the operator has set another time. */
export const GRACE_DAYS = 30;
/** So long before the end its owner is reminded. */
export const REMINDER_DAYS = 7;

const LEAVING: readonly MoveReason[] = ['owner-asked', 'unpaid', 'misuse', 'duplicate', 'trial-over'];

/** From where to where, and for which reasons. What isn't here is not allowed; `deleted` is the end. */
const MOVES: Record<SchoolState, Partial<Record<SchoolState, readonly MoveReason[]>>> = {
  draft: { verified: ['email-confirmed', 'entered'], deleted: ['abandoned'] },
  verified: { provisioning: ['began'], closed: ['given-up'] },
  provisioning: { ready: ['opened'], closed: ['given-up'] },
  ready: { suspended: ['unpaid', 'misuse', 'security', 'owner-asked'], closing: LEAVING },
  suspended: { ready: ['settled', 'mistake', 'owner-asked'], closing: LEAVING },
  closing: { ready: ['owner-asked', 'mistake'], closed: ['grace-over'] },
  closed: { deleted: ['erased'] },
  deleted: {},
};

/** What a state or a reason is called, for pages. */
export const STATE_WORDS: Record<SchoolState, string> = {
  draft: 'Draft',
  verified: 'Verified',
  provisioning: 'Opening',
  ready: 'Open',
  suspended: 'Suspended',
  closing: 'Closing',
  closed: 'Closed',
  deleted: 'Deleted',
};

export const REASON_WORDS: Record<MoveReason, string> = {
  'email-confirmed': 'Email confirmed',
  entered: 'Entered',
  abandoned: 'Left unfinished',
  began: 'Opening began',
  opened: 'Opened',
  'given-up': 'Opening cancelled',
  unpaid: 'Not paid',
  misuse: 'Misuse',
  security: 'Security',
  'owner-asked': 'The owner asked',
  duplicate: 'Duplicate',
  'trial-over': 'Trial over',
  settled: 'Settled',
  mistake: 'By mistake',
  'grace-over': 'Grace period ended',
  erased: 'Erased',
};

export function reasonsFor(from: SchoolState, to: SchoolState): readonly MoveReason[] {
  return MOVES[from][to] ?? [];
}

export function canMove(from: SchoolState, to: SchoolState): boolean {
  return reasonsFor(from, to).length > 0;
}

/** @throws RuleBroken when the school can't go from here to there, or not for this reason. */
export function demandMove(from: SchoolState, to: SchoolState, reason: MoveReason): void {
  if (!canMove(from, to)) {
    throw new RuleBroken(
      'schools.no-such-move',
      `A school that is ${STATE_WORDS[from].toLowerCase()} can’t become ${STATE_WORDS[to].toLowerCase()}.`,
      'state',
    );
  }
  if (!reasonsFor(from, to).includes(reason))
    throw new RuleBroken('schools.no-such-reason', 'Choose one of the reasons.', 'reason');
}

/** Not where the days of grace are so few that the first letter has just said it. */
export function isReminded(since: Date, closesAt: Date): boolean {
  return closesAt.getTime() - since.getTime() > REMINDER_DAYS * 86_400_000;
}
