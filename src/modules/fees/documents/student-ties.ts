import { systemActor } from '../../../kernel/actor.js';
import type { LedgerApi } from '../../finance/index.js';
import type { SchoolApi } from '../../school/index.js';
import type { StudentTies } from '../../students/index.js';
import type { DocumentStore, FormerReceiptStore, HoldStore } from '../ports.js';

/** What of fees hangs on a child: its bills, what it owes, and its receipts of an earlier system. */
export class StudentAccountTies implements StudentTies {
  constructor(
    private readonly store: Pick<DocumentStore, 'countOf' | 'holders' | 'moveStudent'>,
    private readonly former: Pick<FormerReceiptStore, 'countOf' | 'holders' | 'moveStudent'>,
    private readonly hold: HoldStore,
    private readonly ledger: Pick<LedgerApi, 'openBooks' | 'account' | 'balance' | 'post'>,
    private readonly school: Pick<SchoolApi, 'today'>,
  ) {}

  async obstaclesToRemoval(studentId: string): Promise<string[]> {
    const [count, former] = [await this.store.countOf(studentId), await this.former.countOf(studentId)];
    return [
      ...(count === 0 ? [] : [count === 1 ? 'an invoice or note' : `${count} invoices and notes`]),
      ...(former === 0 ? [] : [former === 1 ? 'a receipt from before AIMS' : `${former} receipts from before AIMS`]),
    ];
  }

  async withRecords(studentIds: readonly string[]): Promise<string[]> {
    return [...new Set([...(await this.store.holders(studentIds)), ...(await this.former.holders(studentIds))])];
  }

  /** The documents go to the kept child, and one entry moves what is owed; both stay as they were written. */
  async moveTo(fromStudentId: string, toStudentId: string): Promise<void> {
    await this.hold.students([fromStudentId, toStudentId]);
    await this.store.moveStudent(fromStudentId, toStudentId, await this.school.today());
    await this.former.moveStudent(fromStudentId, toStudentId);
    if (!(await this.ledger.openBooks())) return;
    const amountMinor = await this.ledger.balance({ kind: 'student', id: fromStudentId });
    if (amountMinor === 0) return;
    const receivable = (await this.ledger.account('receivable')).id;
    const line = (studentId: string, amount: number) => ({
      accountId: receivable,
      amountMinor: amount,
      studentId,
      party: { kind: 'student' as const, id: studentId },
    });
    await this.ledger.post(systemActor('Merge of two records'), {
      source: { kind: 'fees.merge', key: fromStudentId },
      valueOn: await this.school.today(),
      memo: 'Two records of one student became one',
      by: 'rail',
      lines: [line(toStudentId, amountMinor), line(fromStudentId, -amountMinor)],
    });
  }

  yearResults = async (): Promise<Map<string, number>> => new Map();

  yearHasMarks = async (): Promise<boolean> => false;
}
