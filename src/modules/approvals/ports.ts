import type { ServiceIdentifier } from 'inversify';
import type { Actor } from '../../kernel/actor.js';
import type { Page } from '../../kernel/page.js';
import type { ApprovalRequest, Person, State } from './request.rules.js';

export type Translate = (text: string, vars?: Record<string, string | number>) => string;

/** What a module brings so that something of its own is done by two people: bind it to `APPROVAL_KINDS`. */
export interface ApprovalKind {
  /** `fees.refund`: module, dot, what is asked. */
  key: `${string}.${string}`;
  /** `Refund to a family`. */
  label: string;
  askWith: `${string}.${string}`;
  decideWith: `${string}.${string}`;
  /** Above this amount an owner decides; left out, there is no limit. In minor units. */
  limitMinor?(): Promise<number | null>;
  /**
   * Carries it out, in the transaction of the decision. The request is as old as its `askedAt`, so whatever it depends on
   * is looked at again. @throws RuleBroken to leave the request open, with its sentence shown to who decides
   */
  approve(actor: Actor, request: ApprovalRequest): Promise<void>;
  /** For a kind that must put something back; also when whoever asked takes the request back. */
  refuse?(actor: Actor, request: ApprovalRequest): Promise<void>;
  /** A title of one line, and facts that help to decide; drawn from the request alone. */
  describe(request: ApprovalRequest, t: Translate): { title: string; lines: readonly string[] };
  /** The page of what it is about. */
  href?(request: ApprovalRequest): string | null;
}

export const APPROVAL_KINDS: ServiceIdentifier<ApprovalKind> = Symbol('ApprovalKinds');

/** Which requests: of these kinds, or of everybody's own. */
export interface RequestFilter {
  states: readonly State[];
  /** Null for all. */
  kinds: readonly string[] | null;
  askedBy: string | null;
  notAskedBy: string | null;
}

export interface RequestStore {
  /** @throws Conflict when one of this kind is open about the same subject */
  insert(request: ApprovalRequest): Promise<void>;
  find(id: string): Promise<ApprovalRequest | null>;
  /** Keeps everybody else from it until the transaction ends. */
  hold(id: string): Promise<ApprovalRequest | null>;
  end(id: string, end: { state: State; by: Person; at: Date; note: string }): Promise<void>;
  openAbout(subjectKind: string, subjectIds: readonly string[]): Promise<ApprovalRequest[]>;
  /** Takes away their words. */
  forget(subjectKind: string, subjectIds: readonly string[]): Promise<void>;
  /** All open ones, from memory; every page counts them. */
  open(): Promise<readonly OpenRequest[]>;
  /** Newest first: by when they were decided, or asked while they are open. */
  page(filter: RequestFilter, cursor: string | null, limit: number): Promise<Page<ApprovalRequest>>;
  /** Open ones that nobody was told of, oldest first; held until the transaction ends. */
  untold(): Promise<ApprovalRequest[]>;
  told(ids: readonly string[], at: Date): Promise<void>;
  lastTold(): Promise<Date | null>;
}

export type OpenRequest = Pick<ApprovalRequest, 'id' | 'kind' | 'amountMinor' | 'askedBy' | 'askedAt'>;

export interface Later {
  enqueue(job: string, payload: object, options: { key: string; runAt: Date }): Promise<unknown>;
}

export const REQUEST_STORE: ServiceIdentifier<RequestStore> = Symbol('ApprovalRequestStore');
