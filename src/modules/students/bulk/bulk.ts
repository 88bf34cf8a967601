import { demand, type Actor } from '../../../kernel/actor.js';
import { Missing } from '../../../kernel/missing.js';
import { Invalid, NotFound, RuleBroken } from '../../../kernel/errors.js';
import { newId } from '../../../kernel/id.js';
import type { Unit } from '../../../kernel/unit-of-work.js';
import type { Boarding, Student } from '../register/student.rules.js';
import { PRESENT_STATUSES, STATUS_WORDS } from '../enrolments/life-cycle.rules.js';
import type { AssignmentKind, BulkChange, BulkStore, StudentStore } from '../ports.js';
import type { Assignments } from './assignments.js';
import type { Enrolments } from '../enrolments/enrolments.js';
import { labelOf, type Register } from '../register/register.js';

export const MOST_AT_ONCE = 500;

export interface BulkMove {
  streamId: string;
  on: string;
  note: string | null;
  sure?: boolean;
}

/** What is left out stays as it is; an empty place (`itemId` null) ends what is there. */
export interface BulkEdit {
  details: { boarding?: Boarding; nationality?: string; homeArea?: string; religion?: string; firstLanguage?: string };
  places: { kind: AssignmentKind; itemId: string | null }[];
  on: string;
}

/** One change for many ticked children: all of them or none, each with its own rules, audit entry and events. */
export class BulkChanges {
  constructor(
    private readonly unit: Unit,
    private readonly store: BulkStore,
    private readonly students: StudentStore,
    private readonly register: Pick<Register, 'change'>,
    private readonly enrolments: Pick<Enrolments, 'move'>,
    private readonly assignments: Pick<Assignments, 'assign'>,
  ) {}

  /** Those who sit in the class already are left alone. */
  move(actor: Actor, studentIds: readonly string[], to: BulkMove): Promise<BulkChange['id']> {
    demand(actor, 'students.move');
    return this.unit(async () => {
      const moved: string[] = [];
      for (const student of await this.all(studentIds)) {
        if (student.streamId === to.streamId) continue;
        if (![...PRESENT_STATUSES, 'expected'].includes(student.status))
          throw new RuleBroken(
            'not-here',
            `${labelOf(student)} can’t be moved, because the student’s status is “${STATUS_WORDS[student.status]}”. Untick the student.`,
          );
        await this.named(student, () => this.enrolments.move(actor, student.id, to));
        moved.push(student.id);
      }
      if (moved.length === 0) throw new RuleBroken('nothing-to-do', 'Everyone is already in this class.', 'streamId');
      return this.note(actor, 'move', moved, { streamId: to.streamId, on: to.on, note: to.note });
    });
  }

  edit(actor: Actor, studentIds: readonly string[], edit: BulkEdit): Promise<BulkChange['id']> {
    demand(actor, 'students.change');
    return this.unit(async () => {
      if (Object.keys(edit.details).length === 0 && edit.places.length === 0)
        throw new Invalid({ boarding: 'Choose at least one thing to change' });
      const students = await this.all(studentIds);
      const { boarding, ...others } = edit.details;
      for (const student of students) {
        await this.named(student, async () => {
          await this.register.change(
            actor,
            student.id,
            student.version,
            boarding && boarding !== student.boarding ? { ...others, boarding, boardingSince: edit.on } : others,
          );
          for (const place of edit.places)
            await this.assignments.assign(actor, student.id, { ...place, detail: null, on: edit.on });
        });
      }
      const places = Object.fromEntries(edit.places.map((place) => [place.kind, place.itemId]));
      return this.note(
        actor,
        'edit',
        students.map((one) => one.id),
        { ...edit.details, ...places, on: edit.on },
      );
    });
  }

  async result(actor: Actor, id: string): Promise<BulkChange> {
    const found = await this.store.find(id);
    if (!found || (found.byUserId !== actor.userId && !actor.permissions.has('students.see-all'))) throw new NotFound();
    return found;
  }

  /** In the order of ids, so that two bulk changes over the same children follow each other. */
  private async all(ids: readonly string[]): Promise<Student[]> {
    const wanted = [...new Set(ids)].sort();
    if (wanted.length === 0) throw new Invalid({ student: 'Tick at least one student' });
    if (wanted.length > MOST_AT_ONCE) throw new Invalid({ student: 'At most 500 students at once' });
    const found: Student[] = [];
    for (const id of wanted) {
      const student = await this.students.findForChange(id);
      if (!student) throw new Missing('student');
      found.push(student);
    }
    return found;
  }

  /** A refusal says whose it is. */
  private async named(student: Student, work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (error instanceof Invalid)
        throw new Invalid(
          error.problems.map((one) => ({
            field: one.field === 'boardingSince' ? 'on' : one.field,
            message: `${labelOf(student)}: ${one.message}`,
          })),
        );
      if (error instanceof RuleBroken) throw new RuleBroken(error.code, `${labelOf(student)}: ${error.message}`, error.field);
      throw error;
    }
  }

  private async note(actor: Actor, kind: BulkChange['kind'], studentIds: string[], what: BulkChange['what']): Promise<string> {
    const id = newId();
    await this.store.insert({ id, kind, studentIds, what, byUserId: actor.userId, byName: actor.name });
    return id;
  }
}
