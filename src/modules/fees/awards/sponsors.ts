import { demand, type Actor } from '../../../kernel/actor.js';
import { Missing } from '../../../kernel/missing.js';
import type { AuditTrail } from '../../../kernel/audit.js';
import { Stale } from '../../../kernel/errors.js';
import { newId } from '../../../kernel/id.js';
import type { Unit } from '../../../kernel/unit-of-work.js';
import type { LedgerApi } from '../../finance/index.js';
import { SEES_ACCOUNTS, WRITES } from '../documents/document.rules.js';
import type { Sponsor, SponsorStore } from '../ports.js';

export type SponsorDetails = Pick<Sponsor, 'name' | 'contact' | 'phone' | 'email'>;

/** Those who pay for some students: trusts, funds, companies. */
export class Sponsors {
  constructor(
    private readonly unit: Unit,
    private readonly audit: AuditTrail,
    private readonly store: SponsorStore,
    private readonly ledger: Pick<LedgerApi, 'balances'>,
  ) {}

  /** With what each owes, in minor units. */
  async list(actor: Actor): Promise<(Sponsor & { balanceMinor: number })[]> {
    demand(actor, SEES_ACCOUNTS);
    const sponsors = await this.store.all();
    const balances = await this.ledger.balances(sponsors.map((one) => one.id));
    return sponsors.map((one) => ({ ...one, balanceMinor: balances.get(one.id) ?? 0 }));
  }

  async find(actor: Actor, id: string): Promise<Sponsor & { balanceMinor: number }> {
    const sponsor = (await this.list(actor)).find((one) => one.id === id);
    if (!sponsor) throw new Missing('sponsor');
    return sponsor;
  }

  add(actor: Actor, details: SponsorDetails): Promise<string> {
    demand(actor, WRITES);
    return this.unit(async () => {
      const sponsor: Sponsor = { id: newId(), ...details, active: true, version: 1 };
      await this.store.insert(sponsor);
      await this.audit.record(actor, {
        action: 'fees.sponsor.add',
        entity: 'sponsor',
        entityId: sponsor.id,
        label: sponsor.name,
        after: details,
      });
      return sponsor.id;
    });
  }

  change(actor: Actor, id: string, details: SponsorDetails & { active: boolean; version: number }): Promise<void> {
    demand(actor, WRITES);
    return this.unit(async () => {
      const { balanceMinor: _, ...before } = await this.find(actor, id);
      if (!(await this.store.update({ ...before, ...details }))) throw new Stale();
      await this.audit.record(actor, {
        action: 'fees.sponsor.change',
        entity: 'sponsor',
        entityId: id,
        label: details.name,
        before,
        after: details,
      });
    });
  }
}
