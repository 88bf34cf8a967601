import { formatDay } from '../../../kernel/day-words.js';
import { demand, type Actor } from '../../../kernel/actor.js';
import { Invalid, RuleBroken } from '../../../kernel/errors.js';
import { Missing } from '../../../kernel/missing.js';
import { newId } from '../../../kernel/id.js';
import type { Publish, Unit } from '../../../kernel/unit-of-work.js';
import type { SchoolApi, SchoolCalendar } from '../../school/index.js';
import type { SubjectsApi } from '../../subjects/index.js';
import { closingDay, isOddStep, type Enrolment, type EntryReason, type ExitReason } from './enrolment.rules.js';
import { StudentEnrolled } from '../index.js';
import type { Student } from '../register/student.rules.js';
import type { AuditTrail, EnrolmentStore, PlannedMove, PlannedMoveStore, RolloverStore, StudentStore } from '../ports.js';

export interface Place {
  classId: string;
  streamId: string | null;
  on: string;
  reason: EntryReason;
  note?: string | null;
}

export interface Move {
  streamId: string;
  /** From this day on; one that is still to come is planned. */
  on: string;
  note: string | null;
  /** The person means it, although the classes lie far apart. */
  sure?: boolean;
}

/** The enrolment ledger: at most one open line for a child, and lines never overlap. */
export class Enrolments {
  constructor(
    private readonly unit: Unit,
    private readonly publish: Publish,
    private readonly audit: AuditTrail,
    private readonly enrolments: EnrolmentStore,
    private readonly students: StudentStore,
    private readonly school: SchoolApi,
    private readonly subjects: SubjectsApi,
    private readonly planned: PlannedMoveStore,
    private readonly calendar: SchoolCalendar,
    private readonly rollovers: Pick<RolloverStore, 'yearOfMost'>,
  ) {}

  /** Opens a line for a child that has none. */
  enter(actor: Actor, studentId: string, place: Place): Promise<Enrolment> {
    return this.unit(async () => {
      await this.demandPlace(place);
      const on =
        place.reason === 'admitted' ? (await this.calendar.placing(await this.rollovers.yearOfMost())).from(place.on) : place.on;
      const year = await this.calendar.yearFor(actor, on);
      if (!year)
        throw new RuleBroken('no-year', 'The school has no academic year for this day. Add it under Settings first.', 'joinedOn');
      const line: Enrolment = {
        id: newId(),
        studentId,
        yearId: year.id,
        classId: place.classId,
        streamId: place.streamId,
        rollNo: null,
        enteredOn: on,
        entryReason: place.reason,
        leftOn: null,
        exitReason: null,
        note: place.note ?? null,
      };
      await this.enrolments.insert(line);
      await this.enrolments.place(studentId, place.classId, place.streamId);
      await this.publish(
        StudentEnrolled({
          studentId,
          yearId: year.id,
          classId: place.classId,
          streamId: place.streamId,
          on,
          reason: place.reason,
        }),
      );
      return line;
    });
  }

  /**
   * A mid-year move: the open line closes the day before, the next one opens on the day. Of a day that is still to come
   * nothing but the plan is written, unless the present place hasn't begun either.
   * @returns whether it is done or planned
   */
  move(actor: Actor, studentId: string, to: Move): Promise<'moved' | 'planned'> {
    demand(actor, 'students.move');
    return this.unit(async () => {
      const student = await this.students.findForChange(studentId);
      if (!student) throw new Missing('student');
      const { classes, streams } = await this.subjects.classList();
      const stream = streams.find((one) => one.id === to.streamId);
      if (!stream) throw new Invalid({ streamId: 'Choose a class' });
      const open = await this.enrolments.open(studentId);
      if (open?.streamId === to.streamId) throw new Invalid({ streamId: 'The student is already in this class' });
      if (open && !to.sure && isOddStep(classes, open.classId, stream.classId)) {
        const name = (id: string): string => classes.find((one) => one.id === id)?.name ?? '';
        throw new RuleBroken(
          'odd-step',
          `This moves the student from ${name(open.classId)} to ${name(stream.classId)}. Tick to confirm.`,
          'sure',
        );
      }
      const move = { classId: stream.classId, streamId: stream.id, onDay: to.on, note: to.note };
      if (to.on > (await this.school.today()) && !(open && to.on <= open.enteredOn)) {
        await this.plan(actor, student, move);
        return 'planned';
      }
      await this.carryOut(actor, student, move);
      return 'moved';
    });
  }

