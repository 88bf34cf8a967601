import { Invalid } from '../../../kernel/errors.js';

export const CHEQUE_STATES = ['in-hand', 'banked', 'cleared', 'bounced', 'reversed'] as const;
/** Where a cheque stands; `reversed` when its receipt was wrong. Its money is in the bank's account of the books from `banked` on. */
export type ChequeState = (typeof CHEQUE_STATES)[number];

/** Days that a cheque lies in hand, by the last day of each step; after half a year banks take none. */
export const CHEQUE_AGES = [7, 30, 180] as const;

/** @throws Invalid with the field of what can't be */
export function demandBanking(
  { bankedOn, slipNumber, paymentIds }: { bankedOn: string; slipNumber: string; paymentIds: readonly string[] },
  today: string,
): void {
  if (paymentIds.length === 0) throw new Invalid({ cheques: 'Choose the cheques that go to the bank' });
  if (bankedOn > today) throw new Invalid({ bankedOn: 'This date is in the future' });
  if (slipNumber === '') throw new Invalid({ slipNumber: 'Enter the slip number' });
}
