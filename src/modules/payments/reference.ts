import type { Reference } from '../fees/index.js';

export const SCHEME = 'mpesa';

/** How fees knows a payment by its number. */
export function referenceOf(transId: string): Reference {
  return { scheme: SCHEME, issuer: '', value: transId };
}
