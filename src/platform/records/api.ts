import { z } from 'zod';
import { Invalid } from '../../kernel/errors.js';
import { isSeen, type AnyField, type AnyRecord, type Filled, type New, type RowOf } from '../../kernel/shapes/record.js';
import { camelName, snake, snakeName } from '../db/rows/rows.js';
import { problemsOf } from '../http/routes/form-data.js';
import { changeFormOf, formOf, typed } from './form.js';

const ANY_SPELLING = 'Any common spelling; a number without country code is read in the school’s country';

type Told = Record<string, string | number | boolean | null>;
type May = (permission: string) => boolean;

/** What the API tells of one row under this name of the document; `all` with what not everybody sees. */
export function outOf(of: AnyRecord, id: string, { all }: { all: boolean }): z.ZodType<Told> {
  const fields = Object.entries(of.fields).filter(([, field]) => isSeen(field, () => all));
  const shape = fields.map(([name, field]) => [snakeName(name), field.seenBy ? outField(field).optional() : outField(field)]);
  return z.object({ id: z.uuid(), ...Object.fromEntries(shape), version: z.number().int() }).meta({ id }) as never;
}

/** A row as this person is told it. */
export function tell<Of extends AnyRecord>(of: Of, row: RowOf<Of>, may: May): Told {
  const shown = Object.entries(of.fields).filter(([, field]) => isSeen(field, may));
  const values = row as Record<string, string | null>;
  return { id: row.id, ...snake(Object.fromEntries(shown.map(([name]) => [name, values[name]]))), version: row.version } as Told;
}

/** What the API takes for a new one, and for a change: the fields sent. */
export function bodiesOf(of: AnyRecord, thing: string): { New: z.ZodType<Body>; Change: z.ZodType<Body & { version: number }> } {
  const given = Object.fromEntries(typed(of).map(([name, field]) => [snakeName(name), inField(field)]));
  const needed = typed(of).flatMap(([name, field]) => (mayBeLeftOut(field) ? [] : [[snakeName(name), true]]));
  return {
    New: z
      .object(given)
      .partial()
      .required(Object.fromEntries(needed))
      .meta({ id: `New${thing}` }) as never,
    Change: z
      .object({ version: z.number().int(), ...given })
      .partial()
      .required({ version: true })
      .meta({ id: `${thing}Change` }) as never,
  };
}

type Body = Record<string, unknown>;

/** Through the form's own schema, so that both ways in are checked by one. @throws Invalid by the API's names */
export function readNew<Of extends AnyRecord>(of: Of, body: Body, country: string): New<Of> {
  const usual = typed(of).flatMap(([name, field]) => (field.usually ? [[name, true]] : []));
  return read(formOf(of, country), { ...Object.fromEntries(usual), ...named(body) });
}

export function readChange<Of extends AnyRecord>(of: Of, before: RowOf<Of>, body: Body, country: string): Filled<Of> {
  return read(changeFormOf(of, country), { ...before, ...named(body) }).values;
}

const mayBeLeftOut = (field: AnyField): boolean => Boolean(field.optional ?? field.numbered ?? field.kind === 'flag');

function named(body: Body): Body {
  return Object.fromEntries(Object.entries(body).map(([key, value]) => [camelName(key), value]));
}

function read<Values>(schema: z.ZodType<Values>, values: Body): Values {
  // A form sends a tick as `on`, and what is empty or not ticked not at all.
  const given = Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) =>
      value === null || value === undefined || value === false || value === '' ? [] : [[name, value === true ? 'on' : value]],
    ),
  );
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  throw new Invalid(problemsOf(parsed.error).map(({ field, message }) => ({ field: snakeName(field), message })));
}

function outField(field: AnyField): z.ZodType {
  const value = ofKind(field) ?? z.string();
  return field.optional ? value.nullable() : value;
}

function inField(field: AnyField): z.ZodType {
  const value = field.optional ? inValue(field).nullable() : inValue(field);
  const description = field.note ?? (field.kind === 'phone' ? ANY_SPELLING : null);
  return description ? value.meta({ description }) : value;
}

function inValue(field: AnyField): z.ZodType {
  return ofKind(field) ?? (field.most ? z.string().max(field.most) : z.string());
}

/** What is no text. */
function ofKind(field: AnyField): z.ZodType | null {
  switch (field.kind) {
    case 'choice':
      return z.enum(field.options!.map(({ value }) => value) as [string]);
    case 'day':
      return z.iso.date();
    case 'flag':
      return z.boolean();
    case 'integer':
      return z.number().int().min(field.least!).max(field.most!);
    default:
      return null;
  }
}
