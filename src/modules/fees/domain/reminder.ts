/** From the first to the last; they differ in their words. */
export const LEVELS = ['friendly', 'second', 'last'] as const;
export type Level = (typeof LEVELS)[number];

export const REMINDER_GAPS = ['student', 'balance', 'link'] as const;

/** How somebody is written to. */
export interface Reach {
  phone: string | null;
  email: string | null;
  language: string | null;
}

/** Children whom one person is written to about. */
export interface Family<Child> extends Reach {
  children: readonly Child[];
}

const NOBODY: Reach = { phone: null, email: null, language: null };

/** Whom the school writes to first: the first guardian who has a phone, else an email, else the first; nobody who is barred. */
export function firstGuardian<Guardian extends { phone: string | null; email?: string | null; barred: boolean }>(guardians: readonly Guardian[]): Guardian | null {
  const asked = guardians.filter((one) => !one.barred);
  return asked.find((one) => one.phone) ?? asked.find((one) => one.email) ?? asked[0] ?? null;
}

/** One for each phone, or email where there is no phone, in the order of its first child; a child whom nobody is written to about is by itself. */
export function familiesOf<Child extends { id: string }>(children: readonly Child[], reachOf: (studentId: string) => Reach | null): Family<Child>[] {
  const families = new Map<string, Reach & { children: Child[] }>();
  for (const child of children) {
    const { phone, email, language } = reachOf(child.id) ?? NOBODY;
    const key = phone ?? email?.toLowerCase() ?? child.id;
    const family = families.get(key) ?? { phone, email, language, children: [] };
    families.set(key, family);
    family.children.push(child);
  }
  return [...families.values()];
}
