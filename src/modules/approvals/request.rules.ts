import { Conflict, Forbidden } from '../../kernel/errors.js';
import type { Actor } from '../../kernel/actor.js';

/** `void`: what it was about changed meanwhile, so that there is nothing to decide any more. */
export const STATES = ['asked', 'approved', 'refused', 'withdrawn', 'void'] as const;
export type State = (typeof STATES)[number];

/** What a request is about, in the words of the module that asks: `{ kind: 'payment', id }`. */
export interface Subject {
  kind: string;
  id: string;
}

export interface Person {
  userId: string | null;
  name: string;
}

export interface ApprovalRequest {
  id: string;
  /** Key of its `ApprovalKind`. */
  kind: string;
  subject: Subject;
  /** In minor units of the school's currency; null where it isn't about money. */
  amountMinor: number | null;
  /** What happens when it is approved, as a sentence. */
  summary: string;
  /** Why it is asked, in the words of who asks. */
  reason: string;
  /** What the kind needs to carry it out; as old as the request, so the kind looks again. */
  payload: Readonly<Record<string, unknown>>;
  state: State;
  askedBy: Person;
  askedAt: Date;
  decidedBy: Person | null;
  decidedAt: Date | null;
  note: string;
}

/** Who may decide requests of one kind. */
export interface Rule {
  decideWith: string;
  /** Above it an owner decides, in minor units; null where there is no such limit. */
  limitMinor: number | null;
}

type Asked = Pick<ApprovalRequest, 'amountMinor' | 'askedBy'>;

/** The maker is never the checker. An owner may decide everything: in a school of one office person they are the second. */
export function mayDecide(
  actor: Pick<Actor, 'userId' | 'roles' | 'permissions'>,
  { amountMinor, askedBy }: Asked,
  rule: Rule,
): boolean {
  if (actor.userId === null || actor.userId === askedBy.userId) return false;
  if (actor.roles.includes('owner')) return true;
  return actor.permissions.has(rule.decideWith) && (rule.limitMinor === null || (amountMinor ?? 0) <= rule.limitMinor);
}

/** @throws Forbidden with the reason for this person */
export function demandMayDecide(actor: Actor, request: Asked, rule: Rule): void {
  if (mayDecide(actor, request, rule)) return;
  if (actor.userId === request.askedBy.userId) throw new Forbidden('You can’t approve your own request: someone else must.');
  throw new Forbidden(
    actor.permissions.has(rule.decideWith)
      ? 'Only an owner of the school can decide on this amount.'
      : 'You can’t decide this request.',
  );
}

/** @throws Conflict */
export function demandOpen({ state }: Pick<ApprovalRequest, 'state'>): void {
  if (state !== 'asked') throw new Conflict('This request has already been decided.', 'decided');
}
