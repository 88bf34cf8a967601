/** What one family may bring without a question where nothing tells what it owes: what many a year costs, in minor units. */
const BEYOND_ANY_BILL = 50_000_000;

/**
 * Whether a sum is likelier a slip of the hand than a payment: more than all that is owed, and as much again as was
 * billed in a year. What is paid ahead for a year is not asked about.
 */
export function farAbove(amountMinor: number, { owingMinor, billedMinor }: { owingMinor: number; billedMinor: number }): boolean {
  const usual = Math.max(0, owingMinor) + billedMinor;
  return amountMinor > (usual > 0 ? usual : BEYOND_ANY_BILL);
}
