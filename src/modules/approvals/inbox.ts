import type { Actor } from '../../kernel/actor.js';
import { Missing } from '../../kernel/missing.js';
import { demand } from '../../kernel/actor.js';
import type { Page } from '../../kernel/page.js';
import type { IdentityApi } from '../identity/index.js';
import { mayDecide, type ApprovalRequest } from './request.rules.js';
import type { OpenRequest, RequestFilter, RequestStore } from './ports.js';
import type { Kinds } from './kinds.js';
import { decidersOf } from './notices.js';

/** Open ones of others, one's own, and what is decided. */
export const TABS = ['open', 'mine', 'decided'] as const;
export type Tab = (typeof TABS)[number];

export interface Shown {
  request: ApprovalRequest;
  mayDecide: boolean;
  own: boolean;
  /** Names of those who may; only looked up while it is open. */
  deciders: string[];
}

/** What a person finds in the inbox. Who asked sees their own; who may decide a kind sees all of it. */
export class Inbox {
  constructor(
    private readonly store: RequestStore,
    private readonly kinds: Kinds,
    private readonly identity: Pick<IdentityApi, 'holdersOf'>,
  ) {}

  page(actor: Actor, tab: Tab, kind: string | null, cursor: string | null, limit: number): Promise<Page<ApprovalRequest>> {
    demand(actor, 'approvals.read');
    return this.store.page(this.filterOf(actor, tab, kind), cursor, limit);
  }

  async find(actor: Actor, id: string): Promise<Shown> {
    demand(actor, 'approvals.read');
    const request = await this.store.find(id);
    if (!request || !this.kinds.sees(actor, request)) throw new Missing('request');
    const open = request.state === 'asked';
    return {
      request,
      own: actor.userId !== null && request.askedBy.userId === actor.userId,
      mayDecide: open && (await this.kinds.mayDecide(actor, request)),
      deciders: open ? await this.namesOfDeciders(request) : [],
    };
  }

  /** Open requests that wait for this very person, oldest first. No statement while nothing has changed. */
  async waitingFor(actor: Actor): Promise<OpenRequest[]> {
    const open = await this.store.open();
    if (open.length === 0) return [];
    const rules = await this.kinds.rules();
    return open.filter((request) => {
      const rule = rules.get(request.kind);
      return rule !== undefined && mayDecide(actor, request, rule);
    });
  }

  private filterOf(actor: Actor, tab: Tab, kind: string | null): RequestFilter {
    if (tab === 'mine')
      return {
        states: ['asked', 'approved', 'refused', 'withdrawn', 'void'],
        kinds: kind === null ? null : [kind],
        askedBy: actor.userId,
        notAskedBy: null,
      };
    const seen = this.kinds.seenBy(actor);
    const kinds = kind === null ? seen : seen === null || seen.includes(kind) ? [kind] : [];
    if (tab === 'open') return { states: ['asked'], kinds, askedBy: null, notAskedBy: actor.userId };
    return { states: ['approved', 'refused', 'withdrawn', 'void'], kinds, askedBy: null, notAskedBy: null };
  }

  private async namesOfDeciders(request: ApprovalRequest): Promise<string[]> {
    const kind = this.kinds.find(request.kind);
    if (!kind) return [];
    return decidersOf(request, await this.kinds.ruleOf(kind), await this.identity.holdersOf(kind.decideWith)).map(
      (one) => one.name,
    );
  }
}
