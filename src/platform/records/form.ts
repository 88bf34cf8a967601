import { z } from 'zod';
import { NAME_PART } from '../../kernel/people/names.js';
import { callingCode, parsePhone, phoneExample } from '../../kernel/people/phone.js';
import type { AnyField, AnyRecord, Filled, New } from '../../kernel/shapes/record.js';
import { day } from '../http/pages/fields.js';

const NUMBER_PART = /^[\w/.\- ]+$/;

/** What people fill in of something new: all fields but those that a command of their own sets. Absent is null. */
export function formOf<Of extends AnyRecord>(of: Of, country: string): z.ZodType<New<Of>> {
  return z.object(shapeOf(of, country, (field) => Boolean(field.optional ?? field.numbered))) as never;
}

/** The same where it is changed, with the version that the page was drawn from. */
export function changeFormOf<Of extends AnyRecord>(of: Of, country: string): z.ZodType<{ version: number; values: Filled<Of> }> {
  const shape = shapeOf(of, country, (field) => Boolean(field.optional));
  return z
    .object({ version: z.coerce.number().int(), ...shape })
    .transform(({ version, ...values }) => ({ version, values })) as never;
}

function shapeOf(of: AnyRecord, country: string, mayBeEmpty: (field: AnyField) => boolean): Record<string, z.ZodType> {
  return Object.fromEntries(
    typed(of).map(([name, field]) => {
      const asked = inputOf(field, country);
      return [name, mayBeEmpty(field) ? orNull(asked) : asked];
    }),
  );
}

/** Those of the record's fields that its form has. */
export function typed(of: AnyRecord): [string, AnyField][] {
  return Object.entries(of.fields).filter(([, field]) => field.kind !== 'kept' && !field.later);
}

const orNull = (asked: z.ZodType): z.ZodType => asked.optional().transform((value) => value ?? null);

function inputOf(field: AnyField, country: string): z.ZodType {
  const error = field.asked ?? `Enter the ${field.label.charAt(0).toLowerCase()}${field.label.slice(1)}`;
  const atMost = (most: number): string => `At most ${most} characters`;
  switch (field.kind) {
    case 'choice':
      return z.enum(field.options!.map(({ value }) => value) as [string], { error });
    case 'day':
      return day;
    case 'flag':
      return z
        .literal('on')
        .optional()
        .transform((value) => value !== undefined);
    case 'integer':
      return z.coerce.number({ error }).int(error).min(field.least!, between(field)).max(field.most!, between(field));
    case 'email':
      return z.email('Enter the full email address, such as name@example.org').max(field.most!, atMost(field.most!));
    case 'phone':
      return phoneIn(country, error);
    default: {
      const words = z.string({ error }).trim().min(1, error).max(field.most!, atMost(field.most!));
      if (field.kind === 'name') return words.regex(NAME_PART, 'A name has letters, spaces, hyphens and apostrophes only');
      // What an office elsewhere has written is taken as it stands, as from a sheet.
      return field.numbered ? words.regex(NUMBER_PART, 'Use letters, digits and / . - only') : words;
    }
  }
}

const between = ({ least, most }: AnyField): string => `Enter a number from ${least} to ${most}`;

function phoneIn(country: string, error: string): z.ZodType {
  return z
    .string({ error })
    .trim()
    .transform((value, context) => {
      const parsed = parsePhone(value, country);
      if (parsed) return parsed;
      context.addIssue({ code: 'custom', message: `Mobile phone must be a number such as ${phoneExample(country)}` });
      return z.NEVER;
    });
}

/** What `records/_field` draws an input from. */
export interface Input extends Pick<AnyField, 'kind' | 'label' | 'options' | 'hint' | 'most' | 'least'> {
  name: string;
  optional: boolean;
  prefix: string;
}

/** The inputs of a record's form by their names; `whole` where it is changed, and nothing is left to the school. */
export function inputsOf<Of extends AnyRecord>(
  of: Of,
  country: string,
  { whole }: { whole: boolean },
): Record<keyof Of['fields'], Input> {
  const inputs = typed(of).map(([name, { kind, label, options, hint, most, least, optional, numbered }]): [string, Input] => [
    name,
    {
      ...{ name, kind, label, optional: Boolean(optional ?? (!whole && numbered)), prefix: callingCode(country) },
      ...(options && { options }),
      ...(most && { most }),
      ...(least !== undefined && { least }),
      // How a number is left to the school matters only where it may be.
      ...(hint && !(whole && numbered) && { hint }),
    },
  ]);
  return Object.fromEntries(inputs) as Record<keyof Of['fields'], Input>;
}
