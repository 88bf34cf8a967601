import { formatDay } from '../../../kernel/day-words.js';
import { demand, type Actor } from '../../../kernel/actor.js';
import { Missing } from '../../../kernel/missing.js';
import type { AuditTrail } from '../../../kernel/audit.js';
import { Stale } from '../../../kernel/errors.js';
import type { Page } from '../../../kernel/page.js';
import type { Unit } from '../../../kernel/unit-of-work.js';
import { monthsOfYear, voteBook, type VoteAccount } from './vote-book.rules.js';
import type { Allocation, HeadName, HeadNames, VoteBookStore, VoteLine, VoteSpan } from '../ports.js';

export interface FinancialYear {
  startsOn: string;
  endsOn: string;
}

/** What each vote head got and spent in a financial year, and what it may spend. */
export class VoteBooks {
  constructor(
    private readonly unit: Unit,
    private readonly audit: AuditTrail,
    private readonly store: VoteBookStore,
    private readonly names: HeadNames,
  ) {}

  /** Heads in use and those that hold something. */
  async book(
    actor: Actor,
    year: FinancialYear,
    fundId: string | null,
  ): Promise<{ accounts: VoteAccount[]; heads: readonly HeadName[] }> {
    demand(actor, 'finance.read');
    const heads = await this.names.all();
    const facts = await this.store.facts({ from: year.startsOn, to: year.endsOn, fundId });
    const allocations = new Map((await this.store.allocations(year.startsOn)).map((one) => [one.headId, one.amountMinor]));
    const shown = heads.filter((head) => head.active || allocations.has(head.id) || facts.some((one) => one.headId === head.id));
    return {
      accounts: voteBook(
        shown.map((head) => head.id),
        monthsOfYear(year),
        facts,
        allocations,
      ),
      heads,
    };
  }

  lines(actor: Actor, headId: string | null, span: VoteSpan, cursor: string | null, limit: number): Promise<Page<VoteLine>> {
    demand(actor, 'finance.read');
    return this.store.lines(headId, span, cursor, limit);
  }

  heads(): Promise<readonly HeadName[]> {
    return this.names.all();
  }

  async head(headId: string): Promise<HeadName> {
    const found = (await this.names.all()).find((one) => one.id === headId);
    if (!found) throw new Missing('vote-head');
    return found;
  }

  /** With version 0 and nothing where none is written. */
  async allocation(actor: Actor, headId: string, yearStartsOn: string): Promise<Allocation> {
    demand(actor, 'finance.read');
    return (
      (await this.store.allocations(yearStartsOn)).find((one) => one.headId === headId) ?? {
        headId,
        yearStartsOn,
        amountMinor: 0,
        version: 0,
      }
    );
  }

  /** @throws Conflict when somebody else wrote it meanwhile */
  allocate(actor: Actor, allocation: Allocation): Promise<void> {
    demand(actor, 'finance.setup');
    return this.unit(async () => {
      const head = await this.head(allocation.headId);
      const before = await this.allocation(actor, allocation.headId, allocation.yearStartsOn);
      if (!(await this.store.allocate(allocation))) throw new Stale();
      await this.audit.record(actor, {
        action: 'finance.allocation.set',
        entity: 'vote-head',
        entityId: head.id,
        label: `${head.code} ${head.name}, year from ${formatDay(allocation.yearStartsOn)}`,
        before: before.version === 0 ? null : { amountMinor: before.amountMinor },
        after: { amountMinor: allocation.amountMinor },
      });
    });
  }
}
