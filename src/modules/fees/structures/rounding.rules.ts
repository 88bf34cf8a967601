/**
 * Whatever a bill works out comes to whole units of the currency (`billingUnit`): half a unit goes away from zero on both
 * sides, so that what a credit note takes back is what a debit note brought.
 */
export function inUnits(value: number, unit: number): number {
  // Adding zero makes of minus nothing nothing.
  return Math.sign(value) * Math.round(Math.abs(value) / unit) * unit + 0;
}

/** Equal parts of whole units; what is left goes to the last. */
export function equalParts(totalMinor: number, parts: number, unit: number): number[] {
  const each = Math.floor(totalMinor / parts / unit) * unit;
  return Array.from({ length: parts }, (_, n) => (n < parts - 1 ? each : totalMinor - each * (parts - 1)));
}
