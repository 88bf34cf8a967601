import { can, type Actor } from '../../kernel/actor.js';
import type { Say, Value } from '../../kernel/people/personal-data.js';
import { isSeen, type AnyField, type AnyRecord, type RowOf } from '../../kernel/shapes/record.js';
import { Words, type Reader } from '../i18n/words.js';

export interface Fact {
  label: string;
  value: Value;
}

/** Everything that a record says of a person, for their own file. */
export function factsOf<Of extends AnyRecord>(of: Of, row: RowOf<Of>, t: Say): Fact[] {
  const values = row as Record<string, Value>;
  return Object.entries(of.fields)
    .filter(([, field]) => field.kind !== 'kept')
    .map(([name, field]) => ({ label: t(field.label), value: optionOf(field, values[name], t) }));
}

/** Some facts as a page shows them, in this order: what whoever asks may not see is left out, unless the row is about them. */
export function factsShown<Of extends AnyRecord>(
  of: Of,
  names: readonly (keyof Of['fields'] & string)[],
  row: RowOf<Of>,
  req: Reader & { actor: Actor; t: Say },
  { own }: { own: boolean },
): Fact[] {
  const words = new Words(req);
  const values = row as Record<string, string | null>;
  return names.flatMap((name) => {
    const field = of.fields[name]!;
    if (!own && !isSeen(field, (permission) => can(req.actor, permission))) return [];
    return [{ label: req.t(field.label), value: shown(field, values[name] ?? null, words, req.t) }];
  });
}

function shown(field: AnyField, value: string | null, words: Words, t: Say): Value {
  if (field.kind === 'day') return words.dateLong(value);
  return field.kind === 'phone' ? words.phone(value) : optionOf(field, value, t);
}

/** A choice is its label. */
function optionOf(field: AnyField, value: Value | undefined, t: Say): Value {
  const option = field.options?.find((one) => one.value === value);
  return option ? t(option.label) : (value ?? null);
}
