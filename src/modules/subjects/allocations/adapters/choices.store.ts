import { newId } from '../../../../kernel/id.js';
import { deleteRows, insertRows } from '../../../../platform/db/rows/row-sets.js';
import type { SubjectChoices } from '../../index.js';

const TABLE = 'subjects_exceptions';

export const choices: SubjectChoices = {
  async add(day, given) {
    const rows = given.map((one) => ({
      id: newId(),
      student_id: one.studentId,
      subject_id: one.subjectId,
      takes: one.takes,
      set_name: null,
      from_on: day,
      to_on: null,
    }));
    await insertRows(TABLE, rows);
    return rows.map((row) => row.id);
  },
  remove: (ids) => deleteRows(TABLE, ids),
};
