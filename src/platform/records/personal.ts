import type { AnyField, AnyRecord, Declared, Fields, RowOf } from '../../kernel/record.js';
import type { Say, Value } from '../../kernel/personal-data.js';
import { changed, query } from '../db/index.js';
import { snakeName } from '../db/rows.js';
import { writtenRow } from './rows.js';

/** A fact of a row in words: a choice is its label. */
export function said(field: AnyField, value: unknown, t: Say): Value {
  const option = field.options?.find((one) => one.value === value);
  return option ? t(option.label) : (value as Value);
}

/** Everything that a record says of a person, for their own file. */
export function factsOf<Of extends AnyRecord>(of: Of, row: RowOf<Of>, t: Say): { label: string; value: Value }[] {
  const values = row as Record<string, unknown>;
  return Object.entries(of.fields)
    .filter(([, field]) => field.kind !== 'kept')
    .map(([name, field]) => ({ label: t(field.label), value: said(field, values[name], t) }));
}

/** Clears what tells who it was, for good; the second time it changes nothing more. */
export async function eraseRow<Of extends Declared<Fields, string>>(of: Of, id: string, names: Partial<RowOf<Of>>): Promise<void> {
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
