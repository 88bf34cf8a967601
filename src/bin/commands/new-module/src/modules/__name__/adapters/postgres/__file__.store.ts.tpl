import { Model, snakeCaseMappers } from 'objection';
import { fold } from '../../../../kernel/names.js';
import { decodeCursor, toPage, type Page } from '../../../../kernel/page.js';
import { db, query } from '../../../../platform/db/index.js';
import type { __Type__ } from '../../domain/__file__.js';
import type { __Type__Filter, __Type__Store } from '../../ports.js';

class __Type__Model extends Model {
  static override tableName = '__table__';
  static override columnNameMappers = snakeCaseMappers();
}

const COLUMNS = 'id, name, note, active, version';
const START = ['', '00000000-0000-0000-0000-000000000000'];

const LIST = `select ${COLUMNS} from __table__
  where ($1::text is null or name_folded like '%' || $1 || '%') and ($2::boolean is null or active = $2)
    and (name_folded, id) > ($3, $4::uuid)
  order by name_folded, id limit $5`;

export class Postgres__Type__Store implements __Type__Store {
  async list(filter: __Type__Filter, cursor: string | null, limit: number): Promise<Page<__Type__>> {
    const text = filter.text && fold(filter.text).replace(/[\\%_]/g, '\\$&');
    const after = cursor === null ? START : decodeCursor(cursor, 2);
    const rows = await query<__Type__>('__name__.list', LIST, [text, filter.active, ...after, limit + 1]);
    return toPage(rows, limit, (row) => [fold(row.name), row.id]);
  }

  async find(id: string): Promise<__Type__ | null> {
    const [row] = await query<__Type__>('__name__.find', `select ${COLUMNS} from __table__ where id = $1`, [id]);
    return row ?? null;
  }

  async nameTaken(name: string, exceptId: string | null): Promise<boolean> {
    const sql = 'select 1 from __table__ where name_folded = $1 and ($2::uuid is null or id <> $2)';
    return (await query('__name__.taken', sql, [fold(name), exceptId])).length > 0;
  }

  async insert(made: __Type__): Promise<void> {
    await __Type__Model.query(db()).insert({ ...made, nameFolded: fold(made.name) } as object);
  }

  async update({ id, version, ...values }: __Type__): Promise<boolean> {
    const count = await __Type__Model.query(db())
      .patch({ ...values, nameFolded: fold(values.name), version: version + 1, updatedAt: new Date() } as object)
      .where({ id, version });
    return count === 1;
  }

  async remove(id: string): Promise<void> {
    await __Type__Model.query(db()).delete().where({ id });
  }
}
