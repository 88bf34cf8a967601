import type { Module } from '../../platform/module.js';
import { Wake } from '../../platform/db/wake.js';
import { AUDIT } from '../../platform/http/ports.js';
import { CLOCK, token, UNIT } from '../../platform/tokens.js';
import type { Clock } from '../../kernel/clock.js';
import { APPROVAL_KINDS, APPROVALS } from '../approvals/index.js';
import { SCHOOL } from '../school/index.js';
import { IMPORT_KINDS } from '../imports/index.js';
import { ACTS } from './acts.js';
import { openingBalancesImport } from './opening/adapters/opening-balances.import.js';
import { PostgresBooksStore } from './books/adapters/books.store.js';
import { PostgresCashBookStore } from './cash-book/adapters/cash-book.store.js';
import { PostgresChartStore } from './chart/adapters/chart.store.js';
import { PostgresCheckStore } from './books/adapters/check.store.js';
import { PostgresEntryStore } from './ledger/adapters/entry.store.js';
import { PostgresGrantStore } from './grants/adapters/grant.store.js';
import { PostgresStatementStore } from './statements/adapters/statement.store.js';
import { PostgresVoteBookStore } from './vote-book/adapters/vote-book.store.js';
import { accountRoutes } from './chart/adapters/accounts.routes.js';
import { booksRoutes, openingRoutes } from './books/adapters/books.routes.js';
import { cashBookRoutes } from './cash-book/adapters/cash-book.routes.js';
import { generalLedgerRoutes } from './ledger/adapters/general-ledger.routes.js';
import { grantRoutes } from './grants/adapters/grants.routes.js';
import { journalRoutes } from './ledger/adapters/journal.routes.js';
import { ledgerApi } from './ledger/adapters/ledger.api.js';
import { booksFirst, type FinancePages } from './adapters/pages.js';
import { statementRoutes } from './statements/adapters/statements.routes.js';
import { voteBookRoutes } from './vote-book/adapters/vote-book.routes.js';
import { journalSheet } from './adapters/whole-export.js';
import { offers } from './adapters/offers.js';
import { Accounts } from './chart/accounts.js';
import { BooksKeeping } from './books/books.js';
import { CashBooks } from './cash-book/cash-books.js';
import { Checker } from './books/checker.js';
import { Grants } from './grants/grants.js';
import { Journals } from './ledger/journals.js';
import { Vouchers } from './ledger/vouchers.js';
import { Ledger } from './ledger/ledger.js';
import { OpeningBalances } from './opening/opening-balances.js';
import { Reopening } from './books/reopening.js';
import { Statements } from './statements/statements.js';
import { VoteBooks } from './vote-book/vote-books.js';
import { ACCOUNT_USES, ENTRY_PAPERS, HEAD_NAMES, LEDGER, LEDGER_CHECKS } from './index.js';
import {
  BOOKS_STORE,
  CASH_BOOK_STORE,
  CHART_STORE,
  CHECK_STORE,
  ENTRY_STORE,
  GRANT_STORE,
  STATEMENT_STORE,
  VOTE_BOOK_STORE,
  type AccountUse,
  type EntryPapers,
  type LedgerCheck,
} from './ports.js';

const OTHER_CHECKS = token<readonly LedgerCheck[]>('AllLedgerChecks');
const ALL_USES = token<readonly AccountUse[]>('AllAccountUses');
const ALL_PAPERS = token<readonly EntryPapers[]>('AllEntryPapers');

