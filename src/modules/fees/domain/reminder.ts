/** From the first to the last; they differ in their words. */
export const LEVELS = ['friendly', 'second', 'last'] as const;
export type Level = (typeof LEVELS)[number];

export const GAPS = ['student', 'balance', 'link'] as const;
export type Gap = (typeof GAPS)[number];

const GAP = /\{\{\s*([^{}]*?)\s*\}\}/g;

/** Gaps that nothing fills, as they were written. */
export function unknownGaps(text: string): string[] {
  return [...text.matchAll(GAP)].filter((match) => !GAPS.includes(match[1] as Gap)).map((match) => match[0]);
}

export function hasGap(text: string, gap: Gap): boolean {
  return [...text.matchAll(GAP)].some((match) => match[1] === gap);
}

export function fillGaps(text: string, values: Record<Gap, string>): string {
  return text.replace(GAP, (whole, name: string) => values[name as Gap] ?? whole);
}

export interface Owing {
  id: string;
  firstName: string;
  /** What the family is asked for. */
  openMinor: number;
}

/** Children whom one person is written to about. */
export interface Family {
  /** Null where no guardian has a phone. */
  phone: string | null;
  children: readonly Owing[];
}

/** Whom the school asks first: the first guardian who has a phone, else the first; nobody who is barred. */
export function firstGuardian<Guardian extends { phone: string | null; barred: boolean }>(guardians: readonly Guardian[]): Guardian | null {
  const asked = guardians.filter((one) => !one.barred);
  return asked.find((one) => one.phone) ?? asked[0] ?? null;
}

/** One for each phone, in the order of its first child; a child whom no phone stands for is by itself. */
export function familiesOf(owing: readonly Owing[], phoneOf: (studentId: string) => string | null): Family[] {
  const families = new Map<string, { phone: string | null; children: Owing[] }>();
  for (const child of owing) {
    const phone = phoneOf(child.id);
    const key = phone ?? child.id;
    const family = families.get(key) ?? { phone, children: [] };
    families.set(key, family);
    family.children.push(child);
  }
  return [...families.values()];
}
