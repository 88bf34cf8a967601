import { db, query } from '../../../platform/db/index.js';
import { camel, snake, type Row } from '../../../platform/db/rows/rows.js';
import type { WholeExport } from '../export.rules.js';
import type { ExportStore } from '../ports.js';

export class PostgresExportStore implements ExportStore {
  async insert(made: WholeExport): Promise<boolean> {
    const rows = await db()('exports').insert(snake(made)).onConflict().ignore().returning('id');
    return rows.length > 0;
  }

  async find(id: string): Promise<WholeExport | null> {
    const [row] = await query<Row>('exports.find', 'select * from exports where id = $1', [id]);
    return row ? made(row) : null;
  }

  async newest(limit: number): Promise<WholeExport[]> {
    return (await query<Row>('exports.newest', 'select * from exports order by created_at desc, id desc limit $1', [limit])).map(
      made,
    );
  }

  async change(id: string, changes: Partial<Omit<WholeExport, 'id'>>): Promise<void> {
    await db()('exports').where({ id }).update(snake(changes));
  }

  async fetchedUntil(then: Date): Promise<WholeExport[]> {
    return (
      await query<Row>('exports.fetched-until', "select * from exports where state = 'done' and finished_at < $1 order by id", [
        then,
      ])
    ).map(made);
  }
}

function made(row: Row): WholeExport {
  const found = camel<WholeExport>(row);
  return { ...found, bytes: found.bytes === null ? null : Number(found.bytes) };
}
