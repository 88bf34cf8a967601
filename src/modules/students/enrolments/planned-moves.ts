import { demand, systemActor, type Actor } from '../../../kernel/actor.js';
import { Conflict, DomainError } from '../../../kernel/errors.js';
import { Missing } from '../../../kernel/missing.js';
import type { Unit } from '../../../kernel/unit-of-work.js';
import { PRESENT_STATUSES } from './life-cycle.rules.js';
import type { AuditTrail, PlannedMove, PlannedMoveStore, StudentStore } from '../ports.js';
import type { Enrolments } from './enrolments.js';
import { labelOf } from '../register/register.js';

/** Moves whose day is still to come: they are carried out when it is there, or given up before. */
export class PlannedMoves {
  constructor(
    private readonly unit: Unit,
    private readonly audit: AuditTrail,
    private readonly store: PlannedMoveStore,
    private readonly students: StudentStore,
    private readonly enrolments: Pick<Enrolments, 'carryOut'>,
  ) {}

  cancel(actor: Actor, studentId: string, id: string): Promise<void> {
    demand(actor, 'students.move');
    return this.unit(async () => {
      const student = await this.students.findForChange(studentId);
      const move = await this.store.ofStudent(studentId);
      if (!student) throw new Missing('student');
      if (move?.id !== id) throw new Conflict('This move is no longer planned. Check the student again.');
      await this.store.cancel(id, 'by hand');
      await this.audit.record(actor, {
        action: 'students.cancel-planned-move',
        entity: 'student',
        entityId: studentId,
        label: labelOf(student),
        before: { classId: move.classId, streamId: move.streamId, on: move.onDay },
      });
    });
  }

  /** Whatever is due by this day of the school, each for itself; a second time changes nothing. */
  async carryOut(today: string): Promise<void> {
    for (const move of await this.store.due(today)) {
      try {
        await this.unit(() => this.one(move));
      } catch (error) {
        if (!(error instanceof DomainError)) throw error;
        await this.unit(() => this.store.cancel(move.id, 'not possible'));
      }
    }
  }

  private async one(move: PlannedMove): Promise<void> {
    const student = await this.students.findForChange(move.studentId);
    if (!(await this.store.hold(move.id))) return;
    if (!student || ![...PRESENT_STATUSES, 'expected'].includes(student.status)) return this.store.cancel(move.id, 'left');
    const actor = systemActor(move.byName ? `Planned by ${move.byName}` : 'Planned move');
    await this.enrolments.carryOut(actor, student, move);
    await this.store.done(move.id);
  }
}
