import { REGISTER } from '../../../../kernel/kept.js';
import { decodeCursor, toPage, type Page } from '../../../../kernel/page.js';
import { changed, db, query } from '../../../../platform/db/index.js';
import { camel, type Row } from '../../../../platform/db/rows/rows.js';
import { namingPage } from '../../../../platform/people-shown.js';
import type { Enrolment } from '../enrolment.rules.js';
import type { EnrolmentStore, Scope } from '../../ports.js';

const models = () => import('../../register/adapters/models.store.js');

const IN_SCOPE = {
  all: '$3::uuid[] is null',
  streams: 's.stream_id = any($3::uuid[])',
  children: 's.id = any($3::uuid[])',
} as const;

export class PostgresEnrolmentStore implements EnrolmentStore {
  async page(scope: Scope, cursor: string | null, limit: number): Promise<Page<Enrolment>> {
    const whose = scope.kind === 'all' ? null : scope.kind === 'streams' ? scope.streamIds : scope.studentIds;
    const rows = await query<Row>(
      `students.enrolments.${scope.kind}`,
      `select e.id, e.student_id, e.year_id, e.class_id, e.stream_id, e.roll_no, e.entered_on, e.entry_reason, e.left_on, e.exit_reason, e.note
        from students_enrolments e join students s on s.school_id = e.school_id and s.id = e.student_id
        where ($1::uuid is null or e.id > $1) and s.put_aside_at is null and ${IN_SCOPE[scope.kind]} order by e.id limit $2`,
      [cursor === null ? null : decodeCursor(cursor, 1)[0], limit + 1, whose],
    );
    return namingPage(
      toPage(
        rows.map((row) => camel<Enrolment>(row)),
        limit,
        (row) => [row.id],
      ),
      (row) => row.studentId,
    );
  }

  async open(studentId: string): Promise<Enrolment | null> {
    const model = await (await models()).EnrolmentModel.query(db()).findOne({ student_id: studentId }).whereNull('left_on');
    return model ? camel<Enrolment>(model.toJSON() as Row) : null;
  }

  async insert(enrolment: Enrolment): Promise<void> {
    await (await models()).EnrolmentModel.query(db()).insert(enrolment as object);
  }

  async close(id: string, leftOn: string, reason: string): Promise<void> {
    await (
      await models()
    ).EnrolmentModel.query(db())
      .patch({ leftOn, exitReason: reason } as object)
      .where({ id });
  }

  async reopen(id: string): Promise<void> {
    await (
      await models()
    ).EnrolmentModel.query(db())
      .patch({ leftOn: null, exitReason: null } as object)
      .where({ id });
  }

  async remove(id: string): Promise<void> {
    await (await models()).EnrolmentModel.query(db()).delete().where({ id });
  }

  async place(studentId: string, classId: string | null, streamId: string | null): Promise<void> {
    await query(
      'students.place',
      'update students set class_id = $2, stream_id = $3, version = version + 1, updated_at = now() where id = $1',
      [studentId, classId, streamId],
    );
    await changed(REGISTER);
  }
}
