import { changed, db, query } from '../../../../platform/db/index.js';
import { camel, type Row } from '../../../../platform/db/rows.js';
import type { Enrolment } from '../../domain/enrolment.js';
import type { EnrolmentStore } from '../../ports.js';

const models = () => import('./models.js');

export class PostgresEnrolmentStore implements EnrolmentStore {
  async open(studentId: string): Promise<Enrolment | null> {
    const model = await (await models()).EnrolmentModel.query(db()).findOne({ student_id: studentId }).whereNull('left_on');
    return model ? camel<Enrolment>(model.toJSON() as Row) : null;
  }

  async insert(enrolment: Enrolment): Promise<void> {
    await (await models()).EnrolmentModel.query(db()).insert(enrolment as object);
  }

  async close(id: string, leftOn: string, reason: string): Promise<void> {
    await (await models()).EnrolmentModel.query(db()).patch({ leftOn, exitReason: reason } as object).where({ id });
  }

  async reopen(id: string): Promise<void> {
    await (await models()).EnrolmentModel.query(db()).patch({ leftOn: null, exitReason: null } as object).where({ id });
  }

  async remove(id: string): Promise<void> {
    await (await models()).EnrolmentModel.query(db()).delete().where({ id });
  }

  async place(studentId: string, classId: string | null, streamId: string | null): Promise<void> {
    await query('students.place', 'update students set class_id = $2, stream_id = $3, version = version + 1, updated_at = now() where id = $1', [studentId, classId, streamId]);
    await changed('students.counts');
  }
}