export const finance: Module = {
  name: 'finance',
  acts: ACTS,
  permissions: [
    {
      key: 'finance.read',
      label: 'See accounts, journal and statements',
      group: 'Finance',
      roles: ['owner', 'head', 'bursar', 'auditor'],
      guarded: 'money',
    },
    {
      key: 'finance.post',
      label: 'Post and reverse journal vouchers',
      group: 'Finance',
      roles: ['owner', 'bursar'],
      guarded: 'money',
    },
    { key: 'finance.close', label: 'Close months and years', group: 'Finance', roles: ['owner', 'bursar'], guarded: 'money' },
    {
      key: 'finance.approve',
      label: 'Approve changes to the books that need a second person, such as reopening a closed month',
      group: 'Finance',
      roles: ['owner', 'head'],
      guarded: 'money',
    },
    {
      key: 'finance.setup',
      label: 'Open the books and change the chart of accounts',
      group: 'Finance',
      roles: ['owner', 'bursar'],
      guarded: 'money',
    },
  ],
  menu: [{ group: 'Money', label: 'Finance', href: '/finance', icon: 'ledger', can: 'finance.read', order: 50 }],

  offers,
  bind(c) {
    c.bind(BOOKS_STORE).toResolvedValue(() => new PostgresBooksStore());
    c.bind(CHART_STORE).toResolvedValue(() => new PostgresChartStore());
    c.bind(ENTRY_STORE).toResolvedValue(() => new PostgresEntryStore());
    c.bind(STATEMENT_STORE).toResolvedValue(() => new PostgresStatementStore());
    c.bind(CHECK_STORE).toResolvedValue(() => new PostgresCheckStore());
    c.bind(OTHER_CHECKS).toDynamicValue((context) => context.getAll(LEDGER_CHECKS));
    c.bind(ALL_USES).toDynamicValue((context) => context.getAll(ACCOUNT_USES));
    c.bind(ALL_PAPERS).toDynamicValue((context) => context.getAll(ENTRY_PAPERS));
    c.bind(CASH_BOOK_STORE).toResolvedValue(() => new PostgresCashBookStore());
    c.bind(CashBooks).toResolvedValue(
      (...parts) => new CashBooks(...parts),
      [CHART_STORE, CASH_BOOK_STORE, HEAD_NAMES, ALL_PAPERS],
    );
    c.bind(VOTE_BOOK_STORE).toResolvedValue(() => new PostgresVoteBookStore());
    c.bind(VoteBooks).toResolvedValue((...parts) => new VoteBooks(...parts), [UNIT, AUDIT, VOTE_BOOK_STORE, HEAD_NAMES]);
    c.bind(Ledger).toResolvedValue(
      (unit, books, charts, entries, school) => {
        const wake = new Wake('numbering entries', () => unit(() => entries.giveNumbers()));
        return new Ledger(unit, books, charts, entries, school, () => wake.afterThis());
      },
      [UNIT, BOOKS_STORE, CHART_STORE, ENTRY_STORE, SCHOOL],
    );
    c.bind(LEDGER).toService(Ledger);
    c.bind(GRANT_STORE).toResolvedValue(() => new PostgresGrantStore());
    c.bind(Grants).toResolvedValue(
      (...parts) => new Grants(...parts),
      [UNIT, AUDIT, GRANT_STORE, CHART_STORE, Ledger, HEAD_NAMES],
    );
    c.bind(ENTRY_PAPERS).toResolvedValue((grants: Grants) => grants.papers, [Grants]);
    c.bind(LEDGER_CHECKS).toResolvedValue((grants: Grants) => grants.check, [Grants]);
    c.bind(Checker).toResolvedValue(
      (store, books, ledger, others, clock: Clock, unit, audit) => new Checker(store, books, ledger, others, clock, unit, audit),
      [CHECK_STORE, BOOKS_STORE, Ledger, OTHER_CHECKS, CLOCK, UNIT, AUDIT],
    );
    c.bind(Reopening).toResolvedValue((...parts) => new Reopening(...parts), [UNIT, AUDIT, BOOKS_STORE, APPROVALS, SCHOOL]);
    c.bind(APPROVAL_KINDS).toResolvedValue((reopening: Reopening) => reopening.kind, [Reopening]);
    c.bind(BooksKeeping).toResolvedValue(
      (unit, audit, books, charts, statements, ledger, checker, reopening, school) =>
        new BooksKeeping({ unit, audit, books, charts, statements, ledger, checker, reopening, school }),
      [UNIT, AUDIT, BOOKS_STORE, CHART_STORE, STATEMENT_STORE, Ledger, Checker, Reopening, SCHOOL],
    );
    c.bind(Accounts).toResolvedValue((...parts) => new Accounts(...parts), [UNIT, AUDIT, CHART_STORE, STATEMENT_STORE, ALL_USES]);
    c.bind(OpeningBalances).toResolvedValue(
      (...parts) => new OpeningBalances(...parts),
      [Ledger, BOOKS_STORE, CHART_STORE, ENTRY_STORE],
    );
    c.bind(IMPORT_KINDS).toResolvedValue((opening: OpeningBalances) => openingBalancesImport(opening), [OpeningBalances]);
    c.bind(Journals).toResolvedValue((...parts) => new Journals(...parts), [UNIT, AUDIT, Ledger, CHART_STORE, ENTRY_STORE]);
    c.bind(Vouchers).toResolvedValue(
      (...parts) => new Vouchers(...parts),
      [UNIT, Journals, BOOKS_STORE, CHART_STORE, APPROVALS, SCHOOL],
    );
    c.bind(APPROVAL_KINDS).toResolvedValue((vouchers: Vouchers) => vouchers.kind, [Vouchers]);
    c.bind(Statements).toResolvedValue((...parts) => new Statements(...parts), [CHART_STORE, STATEMENT_STORE, Ledger]);
  },

  routes(r, get) {
    const pages: FinancePages = {
      ledger: get(Ledger),
      books: get(BooksKeeping),
      reopening: get(Reopening),
      accounts: get(Accounts),
      journals: get(Journals),
      vouchers: get(Vouchers),
      statements: get(Statements),
      cashBooks: get(CashBooks),
      voteBooks: get(VoteBooks),
      grants: get(Grants),
      checker: get(Checker),
      school: get(SCHOOL),
    };
    openingRoutes(r, pages);
    const open = booksFirst(r, pages);
    booksRoutes(open, pages);
    journalRoutes(open, pages);
    accountRoutes(open, pages);
    statementRoutes(open, pages);
    generalLedgerRoutes(open, pages);
    cashBookRoutes(open, pages);
    voteBookRoutes(open, pages);
    grantRoutes(open, pages);
    ledgerApi(r, pages);
  },

  work: (get) => ({
    wholeExport: [journalSheet(get(Journals), get(SCHOOL))],
    health: async () => ((await get(Checker).last())?.differences.length ? 'ledger: degraded' : null),
    jobs: {
      'finance.number-entries': async () => void (await get(UNIT)(() => get(ENTRY_STORE).giveNumbers())),
      'finance.check': async () => void (await get(Checker).run()),
    },
    cron: { 'finance.number-entries': '* * * * *', 'finance.check': '19 * * * *' },
  }),
};
