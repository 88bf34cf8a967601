import { demand, type Actor } from '../../../kernel/actor.js';
import type { AuditTrail } from '../../../kernel/audit.js';
import { Invalid, NotFound, RuleBroken } from '../../../kernel/errors.js';
import type { Page } from '../../../kernel/page.js';
import type { Unit } from '../../../kernel/unit-of-work.js';
import { linesOfJournal, type JournalRow } from '../domain/entry.js';
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

/** Accounts whose entries come from documents alone: a hand on them would make the sub-ledger wrong. */
const NOT_BY_HAND = new Set(['receivable']);

/** Entries by hand, and reading what is posted. */
export class Journals {
  constructor(
    private readonly unit: Unit,
    private readonly audit: AuditTrail,
    private readonly ledger: Ledger,
    private readonly charts: ChartStore,
    private readonly store: EntryStore,
  ) {}

  post(actor: Actor, { key, valueOn, memo, rows }: Voucher): Promise<Posted> {
    demand(actor, 'finance.post');
    return this.unit(async () => {
      const { accounts } = await this.charts.chart();
      const lines = linesOfJournal(rows);
      const kept = rows.findIndex((row) => NOT_BY_HAND.has(accounts.find((one) => one.id === row.accountId)?.role ?? ''));
      if (kept >= 0) throw new Invalid({ [`lines.${kept}.accountId`]: 'What students owe is changed by invoices, notes and receipts only' });
      const posted = await this.ledger.post(actor, { source: { kind: 'journal', key }, valueOn, memo, by: 'person', lines: lines.map((line) => ({ ...line, fundId: accounts.find((one) => one.id === line.accountId)?.fundId ?? null })) });
      const after = { valueOn, lines: lines.map(({ accountId, amountMinor }) => ({ account: accounts.find((one) => one.id === accountId)?.code, amountMinor })) };
      if (!posted.again) await this.audit.record(actor, { action: 'finance.journal.post', entity: 'entry', entityId: posted.entryId, label: memo, after });
      return posted;
    });
  }

  /** Only what was written by hand: a document is taken back where it was made. @throws RuleBroken */
  reverse(actor: Actor, id: string, reason: string): Promise<Posted> {
    demand(actor, 'finance.post');
    return this.unit(async () => {
      const entry = await this.find(actor, id);
      if (entry.sourceKind !== 'journal') throw new RuleBroken('not-by-hand', 'This entry comes from a document. Take the document back, and its entry goes with it.');
      const posted = await this.ledger.reverse(actor, id, `Reversal: ${reason}`);
      await this.audit.record(actor, { action: 'finance.journal.reverse', entity: 'entry', entityId: id, label: entry.memo, after: { reversedBy: posted.entryId }, reason });
      return posted;
    });
  }

  async find(actor: Actor, id: string): Promise<PostedEntry> {
    demand(actor, 'finance.read');
    const entry = await this.store.find(id);
    if (!entry) throw new NotFound('There is no such entry.');
    return entry;
  }

  journal(actor: Actor, filter: JournalFilter, cursor: string | null, limit: number): Promise<Page<EntryLine>> {
    demand(actor, 'finance.read');
    return this.store.journal(filter, cursor, limit);
  }

  ledgerOf(actor: Actor, accountId: string, span: { from: string; to: string }, cursor: string | null, limit: number): Promise<Page<LedgerLine>> {
    demand(actor, 'finance.read');
    return this.store.ledger(accountId, span.from, span.to, cursor, limit);
  }
}
