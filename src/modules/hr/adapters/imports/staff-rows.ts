import { query } from '../../../../platform/db/index.js';
import { snake, type Row } from '../../../../platform/db/rows.js';
import { sortName, type Staff } from '../../domain/staff.js';

const COLUMNS = [
  'staff_no',
  'title',
  'surname',
  'first_name',
  'middle_name',
  'sort_name',
  'sex',
  'phone',
  'email',
  'national_id',
  'registration_no',
  'job',
  'category',
  'joined_on',
  'left_on',
  'leaving_reason',
  'photo_file_id',
  'version',
];

export function asRow(staff: Staff): Row {
  return { ...snake({ ...staff, sortName: sortName(staff) }), updated_at: new Date().toISOString() };
}

export async function insertStaff(rows: readonly Row[]): Promise<void> {
  const columns = ['id', ...COLUMNS].join(', ');
  await query(
    'hr.import.insert',
    `insert into hr_staff (${columns}) select ${columns} from json_populate_recordset(null::hr_staff, $1::json)`,
    [JSON.stringify(rows)],
  );
}

/** Also puts rows back as they were, to the last column. */
export async function updateStaff(rows: readonly Row[]): Promise<void> {
  const set = [...COLUMNS, 'updated_at'].map((column) => `${column} = x.${column}`).join(', ');
  await query(
    'hr.import.update',
    `update hr_staff s set ${set} from json_populate_recordset(null::hr_staff, $1::json) x where s.id = x.id`,
    [JSON.stringify(rows)],
  );
}
