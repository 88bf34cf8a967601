import { Invalid, RuleBroken } from '../../../kernel/errors.js';
import { isBank, type Account, type BankFacts } from './account.js';

export const NO_BANK = { atBank: false, bankName: '', bankBranch: '', bankNumber: '' } as const satisfies Pick<Account, 'atBank'> & BankFacts;

/** Banks that can be chosen, those of the role first: the first of all is taken where nobody chooses. */
export function banksOf(accounts: readonly Account[]): Account[] {
  const banks = accounts.filter((one) => one.active && isBank(one));
  return [...banks.filter((one) => one.role === 'bank'), ...banks.filter((one) => one.role !== 'bank')];
}

/** @throws Invalid at what can't be of an account at a bank, RuleBroken for one that the product uses for something else */
export function demandBankable({ kind, role, atBank, bankName, bankBranch, bankNumber }: Account): void {
  if (atBank && role !== null) throw new RuleBroken('in-use', 'The product itself books to this account: it can’t be marked.', 'atBank');
  if (atBank && kind !== 'asset') throw new Invalid({ atBank: 'Only an account of the kind assets can be at a bank' });
  if (!isBank({ role, atBank }) && bankName + bankBranch + bankNumber !== '') throw new Invalid({ atBank: 'Tick this, or leave the bank, the branch and the number empty' });
}
