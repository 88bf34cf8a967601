export type ResultKind = 'paid' | 'failed' | 'busy';

interface Meaning {
  kind: ResultKind;
  sentence: string;
}

const NEUTRAL = 'M-Pesa could not complete this payment. As far as we know, nothing was deducted.';
const MEANINGS: Record<string, Meaning> = {
  0: { kind: 'paid', sentence: 'Paid.' },
  1: { kind: 'failed', sentence: 'There was not enough money on this phone.' },
  2: { kind: 'failed', sentence: 'The amount is below M-Pesa’s minimum.' },
  3: { kind: 'failed', sentence: 'The amount is above M-Pesa’s limit for one payment.' },
  4: { kind: 'failed', sentence: 'This phone has reached its daily M-Pesa limit.' },
  8: { kind: 'failed', sentence: 'The school’s M-Pesa account has reached its limit today.' },
  17: { kind: 'failed', sentence: NEUTRAL },
  26: { kind: 'failed', sentence: NEUTRAL },
  1001: { kind: 'failed', sentence: 'Another prompt is open on this phone. Close it, wait a minute and try again.' },
  1019: { kind: 'failed', sentence: 'The prompt ran out of time.' },
  1025: { kind: 'failed', sentence: 'The prompt could not be shown on this phone.' },
  1032: { kind: 'failed', sentence: 'The prompt was cancelled on the phone.' },
  1037: { kind: 'failed', sentence: 'The phone could not be reached.' },
  2001: { kind: 'failed', sentence: 'The PIN was wrong.' },
  4999: { kind: 'busy', sentence: 'M-Pesa is still working on it.' },
};

/** Codes that nobody has described count as a failure that may still turn into a payment. */
export function meaningOf(code: string): Meaning {
  return MEANINGS[code] ?? { kind: 'failed', sentence: NEUTRAL };
}
