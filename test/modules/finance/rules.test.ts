import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import {
  holdsMoney,
  isBank,
  ROLES_BY_FUND,
  SYSTEM_ROLES,
  type Account,
  type SystemRole,
} from '../../../src/modules/finance/chart/account.rules.js';
import { banksOf, demandBankable, NO_BANK } from '../../../src/modules/finance/chart/bank.rules.js';
import {
  financialYearOf,
  monthsOf,
  monthToClose,
  postingDay,
  type Books,
} from '../../../src/modules/finance/books/books.rules.js';
import { chartFor } from '../../../src/modules/finance/chart/chart.rules.js';
import { entryFrom, linesOfJournal, reversalOf } from '../../../src/modules/finance/ledger/entry.rules.js';
import { balanceSheet, incomeStatement, trialBalance } from '../../../src/modules/finance/statements/statements.rules.js';
import { yearEndLines } from '../../../src/modules/finance/books/year-end.rules.js';

const books = (given: Partial<Books> = {}): Books => ({
  variant: 'private',
  currency: 'KES',
  yearStartsMonth: 1,
  startsOn: '2026-01-01',
  closedThrough: '2026-08-31',
  release: 'term',
  voucherLimitMinor: 0,
  version: 1,
  ...given,
});
const account = (id: string, kind: Account['kind'], role: SystemRole | null = null, fundId: string | null = null): Account => ({
  id,
  code: id,
  name: id,
  kind,
  role,
  ...NO_BANK,
  fundId,
  active: true,
  version: 1,
});

describe('a bank', () => {
  const marked = (given: Partial<Account> = {}): Account => ({ ...account('1040', 'asset'), atBank: true, ...given });

  it('is an account of the role, or one that the school has marked; both hold money', () => {
    const cases: [Account, boolean, boolean][] = [
      [account('1030', 'asset', 'bank'), true, true],
      [marked(), true, true],
      [account('1010', 'asset', 'cash'), false, true],
      [account('1500', 'asset'), false, false],
    ];
    for (const [one, bank, money] of cases) assert.deepEqual([isBank(one), holdsMoney(one)], [bank, money], one.code);
  });

  it('can be chosen while it is in use, the role’s first, each in the order of the chart', () => {
    const all = [
      marked({ id: '1005' }),
      account('1010', 'asset', 'cash'),
      account('1030', 'asset', 'bank', 'a'),
      account('1031', 'asset', 'bank', 'b'),
      marked({ id: '1040' }),
      marked({ id: '1050', active: false }),
      account('1500', 'asset'),
    ];
    assert.deepEqual(
      banksOf(all).map((one) => one.id),
      ['1030', '1031', '1005', '1040'],
    );
  });

  it('is one of the school’s own assets, and only of a bank is the bank, the branch and the number written', () => {
    for (const fine of [
      marked(),
      marked({ bankName: 'Equity' }),
      { ...account('1030', 'asset', 'bank'), bankNumber: '0180' },
      account('5000', 'expense'),
    ])
      demandBankable(fine);
    for (const wrong of [
      marked({ kind: 'liability' }),
      marked({ kind: 'expense' }),
      { ...account('1500', 'asset'), bankName: 'Equity' },
      { ...account('1010', 'asset', 'cash'), bankNumber: '0180' },
    ])
      assert.throws(() => demandBankable(wrong), { code: 'invalid' });
    for (const role of ['cash', 'bank', 'receivable'] as const)
      assert.throws(() => demandBankable(marked({ role })), { code: 'in-use' });
  });
});

describe('when something counts', () => {
  for (const [valueOn, by, expected] of [
    ['2026-09-01', 'person', '2026-09-01'],
    ['2026-11-24', 'person', '2026-11-24'],
    ['2026-08-31', 'person', 'period-closed'],
    ['2025-12-31', 'person', 'before-books'],
    ['2026-11-25', 'person', 'invalid'],
    ['2026-08-31', 'rail', '2026-09-01'],
    ['2025-03-01', 'rail', '2026-09-01'],
    ['2026-10-02', 'rail', '2026-10-02'],
  ] as const) {
    it(`${valueOn} by a ${by}: ${expected}`, () => {
      if (/^\d/.test(expected)) assert.equal(postingDay(books(), valueOn, by, '2026-11-24'), expected);
      else assert.throws(() => postingDay(books(), valueOn, by, '2026-11-24'), { code: expected });
    });
  }
});

