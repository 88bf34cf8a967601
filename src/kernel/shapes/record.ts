import type { Page } from '../page.js';

/**
 * The plain facts of a resource, declared once. A record is data: forms, sheets, the API, rows, personal data and the audit's
 * words are functions over it (`platform/records`), and a resource calls those that it wants. It knows no route, no question and
 * no rule that compares two fields.
 */

export type FieldKind = 'text' | 'name' | 'number' | 'choice' | 'day' | 'phone' | 'email' | 'flag' | 'integer' | 'kept';

export interface Option {
  value: string;
  label: string;
  aliases?: readonly string[];
}

interface Common {
  /** May be empty; the value is null then. */
  optional?: boolean;
  /** What a form says where it is missing; `Enter the …` when left out. */
  asked?: string;
  /** Other headings that sheets have for it. */
  aliases?: readonly string[];
  example?: string;
  /** Said beside its input. */
  hint?: string;
  /** Said at its column in the blank sheet, and in the API. */
  note?: string;
  /** Of its column, in characters. */
  width?: number;
  /** Set by a command of its own: not part of the record's form. */
  later?: boolean;
  /** Permission without which it is not shown. */
  seenBy?: string;
  /** Cleared when the person is erased. */
  erase?: boolean;
  /** No two have the same, not even of those who left: the sentence for whoever comes second. */
  taken?: string;
}

export interface TextOptions extends Common {
  /** Characters. */
  most: number;
}

/** @typeParam Filled whether people fill it in on the record's form */
export interface Field<Value, Filled extends boolean = boolean> extends Common {
  kind: FieldKind;
  label: string;
  /** Characters of a text, or the largest number. */
  most?: number;
  least?: number;
  options?: readonly Option[];
  /** Never there: they carry the types. */
  readonly value?: Value;
  readonly filled?: Filled;
}

export type AnyField = Field<unknown> & { numbered?: true; usually?: boolean };
type Numbered = Field<string, true> & { numbered: true };
type Made<Value, Options> = Field<
  Options extends { optional: true } ? Value | null : Value,
  Options extends { later: true } ? false : true
>;

export function text<const Options extends TextOptions>(label: string, options: Options): Made<string, Options> {
  return { kind: 'text', label, ...options };
}

/** A number that another office gives, as it is written there. */
export function number<const Options extends TextOptions>(label: string, options: Options): Made<string, Options> {
  return { kind: 'number', label, ...options };
}

/** A number of the school's own: where it is left empty, the next is taken. */
export function ownNumber(label: string, options: TextOptions): Numbered {
  return { kind: 'number', label, numbered: true, ...options };
}

export function choice<const Values extends readonly Option[], const Options extends Common>(
  label: string,
  values: Values,
  options: Options,
): Made<Values[number]['value'], Options> {
  return { kind: 'choice', label, options: values, ...options };
}

/** `YYYY-MM-DD`. */
export function day<const Options extends Common>(label: string, options: Options): Made<string, Options> {
  return { kind: 'day', label, ...options };
}

/** Kept as E.164. */
export function phone<const Options extends Common>(label: string, options: Options): Made<string, Options> {
  return { kind: 'phone', label, width: 18, ...options };
}

export function email<const Options extends Common>(label: string, options: Options): Made<string, Options> {
  return { kind: 'email', label, most: 254, width: 28, ...options };
}

/** @param options.usually what it is where the API says nothing of it; false when left out */
export function flag(label: string, options: Common & { usually?: boolean } = {}): Field<boolean, true> {
  return { kind: 'flag', label, ...options };
}

/** A whole number from `least` to `most`. */
export function integer<const Options extends Common & { least: number; most: number }>(
  label: string,
  options: Options,
): Made<number, Options> {
  return { kind: 'integer', label, ...options };
}

/** Stored beside the rest, and shown nowhere by itself. */
export function kept<Value>(options: Pick<Common, 'erase'> = {}): Field<Value | null, false> {
  return { kind: 'kept', label: '', optional: true, ...options };
}

export interface NameField {
  surname: Field<string, true>;
  firstName: Field<string, true>;
  middleName: Field<string | null, true>;
}

