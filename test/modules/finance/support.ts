import { newId } from '../../../src/kernel/id.js';
import { Accounts, type AccountDetails } from '../../../src/modules/finance/chart/accounts.js';
import { BooksKeeping } from '../../../src/modules/finance/books/books.js';
import { IDENTITY } from '../../../src/modules/identity/index.js';
import type { RoleName } from '../../../src/platform/module.js';
import type { Answer } from '../../support/browser.js';
import { LEDGER, type Posting, type SystemRole } from '../../../src/modules/finance/index.js';
import { CHART_STORE } from '../../../src/modules/finance/ports.js';
import { aSchool, type SchoolUnderTest } from '../../support/app.js';

export const TODAY = '2026-11-24';

export interface SchoolWithBooks extends SchoolUnderTest {
  /** Id of the account that fills a role, or has a code. */
  account(name: SystemRole | `${number}`): string;
  post(given: Pick<Posting, 'lines'> & Partial<Posting>): Promise<string>;
  close(month: string): Promise<void>;
  /** Asks the API as a new account of that role. */
  api(role: RoleName): Promise<(path: string) => Promise<Answer>>;
}

const PASSWORD = 'correct-horse-battery-staple-7';

/** A private school in Kenya whose books began on 1 January 2026; it is 24 November unless another day is named. */
export async function withBooks(
  options: {
    country?: string;
    variant?: 'private' | 'public';
    startsOn?: string;
    today?: string;
    background?: boolean;
    years?: number[];
  } = {},
): Promise<SchoolWithBooks> {
  const today = options.today ?? TODAY;
  const school = await aSchool({
    clock: { now: () => new Date(`${today}T09:00:00Z`) },
    country: options.country ?? 'KE',
    background: options.background,
    ...(options.years && { years: options.years }),
  });
  const opening = {
    variant: options.variant ?? 'private',
    yearStartsMonth: 1,
    startsOn: options.startsOn ?? '2026-01-01',
    release: 'term',
  } as const;
  await school.run(() => school.get(BooksKeeping).open(school.office, opening));
  const { accounts } = await school.run(() => school.get(CHART_STORE).chart());
  return {
    ...school,
    account: (name) => accounts.find((one) => one.role === name || one.code === name)!.id,
    post: async (given) => {
      const posting: Posting = {
        source: { kind: 'test', key: newId() },
        valueOn: '2026-11-20',
        memo: 'Something',
        by: 'person',
        ...given,
      };
      return (await school.run(() => school.get(LEDGER).post(school.office, posting))).entryId;
    },
    api: async (role) => {
      const email = `api-${role}-${newId()}@school.test`;
      await school.run(() =>
        school
          .get(IDENTITY)
          .createAccount({ name: role, email, roles: [role], by: { password: PASSWORD }, actor: school.office }),
      );
      const browser = school.stranger();
      const token = await browser.token(email, PASSWORD);
      return (path) => browser.get(`/api/v1${path}`, { authorization: `Bearer ${token}` });
    },
    close: (month) => school.run(() => school.get(BooksKeeping).close(school.office, month, '')),
  };
}

/** One more bank of the school, beside the one of the role; its id. */
export function aBank(school: SchoolUnderTest, given: Partial<AccountDetails> = {}): Promise<string> {
  const bank = {
    code: '1040',
    name: 'Bank account for salaries',
    atBank: true,
    bankName: '',
    bankBranch: '',
    bankNumber: '',
    ...given,
  };
  return school.run(() => school.get(Accounts).add(school.office, { ...bank, kind: 'asset', fundId: null }));
}
