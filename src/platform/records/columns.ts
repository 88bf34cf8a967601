import { isSeen, type AnyField, type AnyRecord, type FieldKind, type RowOf } from '../../kernel/shapes/record.js';
import type { Column, ColumnKind } from '../sheets/columns.js';

const KINDS: Record<FieldKind, ColumnKind> = {
  text: 'text',
  name: 'name',
  number: 'id',
  choice: 'choice',
  day: 'date',
  phone: 'phone',
  email: 'email',
  flag: 'flag',
  integer: 'integer',
  kept: 'text',
};

/** One list for template, export and import: what somebody with these permissions sees of the record. */
export function sheetOf<Of extends AnyRecord>(of: Of, may: (permission: string) => boolean): Column<RowOf<Of>>[] {
  return Object.entries(of.fields)
    .filter(([, field]) => isSeen(field, may))
    .map(([name, field]) => columnOf(name, field));
}

function columnOf<Row>(name: string, field: AnyField): Column<Row> {
  const { label, aliases, options, width, example, note } = field;
  return {
    key: name,
    head: label,
    kind: KINDS[field.kind],
    ...(aliases && { aliases: [...aliases] }),
    ...(options && { choices: options.map((one) => ({ ...one, aliases: [...(one.aliases ?? [])] })) }),
    ...(!field.optional && !field.numbered && { required: true }),
    ...(width && { width }),
    ...(example && { example }),
    ...(note && { note }),
    value: (row) => (row as Record<string, string | number | boolean | null>)[name] ?? null,
  };
}