/** A person's name in three parts; example and headings are those of the region. */
export function personName(example: readonly [string, string, string]): NameField {
  const part = (label: string, aliases: readonly string[], at: number) => ({
    kind: 'name' as const,
    label,
    aliases,
    most: 60,
    example: example[at]!,
    erase: true,
  });
  return {
    surname: part('Surname', ['Last name', 'Family name'], 0),
    firstName: part('First name', ['Given name', 'Forename'], 1),
    middleName: { ...part('Middle name', ['Other names', 'Other name'], 2), optional: true },
  };
}

export type Fields = Readonly<Record<string, AnyField>>;
type ValueOf<One> = One extends Field<infer Value> ? Value : never;
export type ValuesOf<Of extends Fields> = { [Name in keyof Of]: ValueOf<Of[Name]> };

/** Written as a method, so that a record of its own is also a record of any. */
type Derive<Values> = { from(values: Values): string }['from'];

export interface RecordFacts<Of extends Fields, Derived extends string> {
  /** What follows from the facts and is stored with them, for order, search and uniqueness; no row that is read has it. */
  derived: Readonly<Record<Derived, Derive<ValuesOf<Of>>>>;
  /** By which lists are ordered; `id` comes last by itself. */
  order: NoInfer<Derived> | keyof Of;
  /** What the audit calls it. */
  entity: string;
  /** Its rows are people: whom a page shows is counted. */
  people?: true;
}

export interface RecordDeclaration<Of extends Fields, Derived extends string = never> extends RecordFacts<Of, Derived> {
  table: string;
  fields: Of;
}

export type AnyRecord = Pick<RecordDeclaration<Fields, string>, 'table' | 'fields' | 'entity'>;

export function record<const Of extends Fields, Derived extends string = never>(
  table: string,
  fields: Of,
  facts: RecordFacts<Of, Derived>,
): RecordDeclaration<Of, Derived> {
  return { table, fields, ...facts };
}

/** What people fill in on its form. */
export type Filled<Of> = Of extends RecordDeclaration<infer Own, string> ? Pick<ValuesOf<Own>, FilledIn<Own>> : never;
/** The same of something new: the school's own numbers may be left to it. */
export type New<Of> =
  Of extends RecordDeclaration<infer Own, string>
    ? { [Name in FilledIn<Own>]: ValueOf<Own[Name]> | (Own[Name] extends Numbered ? null : never) }
    : never;
type FilledIn<Own extends Fields> = { [Name in keyof Own]: Own[Name] extends Field<unknown, true> ? Name : never }[keyof Own];
/** One row of it. */
export type RowOf<Of> = Of extends RecordDeclaration<infer Own, string> ? ValuesOf<Own> & { id: string; version: number } : never;

/** The rows of a resource whose list fits into memory. */
export interface Rows<Of> {
  /** From memory, in the record's order. */
  all(): Promise<RowOf<Of>[]>;
  /** A page of rows that were picked from all of them; whom it shows is counted. */
  page(rows: readonly RowOf<Of>[], cursor: string | null, limit: number): Page<RowOf<Of>>;
  find(id: string): Promise<RowOf<Of> | null>;
  /** Whether any row, also one that is no longer current, has this value. */
  has(name: keyof Filled<Of> & string, value: string): Promise<boolean>;
  /** What nobody fills in is null at first. @throws Invalid when somebody was faster with what may be there only once */
  insert(values: Filled<Of>): Promise<RowOf<Of>>;
  /** Saves what was read at `version`. @throws Stale @throws Invalid */
  update(row: RowOf<Of>): Promise<RowOf<Of>>;
  /** @throws RuleBroken where other records refer to it */
  remove(id: string): Promise<void>;
}

/** Whether it is shown to somebody with these permissions; `may` answers for all that are asked. */
export function isSeen(field: AnyField, may: (permission: string) => boolean): boolean {
  return field.kind !== 'kept' && (field.seenBy === undefined || may(field.seenBy));
}

/** What an import says of values that the form would refuse for their length. */
export function tooLong(of: AnyRecord, said: Readonly<Record<string, unknown>>): { name: string; most: number }[] {
  return Object.entries(of.fields).flatMap(([name, { most }]) =>
    most !== undefined && typeof said[name] === 'string' && said[name].length > most ? [{ name, most }] : [],
  );
}

/** Null for everything that may be empty: what a row is filled from that names only some facts. */
export function blank(of: AnyRecord): Record<string, null> {
  return Object.fromEntries(Object.entries(of.fields).flatMap(([name, field]) => (field.optional ? [[name, null]] : [])));
}
