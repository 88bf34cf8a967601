import { formatDay, formatMonth } from '../../../kernel/day-words.js';
import { demand, type Actor } from '../../../kernel/actor.js';
import { Missing } from '../../../kernel/missing.js';
import type { AuditTrail } from '../../../kernel/audit.js';
import { Conflict, Invalid, RuleBroken, Stale } from '../../../kernel/errors.js';
import { newId } from '../../../kernel/id.js';
import type { CountryCode } from '../../../kernel/packs/types.js';
import type { Unit } from '../../../kernel/unit-of-work.js';
import type { SchoolApi } from '../../school/index.js';
import {
  demandOpened,
  financialYearOf,
  monthsOf,
  monthToClose,
  USUAL_VOUCHER_LIMIT,
  type Books,
  type Month,
  type Release,
  type Variant,
} from './books.rules.js';
import { NO_BANK } from '../chart/bank.rules.js';
import { chartFor } from '../chart/chart.rules.js';
import type { EntryDraft } from '../ledger/entry.rules.js';
import { yearEndLines } from './year-end.rules.js';
import type { BooksStore, Chart, ChartStore, Closing, Difference, StatementStore } from '../ports.js';
import type { Checker } from './checker.js';
import type { Ledger } from '../ledger/ledger.js';
import type { Reopening } from './reopening.js';

export interface Opening {
  variant: Variant;
  yearStartsMonth: number;
  startsOn: string;
  release: Release;
}

export interface BooksParts {
  unit: Unit;
  audit: AuditTrail;
  books: BooksStore;
  charts: ChartStore;
  statements: StatementStore;
  ledger: Ledger;
  checker: Checker;
  reopening: Pick<Reopening, 'forget'>;
  school: Pick<SchoolApi, 'today' | 'profile' | 'pack'>;
}

/** What stands between a month and its end. */
export interface Checklist {
  month: Month;
  differences: Difference[];
  /** Money whose owner isn't known, at the end of the month; above or equal to zero. */
  suspenseMinor: number;
}

/** Opening the books, settling how they are kept, and closing months and years. */
export class BooksKeeping {
  constructor(private readonly parts: BooksParts) {}

  open(actor: Actor, opening: Opening): Promise<void> {
    demand(actor, 'finance.setup');
    const { unit, audit, books, charts, school } = this.parts;
    return unit(async () => {
      if (await books.find()) throw new Conflict('The books are already open.');
      if (opening.startsOn > (await school.today()))
        throw new Invalid({ startsOn: 'The books can begin today or on an earlier date' });
      const { currency } = await school.profile();
      const { country } = await school.pack();
      await books.insert({ ...opening, currency, closedThrough: null, voucherLimitMinor: USUAL_VOUCHER_LIMIT, version: 1 });
      await charts.insertAll(startingChart(country, opening.variant));
      await audit.record(actor, {
        action: 'finance.books.open',
        entity: 'books',
        entityId: null,
        after: { ...opening, currency },
      });
    });
  }

  settle(
    actor: Actor,
    { release, voucherLimitMinor, version }: Pick<Books, 'release' | 'voucherLimitMinor' | 'version'>,
  ): Promise<void> {
    demand(actor, 'finance.setup');
    const { unit, audit, books } = this.parts;
    return unit(async () => {
      const now = await this.demandBooks();
      if (!(await books.update({ ...now, release, voucherLimitMinor, version }))) throw new Stale();
      await audit.record(actor, {
        action: 'finance.books.settle',
        entity: 'books',
        entityId: null,
        before: { release: now.release, voucherLimitMinor: now.voucherLimitMinor },
        after: { release, voucherLimitMinor },
      });
    });
  }

  async months(actor: Actor): Promise<{ books: Books; months: Month[]; closings: Closing[] }> {
    demand(actor, 'finance.read');
    const books = await this.demandBooks();
    return { books, months: monthsOf(books, await this.parts.school.today()), closings: await this.parts.books.closings() };
  }

