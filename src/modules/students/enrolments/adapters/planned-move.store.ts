import { db, query } from '../../../../platform/db/index.js';
import { snake } from '../../../../platform/db/rows/rows.js';
import type { EndedWhy, PlannedMove, PlannedMoveStore } from '../../ports.js';

const MOVE = `m.id, m.student_id as "studentId", m.class_id as "classId", m.stream_id as "streamId", m.on_day as "onDay", m.note, m.by_name as "byName"`;

export class PostgresPlannedMoveStore implements PlannedMoveStore {
  async ofStudent(studentId: string): Promise<PlannedMove | null> {
    const rows = await query<PlannedMove>(
      'students.planned-moves.of',
      `select ${MOVE} from students_planned_moves m where m.student_id = $1 and m.state = 'planned'`,
      [studentId],
    );
    return rows[0] ?? null;
  }

  async insert(move: PlannedMove): Promise<void> {
    await db()('students_planned_moves').insert(snake(move));
  }

  due(today: string): Promise<PlannedMove[]> {
    return query<PlannedMove>(
      'students.planned-moves.due',
      `select ${MOVE} from students_planned_moves m where m.state = 'planned' and m.on_day <= $1 order by m.on_day, m.student_id`,
      [today],
    );
  }

  async hold(id: string): Promise<boolean> {
    return (
      (
        await query(
          'students.planned-moves.hold',
          "select 1 from students_planned_moves where id = $1 and state = 'planned' for update",
          [id],
        )
      ).length > 0
    );
  }

  async done(id: string): Promise<void> {
    await query('students.planned-moves.done', "update students_planned_moves set state = 'done' where id = $1", [id]);
  }

  async cancel(id: string, why: EndedWhy): Promise<void> {
    await query(
      'students.planned-moves.cancel',
      "update students_planned_moves set state = 'cancelled', ended_why = $2 where id = $1 and state = 'planned'",
      [id, why],
    );
  }

  async planAgain(studentId: string, today: string): Promise<void> {
    await query(
      'students.planned-moves.again',
      `update students_planned_moves set state = 'planned', ended_why = null
        where id = (select id from students_planned_moves where student_id = $1 order by created_at desc limit 1) and state = 'cancelled' and ended_why = 'left' and on_day > $2`,
      [studentId, today],
    );
  }
}