  /** Joins the caller's transaction, in which the student is held. */
  async carryOut(
    actor: Actor,
    student: Student,
    { classId, streamId, onDay, note }: Pick<PlannedMove, 'classId' | 'streamId' | 'onDay' | 'note'>,
  ): Promise<void> {
    const open = await this.enrolments.open(student.id);
    if (open?.classId === classId && open.streamId === streamId) return;
    const reason: EntryReason & ExitReason = open?.classId === classId ? 'moved-stream' : 'moved-class';
    if (open) {
      const closing = closingDay(open, onDay);
      if (closing.replaces) await this.enrolments.remove(open.id);
      else await this.enrolments.close(open.id, closing.leftOn, reason);
    }
    await this.enter(actor, student.id, { classId, streamId, on: onDay, reason: open ? reason : 'admitted', note });
    await this.audit.record(actor, {
      action: 'students.move',
      entity: 'student',
      entityId: student.id,
      label: `${student.surname} ${student.firstName}, ${student.admissionNo}`,
      before: { classId: open?.classId ?? null, streamId: open?.streamId ?? null },
      after: { classId, streamId, on: onDay },
      reason: note,
    });
  }

  private async plan(
    actor: Actor,
    student: Student,
    move: Pick<PlannedMove, 'classId' | 'streamId' | 'onDay' | 'note'>,
  ): Promise<void> {
    const before = await this.planned.ofStudent(student.id);
    if (before) await this.planned.cancel(before.id, 'replaced');
    await this.planned.insert({ ...move, id: newId(), studentId: student.id, byName: actor.name });
    await this.audit.record(actor, {
      action: 'students.plan-move',
      entity: 'student',
      entityId: student.id,
      label: `${student.surname} ${student.firstName}, ${student.admissionNo}`,
      before: before && { classId: before.classId, streamId: before.streamId, on: before.onDay },
      after: { classId: move.classId, streamId: move.streamId, on: move.onDay },
      reason: move.note,
    });
  }

  /** Closes the open line; the class shown in lists goes with it, and so does a move that was planned. */
  async leave(studentId: string, on: string, reason: ExitReason): Promise<void> {
    const move = await this.planned.ofStudent(studentId);
    if (move) await this.planned.cancel(move.id, 'left');
    const open = await this.enrolments.open(studentId);
    if (!open) return;
    // A place that was to begin later is given up: its line ends on the day on which it would have begun.
    const begun = open.enteredOn <= (await this.school.today());
    if (on < open.enteredOn && begun)
      throw new Invalid({ on: `The current class began on ${formatDay(open.enteredOn)}; the student can’t leave before then` });
    await this.enrolments.close(open.id, on < open.enteredOn ? open.enteredOn : on, reason);
    await this.enrolments.place(studentId, null, null);
  }

  /** Opens again the line that a leaving on that day has closed. */
  async takeBackLeaving(studentId: string, on: string): Promise<void> {
    const profile = await this.students.profile(studentId, { kind: 'all' });
    const last = profile?.enrolments[0];
    if (
      !last ||
      last.leftOn !== (on < last.enteredOn ? last.enteredOn : on) ||
      !['withdrawn', 'transferred', 'graduated'].includes(last.exitReason ?? '')
    )
      return;
    await this.enrolments.reopen(last.id);
    await this.enrolments.place(studentId, last.classId, last.streamId);
    await this.planned.planAgain(studentId, await this.school.today());
  }

  private async demandPlace(place: Place): Promise<void> {
    const { classes, streams } = await this.subjects.classList();
    if (!classes.some((one) => one.id === place.classId)) throw new Invalid({ classId: 'Choose a class' });
    if (place.streamId && streams.find((one) => one.id === place.streamId)?.classId !== place.classId) {
      throw new Invalid({ streamId: 'Choose a stream of that class' });
    }
  }
}
