import { Invalid } from '../../../../kernel/errors.js';
import { searchWords } from '../../../../kernel/names.js';
import { decodeCursor, toPage, type Page } from '../../../../kernel/page.js';
import { Cached, changed, db, query } from '../../../../platform/db/index.js';
import { namingPage, opening } from '../../../../platform/people-shown.js';
import { sortName, type Staff } from '../../domain/staff.js';
import type { StaffFilter, StaffStore } from '../../ports.js';

/** Name of the cached list of staff. */
export const STAFF = 'hr.staff';
const NUMBER_TAKEN = 'Another member of staff already has or had this number';
const COLUMNS = `id, staff_no as "staffNo", title, surname, first_name as "firstName", middle_name as "middleName", sex, phone, email,
  national_id as "nationalId", registration_no as "registrationNo", job, category, joined_on as "joinedOn", left_on as "leftOn",
  leaving_reason as "leavingReason", photo_file_id as "photoFileId", version, sort_name as "sortName"`;

const models = () => import('./models.js');

export class PostgresStaffStore implements StaffStore {
  private readonly cached = new Cached<Staff[]>(STAFF, () =>
    query<Staff>('hr.staff.all', `select ${COLUMNS} from hr_staff order by sort_name, id`),
  );

  all(): Promise<Staff[]> {
    return this.cached.get();
  }

  async list(
    filter: StaffFilter,
    today: string,
    cursor: string | null,
    limit: number,
  ): Promise<Page<Staff & { sortName: string }>> {
    const values: unknown[] = [today];
    const param = (value: unknown): string => `$${values.push(value)}`;
    const where = ['$1::date is not null'];
    if (filter.state === 'here') where.push('(left_on is null or left_on >= $1)');
    if (filter.state === 'left') where.push('left_on < $1');
    if (filter.category) where.push(`category = ${param(filter.category)}`);
    const words = filter.text ? searchWords(filter.text).slice(0, 4) : [];
    for (const word of words) where.push(matching(word, param));
    if (cursor) {
      const [name, id] = decodeCursor(cursor, 2);
      where.push(`(sort_name, id) > (${param(name)}, ${param(id)}::uuid)`);
    }
    const parts = [filter.state, filter.category ? 'category' : '', ...words.map(kindOf), cursor ? 'after' : ''];
    const rows = await query<Staff & { sortName: string }>(
      `hr.staff.list.${parts.join('.')}`,
      `select ${COLUMNS} from hr_staff where ${where.join(' and ')} order by sort_name, id limit ${param(limit + 1)}`,
      values,
    );
    return namingPage(
      toPage(rows, limit, (row) => [row.sortName, row.id]),
      (row) => row.id,
    );
  }

  async find(id: string): Promise<Staff | null> {
    const [row] = await query<Staff>('hr.staff.find', `select ${COLUMNS} from hr_staff where id = $1`, [id]);
    if (row) opening(id);
    return row ?? null;
  }

  async numberTaken(staffNo: string): Promise<boolean> {
    return (await query('hr.staff.taken', 'select 1 from hr_staff where staff_no = $1', [staffNo])).length > 0;
  }

  async insert(staff: Staff): Promise<void> {
    await orTaken(
      (await models()).StaffModel.query(db())
        .insert({ ...staff, sortName: sortName(staff) } as object)
        .then(),
    );
    await changed(STAFF);
  }

  async update(staff: Staff): Promise<boolean> {
    const { id, version, ...values } = staff;
    const changes = { ...values, sortName: sortName(staff), version: version + 1, updatedAt: new Date() };
    const count = await orTaken(
      (await models()).StaffModel.query(db())
        .patch(changes as object)
        .where({ id, version })
        .then(),
    );
    await changed(STAFF);
    return count === 1;
  }
}

/** A word of digits is looked for in phones and staff numbers, another at the start of any name. */
function kindOf(word: string): 'number' | 'word' {
  return /^\+?\d{3,}$/.test(word) ? 'number' : 'word';
}

function matching(word: string, param: (value: unknown) => string): string {
  const number = `lower(staff_no) like '%' || ${param(word.replace(/[\\%_]/g, '\\$&'))} || '%'`;
  if (kindOf(word) === 'number') return `(phone like '%' || ${param(word.replace(/^(\+|0)/, ''))} || '%' or ${number})`;
  return `((' ' || translate(sort_name, '-''', ' ')) like '% ' || ${param(word.replace(/[\\%_]/g, '\\$&'))} || '%' or ${number})`;
}

async function orTaken<Result>(work: Promise<Result>): Promise<Result> {
  try {
    return await work;
  } catch (error) {
    const native = error instanceof Error && 'nativeError' in error ? error.nativeError : error;
    if (native instanceof Error && 'code' in native && native.code === '23505') throw new Invalid({ staffNo: NUMBER_TAKEN });
    throw error;
  }
}
