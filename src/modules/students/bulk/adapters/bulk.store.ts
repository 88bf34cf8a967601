import { query } from '../../../../platform/db/index.js';
import type { BulkChange, BulkStore } from '../../ports.js';

export class PostgresBulkStore implements BulkStore {
  async insert(change: Omit<BulkChange, 'createdAt'>): Promise<void> {
    await query(
      'students.bulk.insert',
      'insert into students_bulk_changes (id, kind, student_ids, what, by_user_id, by_name) values ($1, $2, $3, $4, $5, $6)',
      [change.id, change.kind, change.studentIds, JSON.stringify(change.what), change.byUserId, change.byName],
    );
  }

  async find(id: string): Promise<BulkChange | null> {
    const [row] = await query<BulkChange>(
      'students.bulk.find',
      `select id, kind, student_ids as "studentIds", what, by_user_id as "byUserId", by_name as "byName", created_at as "createdAt" from students_bulk_changes where id = $1`,
      [id],
    );
    return row ?? null;
  }
}
