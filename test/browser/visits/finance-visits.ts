import { newId } from '../../../src/kernel/id.js';
import { BooksKeeping } from '../../../src/modules/finance/books/books.js';
import { Grants } from '../../../src/modules/finance/grants/grants.js';
import { VoteBooks } from '../../../src/modules/finance/vote-book/vote-books.js';
import { VoteHeads } from '../../../src/modules/fees/structures/vote-heads.js';
import { LEDGER } from '../../../src/modules/finance/index.js';
import { SCHOOL } from '../../../src/modules/school/index.js';
import { openBooks, secondBank } from '../books.js';
import type { Stage, Visit } from '../stage.js';

/** The books, as the bursar sees them. */
export const financeVisits: Record<string, Visit> = {
  'finance/books/new': '/finance/books/new',
  'finance/index': (stage) => opened(stage, () => '/finance'),
  'finance/checks': (stage) => opened(stage, () => '/finance/checks'),
  'finance/books/show': (stage) => opened(stage, () => '/finance/books'),
  'finance/books/edit': (stage) => opened(stage, () => '/finance/books/edit'),
  'finance/books/close': (stage) => opened(stage, ({ next }) => `/finance/months/${next}/closing`),
  'finance/books/reopen': async (stage) => `/finance/months/${await closedMonth(stage)}/reopening`,
  'finance/accounts/index': (stage) => opened(stage, () => '/finance/accounts'),
  'finance/accounts/new': (stage) => opened(stage, () => '/finance/accounts/new'),
  'finance/accounts/cost-centre': (stage) => opened(stage, () => '/finance/cost-centres/new'),
  'finance/accounts/show': (stage) => opened(stage, ({ second }) => `/finance/accounts/${second}`),
  'finance/accounts/edit': (stage) => opened(stage, ({ second }) => `/finance/accounts/${second}/edit`),
  'finance/accounts/close': (stage) => opened(stage, ({ account }) => `/finance/accounts/${account}/closing`),
  'finance/journal/index': (stage) => opened(stage, () => '/finance/journal'),
  'finance/journal/new': (stage) => opened(stage, () => '/finance/journal/new'),
  'finance/journal/show': (stage) => opened(stage, ({ entry }) => `/finance/journal/${entry}`),
  'finance/journal/reverse': (stage) => opened(stage, ({ entry }) => `/finance/journal/${entry}/reversal`),
  'finance/cash-book/index': (stage) => opened(stage, ({ account }) => `/finance/cash-book?account=${account}&side=payments`),
  'finance/vote-book/index': (stage) => withHead(stage, () => '/finance/vote-book'),
  'finance/vote-book/show': (stage) => withHead(stage, (head) => `/finance/vote-book/${head}`),
  'finance/vote-book/allocate': (stage) => withHead(stage, (head) => `/finance/vote-book/${head}/allocation`),
  'finance/grants/index': (stage) => withGrant(stage, () => '/finance/grants'),
  'finance/grants/new': (stage) => withGrant(stage, () => '/finance/grants/new'),
  'finance/grants/show': (stage) => withGrant(stage, (grant) => `/finance/grants/${grant}`),
  'finance/grants/reverse': (stage) => withGrant(stage, (grant) => `/finance/grants/${grant}/reversal`),
  'finance/statements/general-ledger': (stage) => opened(stage, () => '/finance/general-ledger'),
  'finance/statements/trial-balance': (stage) => opened(stage, () => '/finance/trial-balance'),
  'finance/statements/income-statement': (stage) => opened(stage, () => '/finance/income-statement'),
  'finance/statements/balance-sheet': (stage) => opened(stage, () => '/finance/balance-sheet'),
};

