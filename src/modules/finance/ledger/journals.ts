import { demand, type Actor } from '../../../kernel/actor.js';
import { Missing } from '../../../kernel/missing.js';
import type { AuditTrail } from '../../../kernel/audit.js';
import { Invalid, RuleBroken } from '../../../kernel/errors.js';
import type { Page } from '../../../kernel/page.js';
import type { Unit } from '../../../kernel/unit-of-work.js';
import { entryFrom, linesOfJournal, type JournalRow, type LineDraft } from './entry.rules.js';
import { KEPT_BY_LISTS } from './voucher.rules.js';
import type { Posted } from '../index.js';
import type { ChartStore, EntryLine, EntryStore, JournalFilter, LedgerLine, PostedEntry } from '../ports.js';
import type { Ledger } from './ledger.js';

export interface Voucher {
  /** Made when the form is drawn, so that a voucher that is sent twice is booked once. */
  key: string;
  valueOn: string;
  memo: string;
  rows: readonly JournalRow[];
}

/** Entries by hand, and reading what is posted. */
export class Journals {
  constructor(
    private readonly unit: Unit,
    private readonly audit: AuditTrail,
    private readonly ledger: Ledger,
    private readonly charts: ChartStore,
    private readonly store: EntryStore,
  ) {}

  /** @throws Invalid with the field of each row that can't be */
  async check(actor: Actor, { rows }: Pick<Voucher, 'rows'>): Promise<LineDraft[]> {
    demand(actor, 'finance.post');
    const { accounts } = await this.charts.chart();
    const lines = linesOfJournal(rows);
    const roleOf = ({ accountId }: JournalRow) => accounts.find((one) => one.id === accountId)?.role ?? 'none';
    const kept = Object.entries(KEPT_BY_LISTS).flatMap(([role, sentence]) =>
      rows.flatMap((row, n) => (roleOf(row) === role ? [[`lines.${n}.accountId`, sentence]] : [])),
    );
    if (kept.length > 0) throw new Invalid(Object.fromEntries(kept) as Record<string, string>);
    // Whoever decides later shall not find that it does not balance.
    entryFrom('', { source: { kind: 'journal', key: '' }, valueOn: '', postedOn: '', memo: '', lines });
    return lines;
  }

  async post(actor: Actor, voucher: Voucher): Promise<Posted> {
    await this.check(actor, voucher);
    return this.book(actor, voucher);
  }

  /** A voucher that was checked. @param askedBy who wrote it, where another has decided */
  book(actor: Actor, { key, valueOn, memo, rows }: Voucher, askedBy: string | null = null): Promise<Posted> {
    return this.unit(async () => {
      const { accounts } = await this.charts.chart();
      const lines = linesOfJournal(rows).map((line) => ({
        ...line,
        fundId: accounts.find((one) => one.id === line.accountId)?.fundId ?? null,
      }));
      const by: Actor = askedBy === null ? actor : { ...actor, name: `${askedBy}, ${actor.name}` };
      const posted = await this.ledger.post(by, { source: { kind: 'journal', key }, valueOn, memo, by: 'person', lines });
      const after = {
        valueOn,
        lines: lines.map(({ accountId, amountMinor }) => ({
          account: accounts.find((one) => one.id === accountId)?.code,
          amountMinor,
        })),
      };
      if (!posted.again)
        await this.audit.record(actor, {
          action: 'finance.journal.post',
          entity: 'entry',
          entityId: posted.entryId,
          label: memo,
          after: { ...after, ...(askedBy && { askedBy }) },
        });
      return posted;
    });
  }

  /** Only what was written by hand: a document is taken back where it was made. @throws RuleBroken */
  reverse(actor: Actor, id: string, reason: string): Promise<Posted> {
    return this.unit(async () => {
      const entry = await this.demandByHand(actor, id);
      const posted = await this.ledger.reverse(actor, id, `Reversal: ${reason}`);
      await this.audit.record(actor, {
        action: 'finance.journal.reverse',
        entity: 'entry',
        entityId: id,
        label: entry.memo,
        after: { reversedBy: posted.entryId },
        reason,
      });
      return posted;
    });
  }

  async demandByHand(actor: Actor, id: string): Promise<PostedEntry> {
    const entry = await this.find(actor, id);
    if (entry.sourceKind !== 'journal')
      throw new RuleBroken(
        'not-by-hand',
        'This entry comes from a document. Reverse the document, and the entry is reversed with it.',
      );
    return entry;
  }

  async find(actor: Actor, id: string): Promise<PostedEntry> {
    demand(actor, 'finance.read');
    const entry = await this.store.find(id);
    if (!entry) throw new Missing('entry');
    return entry;
  }

  journal(actor: Actor, filter: JournalFilter, cursor: string | null, limit: number): Promise<Page<EntryLine>> {
    demand(actor, 'finance.read');
    return this.store.journal(filter, cursor, limit);
  }

  ledgerOf(
    actor: Actor,
    accountId: string,
    span: { from: string; to: string },
    cursor: string | null,
    limit: number,
  ): Promise<Page<LedgerLine>> {
    demand(actor, 'finance.read');
    return this.store.ledger(accountId, span.from, span.to, cursor, limit);
  }

  /** The same, all of it. */
  wholeLedgerOf(actor: Actor, accountId: string, span: { from: string; to: string }): AsyncIterable<readonly LedgerLine[]> {
    demand(actor, 'finance.read');
    return this.store.wholeLedger(accountId, span.from, span.to);
  }
}
