import { db, query } from '../../../../platform/db/index.js';
import type { Allocation } from '../allocation.rules.js';
import type { SubjectException } from '../../subjects/subject.rules.js';
import type { AllocationStore } from '../../ports.js';

const models = () => import('../../adapters/models.store.js');

const COLUMNS =
  'id, subject_id as "subjectId", stream_id as "streamId", staff_id as "staffId", periods, from_on as "fromOn", to_on as "toOn"';

const EXCEPTION =
  'id, student_id as "studentId", subject_id as "subjectId", takes, set_name as "setName", from_on as "fromOn", to_on as "toOn"';

export class PostgresAllocationStore implements AllocationStore {
  ofStream(streamId: string): Promise<Allocation[]> {
    return query(
      'subjects.allocations.stream',
      `select ${COLUMNS} from subjects_allocations where stream_id = $1 order by to_on desc nulls first, from_on desc`,
      [streamId],
    );
  }

  allOfStaff(staffId: string): Promise<Allocation[]> {
    return query(
      'subjects.allocations.of-staff',
      `select ${COLUMNS} from subjects_allocations where staff_id = $1 order by to_on desc nulls first, from_on desc`,
      [staffId],
    );
  }

  ofStaff(staffId: string, day: string): Promise<Allocation[]> {
    return query(
      'subjects.allocations.staff',
      `select ${COLUMNS} from subjects_allocations where staff_id = $1 and from_on <= $2 and (to_on is null or to_on >= $2)`,
      [staffId, day],
    );
  }

  all(day: string): Promise<Allocation[]> {
    return query(
      'subjects.allocations.all',
      `select ${COLUMNS} from subjects_allocations where from_on <= $1 and (to_on is null or to_on >= $1)`,
      [day],
    );
  }

  after(day: string): Promise<Allocation[]> {
    return query(
      'subjects.allocations.after',
      `select ${COLUMNS} from subjects_allocations where to_on is null or to_on > $1 order by from_on, id`,
      [day],
    );
  }

  history(): Promise<Allocation[]> {
    return query('subjects.allocations.history', `select ${COLUMNS} from subjects_allocations order by from_on, id`);
  }

  exceptionsOn(day: string): Promise<SubjectException[]> {
    return query(
      'subjects.exceptions.on',
      `select ${EXCEPTION} from subjects_exceptions where from_on <= $1 and (to_on is null or to_on >= $1) order by from_on`,
      [day],
    );
  }

  async find(id: string): Promise<Allocation | null> {
    const [row] = await query<Allocation>(
      'subjects.allocations.find',
      `select ${COLUMNS} from subjects_allocations where id = $1`,
      [id],
    );
    return row ?? null;
  }

  async insert(allocation: Allocation): Promise<void> {
    await (await models()).AllocationModel.query(db()).insert(allocation as object);
  }

  async close(id: string, toOn: string | null): Promise<void> {
    await (
      await models()
    ).AllocationModel.query(db())
      .patch({ toOn } as object)
      .where({ id });
  }

  async remove(id: string): Promise<void> {
    await (await models()).AllocationModel.query(db()).delete().where({ id });
  }

  exceptions(subjectId: string, day: string): Promise<SubjectException[]> {
    return query(
      'subjects.exceptions',
      `select ${EXCEPTION} from subjects_exceptions where subject_id = $1 and (to_on is null or to_on >= $2) order by from_on`,
      [subjectId, day],
    );
  }

  async insertException(exception: SubjectException): Promise<void> {
    await (await models()).ExceptionModel.query(db()).insert(exception as object);
  }

  async closeException(id: string, toOn: string): Promise<void> {
    await (
      await models()
    ).ExceptionModel.query(db())
      .patch({ toOn } as object)
      .where({ id });
  }

  async removeException(id: string): Promise<void> {
    await (await models()).ExceptionModel.query(db()).delete().where({ id });
  }
}