async function opened(
  stage: Stage,
  pathOf: (ids: { account: string; second: string; entry: string; next: string }) => string,
): Promise<string> {
  const { school } = stage;
  return school.run(async () => {
    const ledger = school.get(LEDGER);
    await openBooks(school);
    const [cash, bank] = [await ledger.account('cash'), await ledger.account('bank')];
    const second = await secondBank(school);
    const posting = {
      source: { kind: 'journal', key: newId() },
      valueOn: await school.get(SCHOOL).today(),
      memo: 'Cash from the bank for the kitchen and the small repairs of the month',
      by: 'person' as const,
    };
    const { entryId } = await ledger.post(school.office, {
      ...posting,
      lines: [
        { accountId: cash.id, amountMinor: 1_250_000_50 },
        { accountId: second, amountMinor: 3_000_000_75 },
        { accountId: bank.id, amountMinor: -4_250_001_25 },
      ],
    });
    const { months } = await school.get(BooksKeeping).months(school.office);
    return pathOf({ account: bank.id, second, entry: entryId, next: months.find((month) => month.state === 'open')!.id });
  });
}

/** A vote head that spent something and may spend more. */
async function withHead(stage: Stage, pathOf: (head: string) => string): Promise<string> {
  await opened(stage, () => '');
  const { school } = stage;
  return school.run(async () => {
    const [fees, bank, food] = [
      await school.get(LEDGER).account('fees'),
      await school.get(LEDGER).account('bank'),
      (await school.get(LEDGER).accounts()).find((one) => one.code === '5200')!,
    ];
    const head = await school.get(VoteHeads).add(school.office, {
      code: newId().slice(-10).toUpperCase(),
      name: 'Electricity, water and conservancy',
      kind: 'income',
      frequency: 'term',
      mandatory: true,
      priority: 4,
      accountId: fees.id,
    });
    const today = await school.get(SCHOOL).today();
    const lines = [
      { accountId: food.id, amountMinor: 12_345_678_50, voteHeadId: head },
      { accountId: bank.id, amountMinor: -12_345_678_50 },
    ];
    await school.get(LEDGER).post(school.office, {
      source: { kind: 'journal', key: newId() },
      valueOn: today,
      memo: 'Water for the tanks of the boarding section',
      by: 'person',
      lines,
    });
    await school.get(VoteBooks).allocate(school.office, {
      headId: head,
      yearStartsOn: `${today.slice(0, 4)}-01-01`,
      amountMinor: 20_000_000_00,
      version: 0,
    });
    return pathOf(head);
  });
}

/** Capitation that came in, by amount and by learner. */
async function withGrant(stage: Stage, pathOf: (grant: string) => string): Promise<string> {
  await opened(stage, () => '');
  const { school } = stage;
  return school.run(async () => {
    const fees = await school.get(LEDGER).account('fees');
    const head = (name: string): Promise<string> =>
      school.get(VoteHeads).add(school.office, {
        code: newId().slice(-10).toUpperCase(),
        name,
        kind: 'grant',
        frequency: 'year',
        mandatory: false,
        priority: 50,
        accountId: fees.id,
      });
    const [one, other] = [await head('Repairs, maintenance and improvement'), await head('Local travel and transport')];
    const { funds, banks } = await school.get(Grants).choices();
    const grant = {
      key: newId(),
      fundId: funds[0]!.id,
      accountId: banks[0]!.id,
      receivedOn: await school.get(SCHOOL).today(),
      giver: 'Ministry of Education',
      reference: `MOE/FDSE/${newId().slice(-8)}`,
      learners: 1_240,
      totalMinor: 12_400_000_00 + 2_500_050,
      note: 'Second tranche',
    };
    return pathOf(
      await school.get(Grants).receive(school.office, {
        ...grant,
        rows: [
          { headId: one, perLearnerMinor: 10_000_00, amountMinor: null },
          { headId: other, perLearnerMinor: null, amountMinor: 2_500_050 },
        ],
      }),
    );
  });
}

/** Closes the oldest open month; its id. */
export async function closedMonth(stage: Stage): Promise<string> {
  const month = await opened(stage, ({ next }) => next);
  await stage.school.run(() => stage.school.get(BooksKeeping).close(stage.school.office, month, ''));
  return month;
}
