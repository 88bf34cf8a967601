import { Cached, changed, db, query } from '../../../../platform/db/index.js';
import { snake } from '../../../../platform/db/rows/rows.js';
import type { CustomField } from '../custom-field.rules.js';
import type { CustomFieldStore } from '../../ports.js';

const KEY = 'students.custom-fields';

/** Few, and asked for by every form and page of a child: kept in memory until one changes. */
export class PostgresCustomFieldStore implements CustomFieldStore {
  private readonly cached = new Cached<readonly CustomField[]>(KEY, () =>
    query<CustomField>(
      'students.custom-fields.all',
      `select id, key, label, hint, type, choices, required, section, position, visible_to as "visibleTo", editable_by as "editableBy", active, version
        from students_custom_fields order by position, label, id`,
    ),
  );

  all(): Promise<readonly CustomField[]> {
    return this.cached.get();
  }

  async insert(field: CustomField): Promise<void> {
    await db()('students_custom_fields').insert(snake(field));
    await changed(KEY);
  }

  async update(field: CustomField): Promise<boolean> {
    const { id, key: _key, type: _type, version, ...values } = field;
    const count = await db()('students_custom_fields')
      .where({ id, version })
      .update(snake({ ...values, version: version + 1 }));
    await changed(KEY);
    return count === 1;
  }

  async remove(id: string): Promise<void> {
    await db()('students_custom_fields').where({ id }).delete();
    await changed(KEY);
  }

  async used(key: string): Promise<{ count: number; values: string[] }> {
    const [row] = await query<{ count: number; values: string[] | null }>(
      'students.custom-fields.used',
      `select count(*)::int as count, array_agg(distinct custom ->> $1) as values from students where custom ->> $1 is not null`,
      [key],
    );
    return { count: row?.count ?? 0, values: row?.values ?? [] };
  }
}
