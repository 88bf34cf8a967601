import { fold } from '../../../kernel/people/names.js';

/** What the standard calls the years of schooling; `01` is the first year of primary school. */
export const GRADE_CODES = [
  'IT',
  'PR',
  'PK',
  'TK',
  'KG',
  '01',
  '02',
  '03',
  '04',
  '05',
  '06',
  '07',
  '08',
  '09',
  '10',
  '11',
  '12',
  '13',
] as const;

/** Names that schools of our countries give to the years before and after those that are simply numbered. */
const BEFORE: readonly [RegExp, string][] = [
  [/^(?:creche|infant|toddlers?)\b/, 'IT'],
  [/^(?:play ?group|baby class|nursery 1|pre-?school)\b/, 'PR'],
  [/^(?:pp ?1|nursery 2|kg ?1|middle class|grade rr|pre-?k)\b/, 'PK'],
  [/^(?:pp ?2|nursery 3|kg ?2|top class|grade r|reception|kindergarten)\b/, 'KG'],
];
/** Word in front of the number → years of schooling before its first; `years` is how long primary school lasts. */
const NUMBERED: readonly [RegExp, (primary: number) => number][] = [
  [/^(?:grade|class|standard|std|primary|basic|bs|year|g|p)$/, () => 0],
  [/^(?:jss|jhs|junior secondary|junior high)$/, () => 6],
  [/^(?:sss|ss|shs|senior secondary|senior high)$/, () => 9],
  [/^(?:form|f|senior|s)$/, (primary) => primary],
];

/**
 * The code of a class by its name: `Grade 7` → `07`, `JSS 1` → `07`, `PP2` → `KG`; null where a name says nothing.
 * @param primary years of primary school where secondary counts from one again: 8 under Kenya's 8-4-4, 7 in Uganda, 6 elsewhere
 */
export function gradeOf(name: string, primary: number): string | null {
  const folded = fold(name)
    .replace(/[^a-z0-9 -]+/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  const before = BEFORE.find(([pattern]) => pattern.test(folded));
  if (before) return before[1];
  const parts = /^([a-z -]*?)\s*(\d{1,2})\b/.exec(folded);
  if (!parts) return null;
  const rule = NUMBERED.find(([word]) => word.test(parts[1]!.trim()));
  if (!rule && parts[1] !== '') return null;
  const year = Number(parts[2]) + (rule ? rule[1](primary) : 0);
  return year >= 1 && year <= 13 ? String(year).padStart(2, '0') : null;
}

/** Of secondary schools that count from one again. */
export function primaryYears(country: string): number {
  return country === 'KE' ? 8 : country === 'UG' ? 7 : 6;
}

/** `7`, `07`, `Grade 7` and `kg` as the standard writes them; null for what is no grade. */
export function asGradeCode(written: string): string | null {
  const upper = written.trim().toUpperCase();
  const padded = /^\d$/.test(upper) ? `0${upper}` : upper;
  return (GRADE_CODES as readonly string[]).includes(padded) ? padded : null;
}
