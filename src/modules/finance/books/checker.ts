import { formatDay } from '../../../kernel/day-words.js';
import type { Clock } from '../../../kernel/clock.js';
import { systemActor } from '../../../kernel/actor.js';
import type { AuditTrail } from '../../../kernel/audit.js';
import { newId } from '../../../kernel/id.js';
import type { Unit } from '../../../kernel/unit-of-work.js';
import type { BooksStore, CheckStore, Difference, LedgerCheck } from '../ports.js';
import { grantNumber } from '../grants/grants.js';
import type { Ledger } from '../ledger/ledger.js';

export interface CheckResult {
  ranAt: Date;
  differences: Difference[];
}

/** Derives from the lines again what is kept beside them, and says what doesn't agree. */
export class Checker {
  constructor(
    private readonly store: CheckStore,
    private readonly books: BooksStore,
    private readonly ledger: Pick<Ledger, 'account'>,
    private readonly others: readonly LedgerCheck[],
    private readonly clock: Clock,
    private readonly unit: Unit,
    private readonly audit: AuditTrail,
  ) {}

  async differences(): Promise<Difference[]> {
    if (!(await this.books.find())) return [];
    const own = [...(await this.entries()), ...(await this.closed()), ...(await this.subLedger()), ...(await this.numbers())];
    const theirs: Difference[] = [];
    for (const check of this.others) theirs.push(...(await check.run()));
    return [...own, ...theirs];
  }

  /** Differences that the check before did not know are written into the audit, which warns the owners. */
  run(): Promise<CheckResult> {
    return this.unit(async () => {
      const result = { ranAt: this.clock.now(), differences: await this.differences() };
      const known = new Set((await this.store.last())?.differences.map(nameOf));
      await this.store.save({ id: newId(), ...result });
      const fresh = result.differences.filter((one) => !known.has(nameOf(one)));
      if (fresh.length > 0) {
        const after = { differences: result.differences.length, first: fresh[0]!.sentence };
        await this.audit.record(systemActor('Ledger check'), {
          action: 'finance.check.differ',
          entity: 'books',
          entityId: null,
          after,
        });
      }
      return result;
    });
  }

  last(): Promise<CheckResult | null> {
    return this.store.last();
  }

  private async entries(): Promise<Difference[]> {
    const unbalanced = (await this.store.unbalanced()).map(({ entryId, sumMinor, lines }) => ({
      check: 'entries',
      subject: entryId,
      sentence:
        lines < 2
          ? 'An entry has fewer than two lines.'
          : `The debits and credits of an entry differ by ${sumMinor} minor units.`,
    }));
    const misdated = (await this.store.misdated()).map(({ entryId }) => ({
      check: 'entries',
      subject: entryId,
      sentence: 'A line has a different date from its entry.',
    }));
    return [...unbalanced, ...misdated];
  }

  private async closed(): Promise<Difference[]> {
    const late = (await this.store.inClosed()).map(({ entryId, postedOn }) => ({
      check: 'closed-months',
      subject: entryId,
      sentence: `An entry dated ${formatDay(postedOn)}, in a closed month, was made after the month was closed.`,
    }));
    const since = await this.store.sinceClosing();
    if (!since || (since.then.entries === since.now.entries && since.then.digest === since.now.digest)) return late;
    const { throughOn, then, now } = since;
    const sentence =
      then.entries === now.entries
        ? `Entries up to ${formatDay(throughOn)} have changed since these months were closed.`
        : `Up to ${formatDay(throughOn)} there were ${then.entries} entries when these months were closed; now there are ${now.entries}.`;
    return [...late, { check: 'closed-months', subject: throughOn, sentence }];
  }

  private async numbers(): Promise<Difference[]> {
    return (await this.store.renumbered()).map((one) => ({ check: 'numbers', subject: one.id, sentence: renumbered(one) }));
  }

  private async subLedger(): Promise<Difference[]> {
    const control = await this.ledger.account('receivable');
    const homeless = (await this.store.homeless(control.id)).map(({ entryId }) => ({
      check: 'sub-ledger',
      subject: entryId,
      sentence: 'A line on the receivables account belongs to no student.',
    }));
    const wrong = (await this.store.wrongSums(control.id)).map(({ partyId, keptMinor, derivedMinor }) => ({
      check: 'sub-ledger',
      subject: partyId,
      sentence: `A balance is stored as ${keptMinor}, but its lines add up to ${derivedMinor} minor units.`,
    }));
    return [...homeless, ...wrong];
  }
}

/** `Entry 12 was given the number 11, which has since been changed.` */
function renumbered({ kind, number, given }: Awaited<ReturnType<CheckStore['renumbered']>>[number]): string {
  const [what, written] = kind === 'grant' ? ['Grant', grantNumber] : ['Entry', String];
  if (number === null) return `${what} ${written(given!)} was given its number and no longer has it.`;
  return given === null
    ? `${what} ${written(number)} was never given this number.`
    : `${what} ${written(number)} was given the number ${written(given)}, which has since been changed.`;
}

function nameOf({ check, subject }: Difference): string {
  return `${check} ${subject}`;
}
