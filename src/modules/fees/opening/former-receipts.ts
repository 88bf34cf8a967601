import { demand, type Actor } from '../../../kernel/actor.js';
import { Missing } from '../../../kernel/missing.js';
import { newId } from '../../../kernel/id.js';
import type { Page } from '../../../kernel/page.js';
import type { LedgerApi } from '../../finance/index.js';
import type { AccountHolder, StudentBrief, StudentsApi } from '../../students/index.js';
import { SEES_ACCOUNTS } from '../documents/document.rules.js';
import type { FormerReceipt, FormerReceiptStore } from '../ports.js';

export interface FormerRow extends Omit<FormerReceipt, 'id'> {
  n: number;
}

/** With the child whose it is. */
export interface FormerShown extends FormerReceipt {
  student: AccountHolder;
}

/** So many children are looked through for words of a name. */
const MOST_FOUND = 50;

/** Receipts of an earlier system: kept and shown beside the account, and never part of it. */
export class FormerReceipts {
  constructor(
    private readonly store: FormerReceiptStore,
    private readonly students: Pick<StudentsApi, 'payees' | 'holders' | 'search'>,
    private readonly ledger: Pick<LedgerApi, 'openBooks'>,
  ) {}

  /** `text` is the beginning of an old number, or words of a child's name or number. */
  async list(
    actor: Actor,
    { text, studentId }: { text: string | null; studentId: string | null },
    cursor: string | null,
    limit: number,
  ): Promise<Page<FormerShown>> {
    demand(actor, SEES_ACCOUNTS);
    const byNumber = text !== null && (await this.store.beginningWith(text, 1)).length > 0;
    const named = text !== null && !byNumber ? (await this.students.search(actor, text, MOST_FOUND)).map((one) => one.id) : null;
    const page = await this.store.list(
      { number: byNumber ? text : null, studentIds: studentId ? [studentId] : named },
      cursor,
      limit,
    );
    return { ...page, rows: await this.named(page.rows) };
  }

  async find(actor: Actor, id: string): Promise<FormerShown> {
    demand(actor, SEES_ACCOUNTS);
    const found = await this.store.find(id);
    const [shown] = found ? await this.named([found]) : [];
    if (!shown) throw new Missing('receipt');
    return shown;
  }

  /** The caller has asked for the permission. */
  async choices(): Promise<{ students: StudentBrief[]; booksFrom: string | null }> {
    return { students: await this.students.payees(), booksFrom: (await this.ledger.openBooks())?.startsOn ?? null };
  }

  known(rows: readonly Pick<FormerReceipt, 'studentId' | 'number'>[]): Promise<FormerReceipt[]> {
    return this.store.known(rows);
  }

  /** Joins the caller's transaction. @returns row → id */
  async keep(actor: Actor, listId: string, rows: readonly FormerRow[]): Promise<{ n: number; id: string }[]> {
    const kept = rows.map(({ n, ...receipt }) => ({ n, receipt: { ...receipt, id: newId() } }));
    await this.store.insert(
      kept.map((one) => one.receipt),
      listId,
      actor.name,
    );
    return kept.map(({ n, receipt }) => ({ n, id: receipt.id }));
  }

  takeBack(ids: readonly string[]): Promise<void> {
    return this.store.remove(ids);
  }

  private async named(rows: readonly FormerReceipt[]): Promise<FormerShown[]> {
    const holders = new Map(
      (await this.students.holders([...new Set(rows.map((row) => row.studentId))])).map((one) => [one.id, one]),
    );
    return rows.flatMap((row) => {
      const student = holders.get(row.studentId);
      return student ? [{ ...row, student }] : [];
    });
  }
}
