import { z } from 'zod';
import { parseAmount } from '../../../../platform/sheets/numbers.js';

const ASKED = { 0: 'Enter an amount of zero or more, such as 2,000', 1: 'Enter an amount above zero, such as 12,500' } as const;

/** A sum as people write it, in minor units, of `least` or more. */
export function amountField(currency: string, least: 0 | 1) {
  return z.string({ error: ASKED[least] }).transform((value, context) => {
    const minor = parseAmount(value, currency);
    if (minor !== null && minor >= least) return minor;
    context.addIssue({ code: 'custom', message: ASKED[least] });
    return z.NEVER;
  });
}
