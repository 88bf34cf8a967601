import { plainReference } from '../../kernel/references.js';

/** As Daraja wants to hear it. */
export interface Validation {
  ResultCode: string;
  ResultDesc: string;
}

const ACCEPTED: Validation = { ResultCode: '0', ResultDesc: 'Accepted' };
const UNKNOWN_ACCOUNT: Validation = { ResultCode: 'C2B00012', ResultDesc: 'Rejected' };

/** The number under which somebody wants to pay; null when the question can't be read. */
export function numberAsked(body: string): string | null {
  try {
    const said = JSON.parse(body) as { BillRefNumber?: unknown } | null;
    const number = said?.BillRefNumber;
    return typeof number === 'string' || typeof number === 'number' ? plainReference(String(number)) : null;
  } catch {
    return null;
  }
}

/** Money is sent back only where it is certain that nobody has this number. `known` is null where that can't be told. */
export function judge(known: boolean | null): Validation {
  return known === false ? UNKNOWN_ACCOUNT : ACCEPTED;
}
