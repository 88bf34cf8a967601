import { demand, type Actor } from '../../../kernel/actor.js';
import { Missing } from '../../../kernel/missing.js';
import type { AuditTrail } from '../../../kernel/audit.js';
import { Conflict, Invalid } from '../../../kernel/errors.js';
import { newId } from '../../../kernel/id.js';
import type { Page } from '../../../kernel/page.js';
import type { Unit } from '../../../kernel/unit-of-work.js';
import type { Account, Fund } from '../chart/account.rules.js';
import { banksOf } from '../chart/bank.rules.js';
import { paperKey } from '../cash-book/cash-book.rules.js';
import { grantLines, grantParts, type GrantPart, type GrantRow } from './grant.rules.js';
import type { ChartStore, EntryPapers, Grant, GrantFilter, GrantStore, HeadName, HeadNames, LedgerCheck } from '../ports.js';
import type { Ledger } from '../ledger/ledger.js';

const SOURCE = 'finance.grant';

export interface NewGrant {
  /** Made when the form is drawn. */
  key: string;
  fundId: string;
  accountId: string;
  receivedOn: string;
  giver: string;
  reference: string;
  learners: number | null;
  /** What came into the bank: the heads must come to it. */
  totalMinor: number;
  note: string;
  rows: readonly GrantRow[];
}

/** What a grant may be made of. */
export interface GrantChoices {
  funds: readonly Fund[];
  banks: readonly Account[];
  heads: readonly HeadName[];
}

/** Money of the state: income by fund and head, never on a student's account. */
export class Grants {
  constructor(
    private readonly unit: Unit,
    private readonly audit: AuditTrail,
    private readonly store: GrantStore,
    private readonly charts: ChartStore,
    private readonly ledger: Pick<Ledger, 'openBooks' | 'post' | 'reverse'>,
    private readonly heads: HeadNames,
  ) {}

  async choices(): Promise<GrantChoices> {
    const { accounts, funds } = await this.charts.chart();
    return {
      funds: funds.filter((one) => one.active),
      banks: banksOf(accounts),
      heads: (await this.heads.all()).filter((one) => one.kind === 'grant' && one.active),
    };
  }

  allHeads(): Promise<readonly HeadName[]> {
    return this.heads.all();
  }

  list(actor: Actor, filter: GrantFilter, cursor: string | null, limit: number): Promise<Page<Grant>> {
    demand(actor, 'finance.read');
    return this.store.list(filter, cursor, limit);
  }

  async find(actor: Actor, id: string): Promise<Grant & { parts: GrantPart[] }> {
    demand(actor, 'finance.read');
    const grant = await this.store.find(id);
    if (!grant) throw new Missing('grant');
    return grant;
  }

  /** Once, however often the same form is sent. @throws Invalid for what can't be */
  receive(actor: Actor, given: NewGrant): Promise<string> {
    demand(actor, 'finance.post');
    return this.unit(async () => {
      const known = await this.store.ofKey(given.key);
      if (known) return known;
      const { key, fundId, accountId, receivedOn, giver, reference, learners, note, totalMinor, rows } = given;
      const fund = await this.demandPlace(given);
      const { currency } = (await this.ledger.openBooks())!;
      const parts = grantParts(rows, learners, totalMinor, currency);
      const incomes = await this.incomes(fundId, parts);
      const id = newId();
      const memo = [`${giver} ${reference}`, fund.name].join(' · ').slice(0, 200);
      const { entryId } = await this.ledger.post(actor, {
        source: { kind: SOURCE, key: id },
        valueOn: receivedOn,
        dayField: 'receivedOn',
        memo,
        by: 'person',
        lines: grantLines(parts, { accountId, fundId, incomeOf: (headId) => incomes.get(headId)! }),
      });
      const number = await this.store.insert(
        {
          id,
          key,
          fundId,
          accountId,
          receivedOn,
          giver,
          reference,
          learners,
          amountMinor: totalMinor,
          note,
          entryId,
          byName: actor.name,
        },
        parts,
      );
      await this.audit.record(actor, {
        action: 'finance.grant.receive',
        entity: 'grant',
        entityId: id,
        label: `${number} ${memo}`,
        after: { receivedOn, reference, learners, amountMinor: totalMinor, parts },
      });
      return id;
    });
  }

  /** Its entry is mirrored today; both stay. @throws Conflict when it was taken back already */
  takeBack(actor: Actor, id: string, reason: string): Promise<void> {
    demand(actor, 'finance.post');
    return this.unit(async () => {
      const grant = await this.find(actor, id);
      if (!(await this.store.takeBack(id, reason))) throw new Conflict('This grant has already been reversed.');
      await this.ledger.reverse(actor, grant.entryId, `Grant ${grant.number} reversed: ${reason}`.slice(0, 200));
      await this.audit.record(actor, {
        action: 'finance.grant.take-back',
        entity: 'grant',
        entityId: id,
        label: String(grant.number),
        before: { state: 'received' },
        after: { state: 'reversed' },
        reason,
      });
    });
  }

  /** For books that name the paper behind an entry. */
  readonly papers: EntryPapers = {
    of: async (sources) => {
      const ids = sources.filter((one) => one.kind === SOURCE).map((one) => one.key);
      const numbers = ids.length > 0 ? await this.store.numbers(ids) : new Map<string, number>();
      return new Map(
        [...numbers].map(([id, number]) => [
          paperKey({ kind: SOURCE, key: id }),
          { number: grantNumber(number), href: `/finance/grants/${id}` },
        ]),
      );
    },
  };

  readonly check: LedgerCheck = {
    name: 'grants',
    run: async () =>
      (await this.store.differing()).map(({ id, number }) => ({
        check: 'grants',
        subject: id,
        sentence: `Grant ${grantNumber(number)} doesn’t agree with its vote heads or its journal entry.`,
      })),
  };

  private async demandPlace({ fundId, accountId }: Pick<NewGrant, 'fundId' | 'accountId'>): Promise<Fund> {
    const { funds, banks } = await this.choices();
    const fund = funds.find((one) => one.id === fundId);
    if (!fund) throw new Invalid({ fundId: 'Choose a fund' });
    const bank = banks.find((one) => one.id === accountId);
    if (!bank) throw new Invalid({ accountId: 'Choose a bank account' });
    if (bank.fundId !== null && bank.fundId !== fundId) throw new Invalid({ accountId: 'This account belongs to another fund' });
    return fund;
  }

  /** The grants account of the fund, else the one that the head names. */
  private async incomes(fundId: string, parts: readonly GrantPart[]): Promise<Map<string, string>> {
    const { accounts } = await this.charts.chart();
    const ofFund = accounts.find((one) => one.role === 'grants' && one.fundId === fundId)?.id;
    const heads = new Map((await this.choices()).heads.map((one) => [one.id, one]));
    return new Map(
      parts.map(({ headId }) => {
        const head = heads.get(headId);
        if (!head) throw new Invalid({ [`heads.${headId}.amount`]: 'This is not a grant vote head' });
        return [headId, ofFund ?? head.accountId];
      }),
    );
  }
}

/** `G-0012`. */
export function grantNumber(number: number): string {
  return `G-${String(number).padStart(4, '0')}`;
}
