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

/** What the register says of a guardian: how to reach them, and what they are there for. */
export interface AskedGuardian extends Reach {
  barred: boolean;
  paysFees: boolean;
  getsSms: boolean;
}

/** Whom the school asks for money: who pays the fees before the others, of them who gets SMS, else has an email, else a phone to call; nobody who is barred. */
export function firstGuardian<Guardian extends AskedGuardian>(guardians: readonly Guardian[]): Guardian | null {
  const asked = guardians.filter((one) => !one.barred);
  const payers = [...asked.filter((one) => one.paysFees), ...asked.filter((one) => !one.paysFees)];
  return (
    payers.find((one) => one.phone && one.getsSms) ??
    payers.find((one) => one.email) ??
    payers.find((one) => one.phone) ??
    payers[0] ??
    null
  );
}

/** No SMS goes to a phone that is there for calls only. */
export function reachOf({ phone, email, language, getsSms }: AskedGuardian): Reach {
  return { phone: getsSms ? phone : null, email, language };
}

/** One for each phone, or email where there is no phone, in the order of its first child; a child whom nobody is written to about is by itself. */
export function familiesOf<Child extends { id: string }>(
  children: readonly Child[],
  reachOf: (studentId: string) => Reach | null,
): Family<Child>[] {
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
