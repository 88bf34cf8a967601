export const ACCOUNT_KINDS = ['asset', 'liability', 'equity', 'income', 'expense'] as const;
export type AccountKind = (typeof ACCOUNT_KINDS)[number];

/** What the product itself books to, whatever the school calls the account; each belongs to one kind. */
export const SYSTEM_ROLES = {
  receivable: 'asset',
  cash: 'asset',
  bank: 'asset',
  cheques: 'asset',
  'clearing.mobile': 'asset',
  'clearing.card': 'asset',
  stores: 'asset',
  advance: 'liability',
  caution: 'liability',
  'for-others': 'liability',
  suspense: 'liability',
  accumulated: 'equity',
  fees: 'income',
  discounts: 'income',
  grants: 'income',
  'over-short': 'expense',
  charges: 'expense',
} as const satisfies Record<string, AccountKind>;
export type SystemRole = keyof typeof SYSTEM_ROLES;

/** Roles that each fund of the school may fill with an account of its own. */
export const ROLES_BY_FUND: readonly SystemRole[] = ['bank', 'cash', 'accumulated', 'grants'];

/** What the school has written of an account at a bank; empty where it is none. */
export interface BankFacts {
  bankName: string;
  bankBranch: string;
  bankNumber: string;
}

export interface Account extends BankFacts {
  id: string;
  code: string;
  name: string;
  kind: AccountKind;
  role: SystemRole | null;
  /** Marked by the school as an account at a bank, beside those of the role. */
  atBank: boolean;
  fundId: string | null;
  active: boolean;
  version: number;
}

export interface Fund {
  id: string;
  code: string;
  name: string;
  active: boolean;
}

/** A part of the school that spends: a department, a hostel, a bus. */
export type CostCentre = Fund;

/** Whether a credit makes the account grow: then its balance is shown with the sign turned. */
export function growsByCredit(kind: AccountKind): boolean {
  return kind === 'liability' || kind === 'equity' || kind === 'income';
}

/** Whether money goes to a bank there and comes from one: by its role, or as the school has marked it. */
export function isBank({ role, atBank }: Pick<Account, 'role' | 'atBank'>): boolean {
  return role === 'bank' || atBank;
}

/** Where the money itself is kept: these make the cash book. */
export function holdsMoney({ role, atBank }: Pick<Account, 'role' | 'atBank'>): boolean {
  return (
    isBank({ role, atBank }) || role === 'cash' || role === 'cheques' || role === 'clearing.mobile' || role === 'clearing.card'
  );
}
