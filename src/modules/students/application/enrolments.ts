import { demand, type Actor } from '../../../kernel/actor.js';
import { yearOn } from '../../../kernel/school-calendar.js';
import { Invalid, NotFound, RuleBroken } from '../../../kernel/errors.js';
import { newId } from '../../../kernel/id.js';
import type { Publish, Unit } from '../../../kernel/unit-of-work.js';
import type { SchoolApi } from '../../school/index.js';
import type { SubjectsApi } from '../../subjects/index.js';
import { closingDay, type Enrolment, type EntryReason, type ExitReason } from '../domain/enrolment.js';
import { StudentEnrolled } from '../index.js';
import type { AuditTrail, EnrolmentStore, StudentStore } from '../ports.js';

export interface Place {
  classId: string;
  streamId: string | null;
  on: string;
  reason: EntryReason;
  note?: string | null;
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
  ) {}

  /** Opens a line for a child that has none. */
  enter(studentId: string, place: Place): Promise<Enrolment> {
    return this.unit(async () => {
      await this.demandPlace(place);
      const year = yearOn(await this.school.years(), place.on);
      if (!year) throw new RuleBroken('no-year', 'The school has no academic year for this day. Add it under Settings first.', 'joinedOn');
      const line: Enrolment = {
        id: newId(), studentId, yearId: year.id, classId: place.classId, streamId: place.streamId, rollNo: null,
        enteredOn: place.on, entryReason: place.reason, leftOn: null, exitReason: null, note: place.note ?? null,
      };
      await this.enrolments.insert(line);
      await this.enrolments.place(studentId, place.classId, place.streamId);
      await this.publish(StudentEnrolled({ studentId, yearId: year.id, classId: place.classId, streamId: place.streamId, on: place.on, reason: place.reason }));
      return line;
    });
  }

  /** A mid-year move: the open line closes the day before, the next one opens on the day. */
  move(actor: Actor, studentId: string, to: { streamId: string; on: string; note: string | null }): Promise<void> {
    demand(actor, 'students.move');
    return this.unit(async () => {
      const student = await this.students.findForChange(studentId);
      if (!student) throw new NotFound();
      const stream = (await this.subjects.classList()).streams.find((one) => one.id === to.streamId);
      if (!stream) throw new Invalid({ streamId: 'Choose a class' });
      const open = await this.enrolments.open(studentId);
      if (open?.streamId === to.streamId) throw new Invalid({ streamId: 'The student is already in this class' });
      const reason: EntryReason & ExitReason = open?.classId === stream.classId ? 'moved-stream' : 'moved-class';
      if (open) {
        const closing = closingDay(open, to.on);
        if (closing.replaces) await this.enrolments.remove(open.id);
        else await this.enrolments.close(open.id, closing.leftOn, reason);
      }
      await this.enter(studentId, { classId: stream.classId, streamId: stream.id, on: to.on, reason: open ? reason : 'admitted', note: to.note });
      await this.audit.record(actor, {
        action: 'students.move', entity: 'student', entityId: studentId, label: `${student.surname} ${student.firstName}, ${student.admissionNo}`,
        before: { classId: open?.classId ?? null, streamId: open?.streamId ?? null }, after: { classId: stream.classId, streamId: stream.id, on: to.on }, reason: to.note,
      });
    });
  }

  /** Closes the open line; the class shown in lists goes with it. */
  async leave(studentId: string, on: string, reason: ExitReason): Promise<void> {
    const open = await this.enrolments.open(studentId);
    if (!open) return;
    if (on < open.enteredOn) throw new Invalid({ on: `The present class began on ${open.enteredOn}; the student can’t leave before` });
    await this.enrolments.close(open.id, on, reason);
    await this.enrolments.place(studentId, null, null);
  }

  /** Opens again the line that a leaving on that day has closed. */
  async takeBackLeaving(studentId: string, on: string): Promise<void> {
    const profile = await this.students.profile(studentId, { kind: 'all' });
    const last = profile?.enrolments[0];
    if (!last || last.leftOn !== on || !['withdrawn', 'transferred', 'graduated'].includes(last.exitReason ?? '')) return;
    await this.enrolments.reopen(last.id);
    await this.enrolments.place(studentId, last.classId, last.streamId);
  }

  private async demandPlace(place: Place): Promise<void> {
    const { classes, streams } = await this.subjects.classList();
    if (!classes.some((one) => one.id === place.classId)) throw new Invalid({ classId: 'Choose a class' });
    if (place.streamId && streams.find((one) => one.id === place.streamId)?.classId !== place.classId) {
      throw new Invalid({ streamId: 'Choose a stream of that class' });
    }
  }
}