describe('months and years', () => {
  it('run from the first day of the books, closed until the day they are closed through', () => {
    const months = monthsOf(books({ startsOn: '2026-06-15', closedThrough: '2026-07-31' }), '2026-09-02');
    assert.deepEqual(
      months.map((one) => [one.id, one.startsOn, one.endsOn, one.state]),
      [
        ['2026-06', '2026-06-15', '2026-06-30', 'closed'],
        ['2026-07', '2026-07-01', '2026-07-31', 'closed'],
        ['2026-08', '2026-08-01', '2026-08-31', 'open'],
        ['2026-09', '2026-09-01', '2026-09-30', 'open'],
      ],
    );
  });
  it('close in order, and only when they are over', () => {
    assert.equal(monthToClose(books(), '2026-09', '2026-11-24').endsOn, '2026-09-30');
    assert.throws(() => monthToClose(books(), '2026-10', '2026-11-24'), { code: 'not-next' });
    assert.throws(() => monthToClose(books({ closedThrough: '2026-10-31' }), '2026-11', '2026-11-30'), { code: 'not-over' });
  });
  it('the last month of the financial year is known, wherever the year begins', () => {
    assert.deepEqual(
      monthsOf(books({ startsOn: '2025-06-01' }), '2026-01-15')
        .filter((one) => one.endsYear)
        .map((one) => one.id),
      ['2025-12'],
    );
    assert.deepEqual(
      monthsOf(books({ yearStartsMonth: 7 }), '2026-11-24')
        .filter((one) => one.endsYear)
        .map((one) => one.id),
      ['2026-06'],
    );
    assert.deepEqual(financialYearOf({ yearStartsMonth: 7 }, '2026-11-24'), { startsOn: '2026-07-01', endsOn: '2027-06-30' });
    assert.deepEqual(financialYearOf({ yearStartsMonth: 1 }, '2026-11-24'), { startsOn: '2026-01-01', endsOn: '2026-12-31' });
  });
});

describe('an entry', () => {
  const amounts = fc
    .array(
      fc.integer({ min: -1e12, max: 1e12 }).filter((minor) => minor !== 0),
      { minLength: 1, maxLength: 12 },
    )
    .filter((list) => list.reduce((a, b) => a + b, 0) !== 0);
  const draftOf = (list: number[]) => ({
    source: { kind: 'x', key: 'x' },
    valueOn: '2026-11-20',
    postedOn: '2026-11-20',
    memo: '',
    lines: list.map((amountMinor) => ({ accountId: 'a', amountMinor, studentId: 's' })),
  });
  it('balances, or is none', () => {
    fc.assert(
      fc.property(amounts, (list) => {
        assert.throws(() => entryFrom('1', draftOf([...list, 1 - list.reduce((a, b) => a + b, 0)])));
        assert.equal(entryFrom('1', draftOf([...list, -list.reduce((a, b) => a + b, 0)])).lines.length, list.length + 1);
      }),
    );
  });
  it('and its reversal come to nothing, line by line, with every dimension', () => {
    const entry = entryFrom('1', draftOf([5, 7, -12]));
    const back = entryFrom('2', reversalOf(entry, '2026-11-24', ''));
    assert.deepEqual(
      back.lines.map((line) => [line.amountMinor, line.studentId]),
      [
        [-5, 's'],
        [-7, 's'],
        [12, 's'],
      ],
    );
  });
  it('by hand has a debit or a credit on each line, never both', () => {
    const row = { accountId: 'a', memo: '', costCentreId: null };
    assert.throws(
      () =>
        linesOfJournal([
          { ...row, debitMinor: 1, creditMinor: 1 },
          { ...row, debitMinor: null, creditMinor: null },
        ]),
      (error: { problems: { field: string }[] }) => {
        assert.deepEqual(
          error.problems.map((one) => one.field),
          ['lines.0.credit', 'lines.1.debit'],
        );
        return true;
      },
    );
  });
});

