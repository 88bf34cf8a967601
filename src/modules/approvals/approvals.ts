import { demand, type Actor } from '../../kernel/actor.js';
import { Missing } from '../../kernel/missing.js';
import type { AuditTrail } from '../../kernel/audit.js';
import type { Clock } from '../../kernel/clock.js';
import { Forbidden, Invalid } from '../../kernel/errors.js';
import { newId } from '../../kernel/id.js';
import type { Unit } from '../../kernel/unit-of-work.js';
import { demandMayDecide, demandOpen, type ApprovalRequest, type State, type Subject } from './request.rules.js';
import type { ApprovalsApi, NewRequest } from './index.js';
import type { RequestStore, Translate } from './ports.js';
import type { Kinds } from './kinds.js';
import type { Notices } from './notices.js';

export interface Decision {
  approve: boolean;
  /** Needed where it is refused. */
  note: string;
}

const inEnglish: Translate = (text, vars = {}) =>
  text.replace(/\{\{(\w+)\}\}/g, (_all, name: string) => String(vars[name] ?? ''));

/** Asking and deciding: each step is one transaction with its entry in the audit. */
export class Approvals implements ApprovalsApi {
  constructor(
    private readonly unit: Unit,
    private readonly audit: AuditTrail,
    private readonly clock: Clock,
    private readonly store: RequestStore,
    private readonly kinds: Kinds,
    private readonly notices: Pick<Notices, 'soon' | 'decided'>,
  ) {}

  async ask(actor: Actor, given: NewRequest): Promise<{ requestId: string }> {
    demand(actor, this.kinds.of(given.kind).askWith);
    const { kind, subject, reason, summary } = given;
    const request: ApprovalRequest = {
      id: newId(),
      kind,
      subject,
      amountMinor: given.amountMinor ?? null,
      summary,
      reason,
      payload: given.payload ?? {},
      state: 'asked',
      askedBy: { userId: actor.userId, name: actor.name },
      askedAt: this.clock.now(),
      decidedBy: null,
      decidedAt: null,
      note: '',
    };
    return this.unit(async () => {
      await this.store.insert(request);
      await this.record(actor, 'approvals.ask', request, {
        after: { kind, subject, amountMinor: request.amountMinor, summary },
        reason,
      });
      await this.notices.soon();
      return { requestId: request.id };
    });
  }

  /**
   * Approves and carries out, or refuses. Of two who decide at once one wins.
   * @throws Conflict when it is decided already; Forbidden for who asked; RuleBroken when it can't be carried out: then it stays open
   */
  decide(actor: Actor, id: string, { approve, note }: Decision): Promise<void> {
    return this.unit(async () => {
      const request = await this.held(actor, id);
      const kind = this.kinds.of(request.kind);
      demandMayDecide(actor, request, await this.kinds.ruleOf(kind));
      demandOpen(request);
      if (!approve && note === '') throw new Invalid({ note: 'Enter a reason for refusing' });
      if (approve) await kind.approve(actor, request);
      else await kind.refuse?.(actor, request);
      await this.end(actor, request, approve ? 'approved' : 'refused', note);
      await this.notices.decided(request, approve);
    });
  }

  withdraw(actor: Actor, id: string): Promise<void> {
    return this.unit(async () => {
      const request = await this.held(actor, id);
      if (actor.userId !== request.askedBy.userId) throw new Forbidden('Only the person who made the request can withdraw it.');
      demandOpen(request);
      await this.kinds.find(request.kind)?.refuse?.(actor, request);
      await this.end(actor, request, 'withdrawn', '');
    });
  }

  voidFor(actor: Actor, kind: string, subject: Subject, why: string): Promise<void> {
    return this.unit(async () => {
      for (const one of await this.store.openAbout(subject.kind, [subject.id])) {
        const request = one.kind === kind ? await this.store.hold(one.id) : null;
        if (request?.state === 'asked') await this.end(actor, request, 'void', why);
      }
    });
  }

  forget(subjectKind: string, subjectIds: readonly string[]): Promise<void> {
    return this.unit(() => this.store.forget(subjectKind, subjectIds));
  }

  openFor({ kind, id }: Subject): Promise<readonly ApprovalRequest[]> {
    return this.openAmong(kind, [id]);
  }

  async openAmong(subjectKind: string, subjectIds: readonly string[]): Promise<readonly ApprovalRequest[]> {
    return subjectIds.length === 0 ? [] : this.store.openAbout(subjectKind, subjectIds);
  }

  private async held(actor: Actor, id: string): Promise<ApprovalRequest> {
    const request = await this.store.hold(id);
    if (!request || !this.kinds.sees(actor, request)) throw new Missing('request');
    return request;
  }

  private async end(actor: Actor, request: ApprovalRequest, state: State, note: string): Promise<void> {
    await this.store.end(request.id, { state, by: { userId: actor.userId, name: actor.name }, at: this.clock.now(), note });
    const verb = { approved: 'approve', refused: 'refuse', withdrawn: 'withdraw', void: 'void', asked: 'ask' }[state];
    await this.record(actor, `approvals.${verb}`, request, {
      before: { state: request.state },
      after: { state },
      reason: note || null,
    });
  }

  private record(
    actor: Actor,
    action: string,
    request: ApprovalRequest,
    what: { before?: object; after: object; reason: string | null },
  ): Promise<void> {
    const label = this.kinds.find(request.kind)?.describe(request, inEnglish).title ?? request.summary;
    return this.audit.record(actor, {
      action,
      entity: 'approvals_requests',
      entityId: request.id,
      label: label.slice(0, 200),
      ...what,
    });
  }
}
