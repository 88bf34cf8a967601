import type { RecordDeclaration, Fields, RowOf } from '../../kernel/shapes/record.js';
import { changed, query } from '../db/index.js';
import { writtenRow } from './rows.js';

/** Clears what tells who it was, for good; the second time it changes nothing more. */
export async function eraseRow<Of extends RecordDeclaration<Fields, string>>(
  of: Of,
  id: string,
  names: Partial<RowOf<Of>>,
): Promise<void> {
  const cleared = Object.entries(of.fields).flatMap(([name, field]) => (field.erase ? [[name, null]] : []));
  const row = writtenRow(of, { ...Object.fromEntries(cleared), ...names });
  const set = Object.keys(row).map((column, at) => `${column} = $${at + 2}`);
  await query(
    `${of.table}.erase`,
    `update ${of.table} set ${set.join(', ')}, erased_at = coalesce(erased_at, now()), version = version + 1, updated_at = now() where id = $1`,
    [id, ...Object.values(row)],
  );
  await changed(of.table);
}