describe('statements', () => {
  const accounts = [
    account('1030', 'asset', 'bank'),
    account('1100', 'asset', 'receivable'),
    account('2100', 'liability', 'advance'),
    account('3010', 'equity', 'accumulated'),
    account('4000', 'income', 'fees'),
    account('5000', 'expense'),
  ];
  const moved = (accountId: string, openingMinor: number, debitMinor: number, creditMinor: number) => ({
    accountId,
    openingMinor,
    debitMinor,
    creditMinor,
  });
  const movements = [
    moved('1030', 100, 70, 30),
    moved('1100', 0, 90, 70),
    moved('3010', -100, 0, 0),
    moved('4000', 0, 0, 90),
    moved('5000', 0, 30, 0),
  ];

  it('a trial balance has the same sum on both sides, before, in between and after', () => {
    const { totals, rows } = trialBalance(accounts, movements);
    assert.deepEqual(totals, {
      openingDebit: 100,
      openingCredit: 100,
      debit: 190,
      credit: 190,
      closingDebit: 190,
      closingCredit: 190,
    });
    assert.equal(
      rows.find((row) => row.code === '2100'),
      undefined,
      'what never moved is left out',
    );
  });
  it('an income statement is what came in less what was spent in the days', () => {
    const statement = incomeStatement(accounts, movements);
    assert.deepEqual([statement.income.totalMinor, statement.expense.totalMinor, statement.surplusMinor], [90, 30, 60]);
  });
  it('a balance sheet balances, with what families have paid ahead as a liability', () => {
    const balances = [
      { accountId: '1030', balanceMinor: 140 },
      { accountId: '1100', balanceMinor: 20 },
      { accountId: '3010', balanceMinor: -100 },
      { accountId: '4000', balanceMinor: -90 },
      { accountId: '5000', balanceMinor: 30 },
    ];
    const sheet = balanceSheet(accounts, balances, {
      creditBalancesMinor: 15,
      receivableId: '1100',
      words: { credits: 'Paid ahead', surplus: 'Surplus' },
    });
    assert.equal(sheet.assets.totalMinor, 140 + 20 + 15);
    assert.deepEqual(
      sheet.liabilities.lines.map((line) => [line.name, line.amountMinor]),
      [['Paid ahead', 15]],
    );
    assert.deepEqual(
      sheet.equity.lines.map((line) => [line.name, line.amountMinor]),
      [
        ['3010', 100],
        ['Surplus', 60],
      ],
    );
    assert.equal(sheet.assets.totalMinor, sheet.liabilities.totalMinor + sheet.equity.totalMinor);
  });
  it('a year’s end takes each yearly account to zero, fund by fund', () => {
    const funds = [
      account('3010', 'equity', 'accumulated', 'T'),
      account('3011', 'equity', 'accumulated', 'B'),
      account('4000', 'income'),
      account('5000', 'expense'),
      account('1030', 'asset'),
    ];
    const lines = yearEndLines(funds, [
      { accountId: '4000', fundId: 'T', minor: -90 },
      { accountId: '5000', fundId: 'T', minor: 30 },
      { accountId: '5000', fundId: 'B', minor: 8 },
      { accountId: '1030', fundId: 'T', minor: 52 },
      { accountId: '4000', fundId: null, minor: -5 },
    ]);
    assert.deepEqual(
      lines.map(({ accountId, fundId, amountMinor }) => [accountId, fundId, amountMinor]),
      [
        ['4000', 'T', 90],
        ['5000', 'T', -30],
        ['5000', 'B', -8],
        ['4000', null, 5],
        ['3010', 'T', -60],
        ['3011', 'B', 8],
        ['3010', null, -5],
      ],
    );
  });
});

describe('a chart', () => {
  for (const country of ['KE', 'UG', 'NG', 'GH', 'ZA'] as const) {
    for (const variant of ['private', 'public'] as const) {
      it(`of a ${variant} school in ${country} fills every role, each code once`, () => {
        const { accounts, funds } = chartFor(country, variant);
        assert.equal(new Set(accounts.map((one) => one.code)).size, accounts.length);
        const wanted = (Object.keys(SYSTEM_ROLES) as SystemRole[]).filter((role) => role !== 'grants' || variant === 'public');
        for (const role of wanted) {
          const filled = accounts.filter((one) => one.role === role);
          assert.equal(filled.length, ROLES_BY_FUND.includes(role) ? funds.length : 1, role);
          for (const one of filled) assert.equal(one.kind, SYSTEM_ROLES[role], role);
        }
      });
    }
  }
  it('of a public school in Kenya keeps four funds apart, each with bank, cash and accumulated fund', () => {
    const { accounts, funds } = chartFor('KE', 'public');
    assert.deepEqual(
      funds.map((fund) => fund.code),
      ['TUI', 'OPS', 'BRD', 'INF'],
    );
    for (const { code } of funds)
      assert.deepEqual(
        accounts
          .filter((one) => one.fund === code)
          .map((one) => one.role)
          .sort(),
        ['accumulated', 'bank', 'cash', 'grants'],
      );
  });
});
