import { Invalid } from '../../../kernel/errors.js';

/** @throws Invalid unless it is one of the school's banks */
export function demandBank(accountId: string | null, banks: readonly { id: string }[]): string {
  const bank = banks.find((one) => one.id === accountId);
  if (!bank) throw new Invalid({ accountId: 'Choose a bank account' });
  return bank.id;
}
