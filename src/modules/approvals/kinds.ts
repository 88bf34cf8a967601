import { can, type Actor } from '../../kernel/actor.js';
import { NotFound } from '../../kernel/errors.js';
import { mayDecide, type ApprovalRequest, type Rule } from './request.rules.js';
import type { ApprovalKind } from './ports.js';

/** Everybody's requests, for who answers for the school and who checks it. */
export const OVERSEE = 'approvals.oversee';

/** What modules let two people do. Asked when it is needed, since the modules that bind them come after this one. */
export class Kinds {
  constructor(private readonly bound: () => readonly ApprovalKind[]) {}

  all(): readonly ApprovalKind[] {
    return this.bound();
  }

  /** @throws NotFound for one that no module brings any more */
  of(key: string): ApprovalKind {
    const kind = this.find(key);
    if (!kind) throw new NotFound('This version of AIMS doesn’t support this kind of request.');
    return kind;
  }

  find(key: string): ApprovalKind | undefined {
    return this.bound().find((one) => one.key === key);
  }

  async ruleOf(kind: ApprovalKind): Promise<Rule> {
    return { decideWith: kind.decideWith, limitMinor: (await kind.limitMinor?.()) ?? null };
  }

  /** By the key of the kind. */
  async rules(): Promise<ReadonlyMap<string, Rule>> {
    return new Map(await Promise.all(this.bound().map(async (kind) => [kind.key, await this.ruleOf(kind)] as const)));
  }

  /** Keys of the kinds whose requests this person sees, whoever asked; null for all, also those that no module brings any more. */
  seenBy(actor: Actor): string[] | null {
    if (can(actor, OVERSEE) || actor.roles.includes('owner')) return null;
    return this.bound()
      .filter((kind) => can(actor, kind.decideWith))
      .map((kind) => kind.key);
  }

  sees(actor: Actor, request: Pick<ApprovalRequest, 'kind' | 'askedBy'>): boolean {
    if (actor.userId !== null && request.askedBy.userId === actor.userId) return true;
    const kinds = this.seenBy(actor);
    return kinds === null || kinds.includes(request.kind);
  }

  async mayDecide(actor: Actor, request: Pick<ApprovalRequest, 'kind' | 'amountMinor' | 'askedBy'>): Promise<boolean> {
    const kind = this.find(request.kind);
    return kind !== undefined && mayDecide(actor, request, await this.ruleOf(kind));
  }
}
