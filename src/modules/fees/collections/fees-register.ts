import { demand, type Actor } from '../../../kernel/actor.js';
import { grouped } from '../../../kernel/groups.js';
import type { StudentBrief, StudentsApi } from '../../students/index.js';
import { SEES_ACCOUNTS } from '../documents/document.rules.js';
import { registerRows, type RegisterRow } from './register.rules.js';
import type { HeadStore, RegisterSpan, RegisterStore } from '../ports.js';

/** Students of one class, in the order of the register; null are those who are in none. */
export interface RegisterGroup {
  classId: string | null;
  students: StudentBrief[];
}

export interface HeadOfRegister {
  id: string;
  code: string;
  name: string;
}

export type NamedRow = RegisterRow & { student: StudentBrief };

/** Each student's account in a term, by class: what it comes to is what the receivable account holds for these students on that day. */
export class FeesRegister {
  constructor(
    private readonly store: RegisterStore,
    private readonly heads: Pick<HeadStore, 'list'>,
    private readonly students: Pick<StudentsApi, 'payees'>,
  ) {}

  /** By the class that a student was billed in, else the one they are in; who has left counts as long as the books know them. */
  async groups(actor: Actor, { termId, on }: RegisterSpan, classOrder: readonly string[]): Promise<RegisterGroup[]> {
    demand(actor, SEES_ACCOUNTS);
    const placed = await this.store.placed(termId);
    const known = new Set(await this.store.known(on));
    const byClass = grouped(
      (await this.students.payees()).filter((one) => one.classId !== null || known.has(one.id)),
      (one) => placed.get(one.id) ?? one.classId,
    );
    return [...classOrder, null].flatMap((classId) =>
      byClass.has(classId) ? [{ classId, students: byClass.get(classId)! }] : [],
    );
  }

  /** Two statements, however many students there are. */
  async rows(actor: Actor, students: readonly StudentBrief[], span: RegisterSpan): Promise<NamedRow[]> {
    demand(actor, SEES_ACCOUNTS);
    const ids = students.map((one) => one.id);
    const [accounts, bills] = [await this.store.accounts(ids, span), await this.store.bills(ids, span)];
    const byId = new Map(students.map((one) => [one.id, one]));
    return registerRows(ids, accounts, bills).map((row) => ({ ...row, student: byId.get(row.studentId)! }));
  }

  /** Heads that the term was billed for, in the school's order. */
  async headsOfTerm(actor: Actor, termId: string): Promise<HeadOfRegister[]> {
    demand(actor, SEES_ACCOUNTS);
    const used = new Set(await this.store.headsOf(termId));
    return (await this.heads.list()).filter((head) => used.has(head.id));
  }

  /** Heads in the school's order, of those that some of these rows were billed for. */
  async headsOf(rows: readonly Pick<RegisterRow, 'billed'>[]): Promise<HeadOfRegister[]> {
    const used = new Set(rows.flatMap((row) => Object.keys(row.billed)));
    return (await this.heads.list()).filter((head) => used.has(head.id));
  }
}
