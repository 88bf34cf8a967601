import { formatDay } from '../../../kernel/day-words.js';
import { demand, type Actor } from '../../../kernel/actor.js';
import { addDays } from '../../../kernel/clock.js';
import { Invalid } from '../../../kernel/errors.js';
import { Missing } from '../../../kernel/missing.js';
import { newId } from '../../../kernel/id.js';
import { fold, registerName } from '../../../kernel/people/names.js';
import type { Publish, Unit } from '../../../kernel/unit-of-work.js';
import type { SchoolApi } from '../../school/index.js';
import type { Student } from '../register/student.rules.js';
import { StudentChanged } from '../index.js';
import type { AuditTrail, AssignmentKind, StudentStore } from '../ports.js';
import { labelOf } from '../register/register.js';

/** `B-9` and `b 9` are one bed. */
const plainBed = (bed: string): string => fold(bed).replace(/[^\p{L}\p{N}]+/gu, '');

/** House, dorm and bed, route, meal plan: dated, one of each kind at a time; a later one ends the earlier. */
export class Assignments {
  constructor(
    private readonly unit: Unit,
    private readonly publish: Publish,
    private readonly audit: AuditTrail,
    private readonly students: StudentStore,
    private readonly school: SchoolApi,
  ) {}

  /** `itemId` null ends what is there. */
  assign(
    actor: Actor,
    studentId: string,
    given: { kind: AssignmentKind; itemId: string | null; detail: string | null; on: string; mixed?: boolean },
  ): Promise<void> {
    demand(actor, 'students.change');
    return this.unit(async () => {
      const student = await this.students.findForChange(studentId);
      if (!student) throw new Missing('student');
      const items = await this.school.lists(given.kind);
      if (given.itemId && !items.some((item) => item.id === given.itemId))
        throw new Invalid({ itemId: 'Choose one from the list' });
      const open = await this.students.openAssignment(studentId, given.kind);
      if (given.kind === 'dorms' && given.itemId) await this.demandRoom(student, given.itemId, given);
      if (open && open.itemId === given.itemId && open.detail === given.detail) return;
      if (open) {
        if (given.on < open.fromOn)
          throw new Invalid({ on: `The current one began on ${formatDay(open.fromOn)}; a change can’t be earlier` });
        if (given.on === open.fromOn) await this.students.removeAssignment(open.id);
        else await this.students.closeAssignment(open.id, addDays(given.on, -1));
      }
      if (given.itemId) {
        await this.students.insertAssignment({
          id: newId(),
          studentId,
          kind: given.kind,
          itemId: given.itemId,
          detail: given.detail,
          fromOn: given.on,
          toOn: null,
        });
      }
      await this.audit.record(actor, {
        action: `students.assign-${given.kind}`,
        entity: 'student',
        entityId: studentId,
        label: labelOf(student),
        before: open ? { itemId: open.itemId, detail: open.detail } : null,
        after: { itemId: given.itemId, detail: given.detail, on: given.on },
      });
      await this.publish(StudentChanged({ studentId, fields: [given.kind] }));
    });
  }

  /** A bed is one child's, and a dorm is for girls or for boys unless somebody says that it is for both. */
  private async demandRoom(
    student: Student,
    dormId: string,
    { detail, mixed }: { detail: string | null; mixed?: boolean },
  ): Promise<void> {
    const others = (await this.students.sleepersIn(dormId)).filter((one) => one.id !== student.id);
    const holder = detail === null ? undefined : others.find((one) => one.bed !== null && plainBed(one.bed) === plainBed(detail));
    if (holder) throw new Invalid({ detail: `This bed is taken by ${registerName(holder)}, ${holder.admissionNo}` });
    if (others.some((one) => one.sex !== student.sex) && !mixed) {
      throw new Invalid({
        mixed:
          student.sex === 'F'
            ? 'This is a boys’ dormitory. Choose another, or tick to confirm'
            : 'This is a girls’ dormitory. Choose another, or tick to confirm',
      });
    }
  }
}
