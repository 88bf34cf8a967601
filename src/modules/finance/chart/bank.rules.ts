import { Invalid, RuleBroken } from '../../../kernel/errors.js';
import { isBank, type Account, type BankFacts } from './account.rules.js';

export const NO_BANK = { atBank: false, bankName: '', bankBranch: '', bankNumber: '' } as const satisfies Pick<
  Account,
  'atBank'
> &
  BankFacts;

/** Banks that can be chosen, those of the role first: the first of all is taken where nobody chooses. */
export function banksOf(accounts: readonly Account[]): Account[] {
  const banks = accounts.filter((one) => one.active && isBank(one));
  return [...banks.filter((one) => one.role === 'bank'), ...banks.filter((one) => one.role !== 'bank')];
}

/** @throws Invalid at what can't be of an account at a bank, RuleBroken for one that the product uses for something else */
export function demandBankable({ kind, role, atBank, bankName, bankBranch, bankNumber }: Account): void {
  if (atBank && role !== null)
    throw new RuleBroken('in-use', 'AIMS posts to this account, so it can’t be marked as a bank account.', 'atBank');
  if (atBank && kind !== 'asset') throw new Invalid({ atBank: 'Only an asset account can be a bank account' });
  if (!isBank({ role, atBank }) && bankName + bankBranch + bankNumber !== '')
    throw new Invalid({ atBank: 'Tick this, or leave bank, branch and number empty' });
}
