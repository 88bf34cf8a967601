/** Parts of the product that a school can do without, each after those that it needs. What isn't listed is always on. */
export const SWITCHES = [
  { module: 'finance', label: 'Finance', about: 'The school’s books: ledger, vouchers and reports', needs: null },
  { module: 'fees', label: 'Fees', about: 'Bills, receipts and statements', needs: 'finance' },
  { module: 'payments', label: 'Mobile money', about: 'Prompts, pay links and automatic payments', needs: 'fees' },
] as const;

export type SwitchableModule = (typeof SWITCHES)[number]['module'];

export const SWITCHABLE = SWITCHES.map((entry) => entry.module) as [SwitchableModule, ...SwitchableModule[]];

/** The first part that would be on without what it needs; null where all is well. */
export function missingNeed(on: readonly string[]): { part: string; needs: string } | null {
  const lacking = SWITCHES.find(({ module, needs }) => needs !== null && on.includes(module) && !on.includes(needs));
  return lacking ? { part: lacking.label, needs: SWITCHES.find(({ module }) => module === lacking.needs)!.label } : null;
}
