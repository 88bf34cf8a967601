import { prefixEnd } from '../../../../kernel/people/names.js';
import { decodeCursor, toPage, type Page } from '../../../../kernel/page.js';
import { paperReference } from '../../../../kernel/references.js';
import { conditions } from '../../../../platform/db/rows/conditions.js';
import { query } from '../../../../platform/db/index.js';
import { deleteRows, insertRows } from '../../../../platform/db/rows/row-sets.js';
import { snake } from '../../../../platform/db/rows/rows.js';
import type { FormerFilter, FormerReceipt, FormerReceiptStore } from '../../ports.js';

const TABLE = 'fees_former_receipts';
const ROW = `f.id, f.student_id as "studentId", f.number, f.received_on as "receivedOn", f.amount_minor as "amountMinor",
  f.method, f.payer_name as "payerName", f.note`;
const NEWEST = 'order by f.received_on desc, f.id desc';

export class PostgresFormerReceiptStore implements FormerReceiptStore {
  insert(receipts: readonly FormerReceipt[], listId: string, byName: string): Promise<void> {
    const now = new Date();
    return insertRows(
      TABLE,
      receipts.map((one) => ({
        ...snake(one),
        value: paperReference(one.number),
        import_id: listId,
        by_name: byName,
        created_at: now,
      })),
    );
  }

  remove(ids: readonly string[]): Promise<void> {
    return deleteRows(TABLE, ids);
  }

  known(wanted: Parameters<FormerReceiptStore['known']>[0]): Promise<FormerReceipt[]> {
    return query<FormerReceipt>(
      'fees.former.known',
      `select distinct ${ROW} from unnest($1::uuid[], $2::text[]) as x(student_id, value)
        join ${TABLE} f on f.student_id = x.student_id and f.value = x.value`,
      [wanted.map((one) => one.studentId), wanted.map((one) => paperReference(one.number))],
    );
  }

  async find(id: string): Promise<FormerReceipt | null> {
    return (await query<FormerReceipt>('fees.former.one', `select ${ROW} from ${TABLE} f where f.id = $1`, [id]))[0] ?? null;
  }

  async list(filter: FormerFilter, cursor: string | null, limit: number): Promise<Page<FormerReceipt>> {
    const { values, keys, where, param, add } = conditions();
    if (filter.number) {
      const from = paperReference(filter.number);
      add('number', `f.value >= ${param(from)} and f.value < ${param(prefixEnd(from))}`);
    }
    if (filter.studentIds) add('students', `f.student_id = any(${param(filter.studentIds)}::uuid[])`);
    if (cursor !== null) {
      const [day, id] = decodeCursor(cursor, 2);
      add('after', `(f.received_on, f.id) < (${param(day)}::date, ${param(id)}::uuid)`);
    }
    const rows = await query<FormerReceipt>(
      `fees.former.list.${keys.join('.')}`,
      `select ${ROW} from ${TABLE} f ${where.length > 0 ? `where ${where.join(' and ')}` : ''} ${NEWEST} limit ${param(limit + 1)}`,
      values,
    );
    return toPage(rows, limit, (row) => [row.receivedOn, row.id]);
  }

  ofStudents(studentIds: readonly string[], { from, to }: { from: string | null; to: string }): Promise<FormerReceipt[]> {
    return query<FormerReceipt>(
      'fees.former.of-students',
      `select ${ROW} from ${TABLE} f where f.student_id = any($1::uuid[]) and ($2::date is null or f.received_on >= $2) and f.received_on <= $3 ${NEWEST}`,
      [studentIds, from, to],
    );
  }

  beginningWith(text: string, limit: number): Promise<FormerReceipt[]> {
    const from = paperReference(text);
    return query<FormerReceipt>(
      'fees.former.beginning',
      `select ${ROW} from ${TABLE} f where f.value >= $1 and f.value < $2 order by f.value, f.id limit $3`,
      [from, prefixEnd(from), limit],
    );
  }

  async holders(studentIds: readonly string[]): Promise<string[]> {
    const rows = await query<{ id: string }>(
      'fees.former.holders',
      `select distinct student_id as id from ${TABLE} where student_id = any($1::uuid[])`,
      [studentIds],
    );
    return rows.map((row) => row.id);
  }

  async countOf(studentId: string): Promise<number> {
    return (
      await query<{ n: number }>('fees.former.count', `select count(*)::int as n from ${TABLE} where student_id = $1`, [
        studentId,
      ])
    )[0]!.n;
  }

  async moveStudent(fromId: string, toId: string): Promise<void> {
    await query(
      'fees.former.merge',
      `delete from ${TABLE} f where f.student_id = $1
        and exists (select 1 from ${TABLE} o where o.school_id = f.school_id and o.student_id = $2 and o.value = f.value and o.received_on = f.received_on)`,
      [fromId, toId],
    );
    await query('fees.former.move', `update ${TABLE} set student_id = $2 where student_id = $1`, [fromId, toId]);
  }
}
