import { Model, snakeCaseMappers } from 'objection';
import { fold, prefixEnd } from '../../../../kernel/names.js';
import { decodeCursor, toPage, type Page } from '../../../../kernel/page.js';
import { Cached, changed, db, query } from '../../../../platform/db/index.js';
import { sortName, type Staff } from '../../domain/staff.js';
import type { StaffFilter, StaffStore } from '../../ports.js';

const KEY = 'hr.staff';
const COLUMNS = `id, staff_no as "staffNo", title, surname, first_name as "firstName", middle_name as "middleName", sex, phone, email,
  national_id as "nationalId", registration_no as "registrationNo", job, category, joined_on as "joinedOn", left_on as "leftOn",
  leaving_reason as "leavingReason", photo_file_id as "photoFileId", version, sort_name as "sortName"`;

class StaffModel extends Model {
  static override tableName = 'hr_staff';
  static override columnNameMappers = snakeCaseMappers();
}

export class PostgresStaffStore implements StaffStore {
  private readonly cached = new Cached<Staff[]>(KEY, () => query<Staff>('hr.staff.all', `select ${COLUMNS} from hr_staff order by sort_name, id`));

  all(): Promise<Staff[]> {
    return this.cached.get();
  }

  async list(filter: StaffFilter, today: string, cursor: string | null, limit: number): Promise<Page<Staff & { sortName: string }>> {
    const values: unknown[] = [today];
    const param = (value: unknown): string => `$${values.push(value)}`;
    const where = ['$1::date is not null'];
    if (filter.state === 'here') where.push('(left_on is null or left_on >= $1)');
    if (filter.state === 'left') where.push('left_on < $1');
    if (filter.category) where.push(`category = ${param(filter.category)}`);
    if (filter.text) where.push(this.matching(filter.text, param));
    if (cursor) {
      const [name, id] = decodeCursor(cursor, 2);
      where.push(`(sort_name, id) > (${param(name)}, ${param(id)}::uuid)`);
    }
    const parts = [filter.state, filter.category ? 'category' : '', filter.text ? (/\d{3}/.test(filter.text) ? 'number' : 'text') : '', cursor ? 'after' : ''];
    const rows = await query<Staff & { sortName: string }>(
      `hr.staff.list.${parts.join('.')}`,
      `select ${COLUMNS} from hr_staff where ${where.join(' and ')} order by sort_name, id limit ${param(limit + 1)}`,
      values,
    );
    return toPage(rows, limit, (row) => [row.sortName, row.id]);
  }

  private matching(text: string, param: (value: unknown) => string): string {
    const typed = fold(text);
    const digits = typed.replace(/\D/g, '').replace(/^0/, '');
    if (digits.length >= 3) return `(phone like '%' || ${param(digits)} || '%' or lower(staff_no) like ${param(typed)} || '%')`;
    const first = `(sort_name >= ${param(typed)} and sort_name < ${param(prefixEnd(typed))})`;
    return `(${first} or sort_name like '% ' || ${param(typed.replace(/[\\%_]/g, '\\$&'))} || '%')`;
  }

  async find(id: string): Promise<Staff | null> {
    const [row] = await query<Staff>('hr.staff.find', `select ${COLUMNS} from hr_staff where id = $1`, [id]);
    return row ?? null;
  }

  async numberTaken(staffNo: string): Promise<boolean> {
    return (await query('hr.staff.taken', 'select 1 from hr_staff where staff_no = $1', [staffNo])).length > 0;
  }

  async insert(staff: Staff): Promise<void> {
    await StaffModel.query(db()).insert({ ...staff, sortName: sortName(staff) } as object);
    await changed(KEY);
  }

  async update(staff: Staff): Promise<boolean> {
    const { id, version, ...values } = staff;
    const count = await StaffModel.query(db())
      .patch({ ...values, sortName: sortName(staff), version: version + 1, updatedAt: new Date() } as object)
      .where({ id, version });
    await changed(KEY);
    return count === 1;
  }
}
