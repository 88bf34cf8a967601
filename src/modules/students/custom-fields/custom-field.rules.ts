export const FIELD_TYPES = ['text', 'number', 'date', 'flag', 'choice'] as const;
export type FieldType = (typeof FIELD_TYPES)[number];

export const FIELD_TYPE_WORDS: Record<FieldType, string> = {
  text: 'Text',
  number: 'Number',
  date: 'Date',
  flag: 'Yes or no',
  choice: 'One of a list',
};

/** Where in the form and on the page a field stands. */
export const FIELD_SECTIONS = ['student', 'place', 'background'] as const;
export type FieldSection = (typeof FIELD_SECTIONS)[number];

/** Text, number, `YYYY-MM-DD`, true or false. */
export type CustomValue = string | number | boolean;
export type CustomValues = Readonly<Record<string, CustomValue>>;

/** A field that the school has made. `key` never changes; a field that holds data is retired, not removed. */
export interface CustomField {
  id: string;
  key: string;
  label: string;
  hint: string;
  type: FieldType;
  choices: readonly string[];
  required: boolean;
  section: FieldSection;
  position: number;
  /** Roles besides owner and administrator; none is everybody who may see the child. */
  visibleTo: readonly string[];
  /** Roles besides owner and administrator; none is everybody who may change the child. */
  editableBy: readonly string[];
  active: boolean;
  version: number;
}

const ALWAYS = new Set(['owner', 'administrator', 'system']);
const among = (list: readonly string[], roles: readonly string[]): boolean =>
  list.length === 0 || roles.some((role) => list.includes(role) || ALWAYS.has(role));

export function seesField(field: CustomField, roles: readonly string[]): boolean {
  return field.active && among(field.visibleTo, roles);
}

export function editsField(field: CustomField, roles: readonly string[]): boolean {
  return seesField(field, roles) && among(field.editableBy, roles);
}

export const LONGEST_VALUE = 300;
const REAL_DAY = /^\d{4}-\d\d-\d\d$/;

/**
 * What was typed, sent or read from a sheet, as the field stores it; null for nothing.
 * @returns a sentence for the person where it is none of that kind
 */
export function readValue(
  field: Pick<CustomField, 'label' | 'type' | 'choices'>,
  raw: unknown,
): { value: CustomValue | null } | { problem: string } {
  const text = typeof raw === 'string' ? raw.trim() : raw;
  if (text === undefined || text === null || text === '') return { value: null };
  switch (field.type) {
    case 'text':
      return typeof text === 'string' && text.length <= LONGEST_VALUE ? { value: text } : { problem: 'At most 300 characters' };
    case 'number':
      return numberOf(text);
    case 'date':
      return typeof text === 'string' && isDay(text) ? { value: text } : { problem: 'Enter a real date' };
    case 'flag':
      return flagOf(text);
    case 'choice': {
      const chosen = field.choices.find((choice) => choice === text);
      return chosen === undefined ? { problem: 'Choose one of the list' } : { value: chosen };
    }
  }
}

function numberOf(raw: unknown): { value: number } | { problem: string } {
  const number =
    typeof raw === 'number'
      ? raw
      : typeof raw === 'string' && /^-?\d{1,12}([.,]\d{1,6})?$/.test(raw)
        ? Number(raw.replace(',', '.'))
        : NaN;
  return Number.isFinite(number) ? { value: number } : { problem: 'Enter a number' };
}

function flagOf(raw: unknown): { value: boolean } | { problem: string } {
  if (raw === true || raw === 'yes' || raw === 'true' || raw === 'on') return { value: true };
  if (raw === false || raw === 'no' || raw === 'false') return { value: false };
  return { problem: 'Choose yes or no' };
}

function isDay(text: string): boolean {
  if (!REAL_DAY.test(text)) return false;
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}

/** `{ shoe_size: 38 }` from two states of one child: what each side says of the fields that differ. */
export function changedValues(
  before: CustomValues,
  after: CustomValues,
): { before: Record<string, CustomValue | null>; after: Record<string, CustomValue | null> } | null {
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter((key) => before[key] !== after[key]);
  if (keys.length === 0) return null;
  const side = (values: CustomValues): Record<string, CustomValue | null> =>
    Object.fromEntries(keys.map((key) => [key, values[key] ?? null]));
  return { before: side(before), after: side(after) };
}

/** `Shoe size` → `shoe_size`; a number behind it where that key is taken. */
export function keyFor(label: string, taken: ReadonlySet<string>): string {
  const plain =
    label
      .normalize('NFKD')
      .replace(/[\u0300-\u036f]/g, '')
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '_')
      .replace(/^[_\d]+|_+$/g, '')
      .slice(0, 36) || 'field';
  if (!taken.has(plain)) return plain;
  for (let count = 2; ; count += 1) if (!taken.has(`${plain}_${count}`)) return `${plain}_${count}`;
}
