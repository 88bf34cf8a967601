import type { CountryCode } from '../../../kernel/packs/types.js';
import type { AccountKind, SystemRole } from './account.rules.js';
import { SYSTEM_ROLES } from './account.rules.js';
import type { Variant } from '../books/books.rules.js';

export interface ChartFund {
  code: string;
  name: string;
}

export interface ChartAccount {
  code: string;
  name: string;
  kind: AccountKind;
  role: SystemRole | null;
  /** Code of the fund that it belongs to. */
  fund: string | null;
}

export interface Chart {
  funds: readonly ChartFund[];
  accounts: readonly ChartAccount[];
}

interface Habits {
  mobile: string;
  tax: string;
  grant: string;
  /** Funds that the state's rules keep apart in a public school, each with a bank account and a cash book of its own. */
  publicFunds: readonly ChartFund[];
}

const ONE_FUND: readonly ChartFund[] = [{ code: 'GEN', name: 'General fund' }];
/** Accounts of public secondary schools in Kenya under free day secondary education. */
const KENYA_FUNDS: readonly ChartFund[] = [
  { code: 'TUI', name: 'Tuition' },
  { code: 'OPS', name: 'Operations' },
  { code: 'BRD', name: 'Boarding' },
  { code: 'INF', name: 'Infrastructure' },
];

const HABITS: Record<CountryCode, Habits> = {
  KE: {
    mobile: 'M-Pesa clearing',
    tax: 'PAYE and statutory deductions',
    grant: 'Government capitation',
    publicFunds: KENYA_FUNDS,
  },
  UG: { mobile: 'Mobile money clearing', tax: 'PAYE and NSSF', grant: 'Capitation grant', publicFunds: ONE_FUND },
  NG: { mobile: 'Mobile and USSD clearing', tax: 'PAYE and pension', grant: 'Government grants', publicFunds: ONE_FUND },
  GH: { mobile: 'Mobile money clearing', tax: 'PAYE and SSNIT', grant: 'Capitation grant', publicFunds: ONE_FUND },
  ZA: { mobile: 'Instant payment clearing', tax: 'PAYE and UIF', grant: 'State allocation', publicFunds: ONE_FUND },
};

/** What income is for, where the chart has an account of its own for it. */
export const INCOME_ACCOUNTS = { boarding: '4010', transport: '4020', meals: '4030', activities: '4040' } as const;

/** Whether the state's rules keep several funds of a public school apart. */
export function keepsFundsApart(country: CountryCode): boolean {
  return HABITS[country].publicFunds.length > 1;
}

/** The accounts that a school begins with; it names, adds and switches off its own afterwards. */
export function chartFor(country: CountryCode, variant: Variant): Chart {
  const habits = HABITS[country];
  const funds = variant === 'public' ? habits.publicFunds : ONE_FUND;
  return { funds, accounts: [...byFund(funds, habits, variant), ...common(habits)].sort((a, b) => (a.code < b.code ? -1 : 1)) };
}

function byFund(funds: readonly ChartFund[], { grant }: Habits, variant: Variant): ChartAccount[] {
  const several = funds.length > 1;
  const named = (name: string, fund: ChartFund): string => (several ? `${name}, ${fund.name.toLowerCase()}` : name);
  return funds.flatMap((fund, n) => [
    account(`10${10 + n}`, named('Cash in hand', fund), 'cash', fund),
    account(`10${30 + n}`, named('Bank account', fund), 'bank', fund),
    account(`30${10 + n}`, named('Accumulated fund', fund), 'accumulated', fund),
    ...(variant === 'public' ? [account(`42${10 + n}`, named(grant, fund), 'grants', fund)] : []),
  ]);
}

function common({ mobile, tax }: Habits): ChartAccount[] {
  return [
    account('1050', 'Cheques in hand', 'cheques'),
    account('1060', mobile, 'clearing.mobile'),
    account('1070', 'Card payments clearing', 'clearing.card'),
    account('1100', 'Fees receivable', 'receivable'),
    own('1200', 'Staff advances', 'asset'),
    own('1210', 'Prepaid expenses', 'asset'),
    account('1300', 'Stores: food, firewood, materials', 'stores'),
    own('1500', 'Land and buildings', 'asset'),
    own('1510', 'Vehicles', 'asset'),
    own('1520', 'Furniture and equipment', 'asset'),
    account('2100', 'Fees billed in advance', 'advance'),
    account('2110', 'Caution money', 'caution'),
    account('2120', 'Collected for others', 'for-others'),
    account('2200', 'Unidentified money', 'suspense'),
    own('2300', 'Suppliers', 'liability'),
    own('2310', tax, 'liability'),
    own('2320', 'Net pay', 'liability'),
    own('2400', 'Loans', 'liability'),
    account('4000', 'School fees', 'fees'),
    own(INCOME_ACCOUNTS.boarding, 'Boarding', 'income'),
    own(INCOME_ACCOUNTS.transport, 'Transport', 'income'),
    own(INCOME_ACCOUNTS.meals, 'Meals', 'income'),
    own(INCOME_ACCOUNTS.activities, 'Activities', 'income'),
    own('4300', 'Donations', 'income'),
    own('4400', 'Other income', 'income'),
    account('4900', 'Discounts given', 'discounts'),
    own('5000', 'Teaching staff', 'expense'),
    own('5010', 'Other staff', 'expense'),
    own('5100', 'Teaching and learning materials', 'expense'),
    own('5110', 'Examinations', 'expense'),
    own('5200', 'Food', 'expense'),
    own('5210', 'Boarding expenses', 'expense'),
    own('5300', 'Electricity, water and fuel', 'expense'),
    own('5310', 'Repairs', 'expense'),
    own('5320', 'Transport and travel', 'expense'),
    own('5400', 'Office and communication', 'expense'),
    own('5410', 'Activities and games', 'expense'),
    account('5800', 'Bank and mobile money charges', 'charges'),
    account('5810', 'Cash over and short', 'over-short'),
    own('5820', 'Fees written off', 'expense'),
  ];
}

function account(code: string, name: string, role: SystemRole, fund: ChartFund | null = null): ChartAccount {
  return { code, name, kind: SYSTEM_ROLES[role], role, fund: fund?.code ?? null };
}

function own(code: string, name: string, kind: AccountKind): ChartAccount {
  return { code, name, kind, role: null, fund: null };
}
