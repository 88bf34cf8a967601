import { Accounts } from '../../src/modules/finance/chart/accounts.js';
import { BooksKeeping } from '../../src/modules/finance/books/books.js';
import { LEDGER } from '../../src/modules/finance/index.js';
import type { SchoolUnderTest } from '../support/app.js';

const SECOND = {
  code: '1040',
  name: 'Bank account for salaries and statutory deductions',
  kind: 'asset',
  fundId: null,
  atBank: true,
  bankName: 'Kenya Commercial Bank',
  bankBranch: 'Kitale Main Street',
  bankNumber: '0114 2233 445566',
} as const;

/** Books of a school with two banks, opened by whichever page is visited first. */
export async function openBooks(school: SchoolUnderTest): Promise<void> {
  if (await school.get(LEDGER).openBooks()) return;
  await school
    .get(BooksKeeping)
    .open(school.office, { variant: 'private', yearStartsMonth: 1, startsOn: '2026-01-01', release: 'term' });
  await school.get(Accounts).add(school.office, SECOND);
}

/** The bank that the school has marked itself. */
export async function secondBank(school: SchoolUnderTest): Promise<string> {
  return (await school.get(LEDGER).banks()).find((one) => one.code === SECOND.code)!.id;
}