  async checklist(actor: Actor, id: string): Promise<Checklist> {
    demand(actor, 'finance.close');
    const month = monthsOf(await this.demandBooks(), await this.parts.school.today()).find((one) => one.id === id);
    if (!month) throw new Missing('month');
    const suspense = await this.parts.ledger.account('suspense');
    const balances = await this.parts.statements.balances(month.endsOn);
    const held = balances.find((one) => one.accountId === suspense.id)?.balanceMinor ?? 0;
    return { month, differences: await this.parts.checker.differences(), suspenseMinor: Math.max(-held, 0) };
  }

  /** Waits for postings under way; from then on nothing counts in this month. At the end of a year its result goes to the accumulated fund. */
  close(actor: Actor, id: string, reason: string): Promise<void> {
    demand(actor, 'finance.close');
    const { unit, audit, books, checker, reopening } = this.parts;
    return unit(async () => {
      // Before the books are held, as in a decision: two who wait for each other would both fail.
      const { closedThrough } = await this.demandBooks();
      if (closedThrough) await reopening.forget(actor, closedThrough.slice(0, 7));
      // It reads everything, so it comes before the lock: payments don't wait for it.
      if ((await checker.differences()).length > 0)
        throw new RuleBroken('differences', 'The ledger check found differences. They must be cleared before a month is closed.');
      const now = demandOpened(await books.holdAll());
      const month = monthToClose(now, id, await this.parts.school.today());
      if (month.endsYear) await this.endYear(actor, now, month);
      if (!(await books.update({ ...now, closedThrough: month.endsOn })))
        throw new Conflict('Someone else has closed a month since you opened this page. Open it again.');
      await books.addClosing({
        id: newId(),
        kind: month.endsYear ? 'year-end' : 'close',
        throughOn: month.endsOn,
        reason,
        byUserId: actor.userId,
        byName: actor.name,
      });
      await audit.record(actor, {
        action: 'finance.month.close',
        entity: 'books',
        entityId: null,
        label: formatMonth(id),
        before: { closedThrough: now.closedThrough },
        after: { closedThrough: month.endsOn },
        reason: reason || null,
      });
    });
  }

  private async endYear(actor: Actor, books: Books, month: Month): Promise<void> {
    const { charts, ledger, statements } = this.parts;
    const year = financialYearOf(books, month.endsOn);
    const from = year.startsOn < books.startsOn ? books.startsOn : year.startsOn;
    const { accounts } = await charts.chart();
    const lines = yearEndLines(accounts, await statements.results(from, year.endsOn));
    if (lines.length === 0) return;
    // A year that was opened again and closed once more carries what changed meanwhile, in an entry of its own.
    const ended = (await this.parts.books.closings()).filter(
      (one) => one.kind === 'year-end' && one.throughOn === year.endsOn,
    ).length;
    const key = ended === 0 ? year.endsOn : `${year.endsOn}.${ended + 1}`;
    const draft: EntryDraft = {
      source: { kind: 'year-end', key },
      valueOn: year.endsOn,
      postedOn: year.endsOn,
      memo: `Result of the year that ended on ${formatDay(year.endsOn)}`,
      lines,
    };
    await ledger.write(actor, [draft]);
  }

  private async demandBooks(): Promise<Books> {
    return demandOpened(await this.parts.books.find());
  }
}

function startingChart(country: CountryCode, variant: Variant): Chart {
  const chart = chartFor(country, variant);
  const funds = chart.funds.map((fund) => ({ id: newId(), ...fund, active: true }));
  const fundId = (code: string | null): string | null => funds.find((fund) => fund.code === code)?.id ?? null;
  const accounts = chart.accounts.map(({ fund, ...account }) => ({
    id: newId(),
    ...account,
    ...NO_BANK,
    fundId: fundId(fund),
    active: true,
    version: 1,
  }));
  return { funds, accounts, costCentres: [] };
}
