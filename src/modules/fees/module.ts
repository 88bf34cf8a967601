import type { Module } from '../../platform/module.js';
import { AUDIT } from '../../platform/http/ports.js';
import { CONFIG } from '../../platform/settings.js';
import { CLOCK, UNIT } from '../../platform/tokens.js';
import { APPROVALS } from '../approvals/index.js';
import { ACCOUNT_USES, LEDGER } from '../finance/index.js';
import { SCHOOL, SCHOOL_CALENDAR } from '../school/index.js';
import { STUDENTS } from '../students/index.js';
import { SUBJECTS } from '../subjects/index.js';
import { ACTS } from './acts.js';
import { ALL_PAY_PAGES, bindBilling, billingWork } from './billing/wiring.js';
import { bindClearing, CLEARING_PERMISSIONS, clearingJobs, clearingRoutes } from './clearance/wiring.js';
import { bindCollecting, collectingRoutes } from './collections/wiring.js';
import { banksCheques, bindCheques } from './banking/wiring.js';
import { bindFormer, formerRoutes } from './opening/former.wiring.js';
import { bindOpening } from './opening/wiring.js';
import { INSTALMENTS, PAYING } from './index.js';
import { bindPaying, payingRoutes } from './paying.wiring.js';
import { RECEIVING_PERMISSIONS } from './receiving/wiring.js';
import { REVERSAL_PERMISSIONS } from './reversals/wiring.js';
import { bindPlanning, PLANNING_PERMISSION, planningRoutes } from './instalments/wiring.js';
import { bindRefunding, REFUND_PERMISSIONS } from './refunds/wiring.js';
import { bindReminding, REMINDING_PERMISSION, remindingRoutes, remindingSubscribers } from './reminders/wiring.js';
import { awardRoutes } from './awards/adapters/awards.routes.js';
import { billNoticeRoutes } from './billing/adapters/bill-notices.routes.js';
import { moneyCard } from './collections/adapters/dashboard.js';
import { billingRoutes } from './billing/adapters/billing.routes.js';
import { doubleBillRoutes } from './billing/adapters/double-bills.routes.js';
import { feesApi } from './adapters/fees.api.js';
import { statementRoutes } from './statements/adapters/statements.routes.js';
import { settingsRoutes } from './structures/adapters/settings.routes.js';
import { sponsorRoutes } from './awards/adapters/sponsors.routes.js';
import { invoiceRoutes } from './documents/adapters/invoices.routes.js';
import { PostgresHeadStore } from './structures/adapters/head.store.js';
import { feesData, payersOfPayments } from './adapters/own-data.js';
import { PostgresStructureStore } from './structures/adapters/structure.store.js';
import { structureRoutes } from './structures/adapters/structures.routes.js';
import { voteHeadRoutes } from './structures/adapters/vote-heads.routes.js';
import { AWARD, Awards } from './awards/awards.js';
import { BillNotices } from './billing/bill-notices.js';
import { BillingRuns } from './billing/billing-runs.js';
import { Charges } from './billing/charges.js';
import { Codes } from './receiving/codes.js';
import { Collections } from './collections/collections.js';
import { DoubleBills } from './billing/double-bills.js';
import { FeeSettingsKeeping } from './structures/fee-settings.js';
import { HowToPay } from './statements/how-to-pay.js';
import { Invoices } from './documents/invoices.js';
import { Payments } from './receiving/payments.js';
import { LIMITS, ReceivingSettingsKeeping } from './receiving/receiving-settings.js';
import { Refunds } from './refunds/refunds.js';
import { Sponsors } from './awards/sponsors.js';
import { FeeStatements } from './statements/statements.js';
import { Structures } from './structures/structures.js';
import { Subscriptions } from './billing/subscriptions.js';
import { VoteHeads } from './structures/vote-heads.js';
import { usesOf } from './structures/account-uses.js';
import type { FeePages } from './adapters/pages.js';
import { offers } from './adapters/offers.js';
import { familyCard } from './statements/adapters/family-card.js';
import { feeSearch } from './adapters/search.js';
import { SEES_ACCOUNTS, SHARES, WRITES } from './documents/document.rules.js';
import { FORMER_RECEIPT_STORE, HEAD_STORE, NUMBER_STORE, PAYMENT_STORE, STRUCTURE_STORE, type HeadStore } from './ports.js';

export const fees: Module = {
  name: 'fees',
  acts: ACTS,
  permissions: [
    {
      key: 'fees.read',
      label: 'See what the school charges',
      group: 'Fees',
      roles: ['owner', 'administrator', 'head', 'registrar', 'bursar', 'auditor'],
    },
    {
      key: SEES_ACCOUNTS,
      label: 'See invoices, balances and statements of students',
      group: 'Fees',
      roles: ['owner', 'administrator', 'head', 'bursar', 'auditor'],
      guarded: 'money',
    },
    {
      key: SHARES,
      label: 'Send families a link to their statement, and revoke it',
      group: 'Fees',
      roles: ['owner', 'administrator', 'head', 'bursar'],
      guarded: 'money',
    },
    {
      key: WRITES,
      label: 'Bill terms, issue notes and reverse bills',
      group: 'Fees',
      roles: ['owner', 'bursar'],
      guarded: 'money',
    },
    ...RECEIVING_PERMISSIONS,
    ...REVERSAL_PERMISSIONS,
    ...REFUND_PERMISSIONS,
    REMINDING_PERMISSION,
    PLANNING_PERMISSION,
    ...CLEARING_PERMISSIONS,
    { key: 'fees.approve', label: 'Approve awards above the limit', group: 'Fees', roles: ['owner', 'head'], guarded: 'money' },
    {
      key: LIMITS,
      label: 'Set the amount up to which a cashier may reverse receipts alone',
      group: 'Fees',
      roles: ['owner'],
      guarded: 'money',
    },
    {
      key: 'fees.setup',
      label: 'Change vote heads and fee structures',
      group: 'Fees',
      roles: ['owner', 'bursar'],
      guarded: 'money',
    },
  ],
  menu: [
    { group: 'Money', label: 'Fees', href: '/fees', icon: 'coins', can: 'fees.read', order: 10 },
    { group: 'Money', label: 'Cashier', href: '/fees/cashier', icon: 'coins', can: 'fees.receive', order: 5 },
    { group: 'Money', label: 'Payments', href: '/fees/payments', icon: 'receipt', can: 'fees.payments.read', order: 15 },
  ],

  offers,
  bind(c) {
    c.bind(HEAD_STORE).toResolvedValue(() => new PostgresHeadStore());
    c.bind(STRUCTURE_STORE).toResolvedValue(() => new PostgresStructureStore());
    c.bind(ACCOUNT_USES).toResolvedValue((heads: HeadStore) => usesOf(heads), [HEAD_STORE]);
    bindBilling(c);
    c.bind(VoteHeads).toResolvedValue((...parts) => new VoteHeads(...parts), [UNIT, AUDIT, HEAD_STORE, LEDGER, SCHOOL]);
    c.bind(Structures).toResolvedValue(
      (unit, audit, clock, store, heads, school, calendar) =>
        new Structures({ unit, audit, clock, store, heads, school, calendar }),
      [UNIT, AUDIT, CLOCK, STRUCTURE_STORE, HEAD_STORE, SCHOOL, SCHOOL_CALENDAR],
    );
    bindCheques(c);
    bindPaying(c);
    bindRefunding(c);
    bindReminding(c);
    bindCollecting(c);
    bindPlanning(c);
    bindClearing(c);
    bindOpening(c);
    bindFormer(c);
  },

  routes(r, get) {
    const pages: FeePages = {
      heads: get(VoteHeads),
      structures: get(Structures),
      school: get(SCHOOL),
      subjects: get(SUBJECTS),
      students: get(STUDENTS),
      runs: get(BillingRuns),
      notices: get(BillNotices),
      invoices: get(Invoices),
      doubleBills: get(DoubleBills),
      charges: get(Charges),
      settings: get(FeeSettingsKeeping),
      receiving: get(ReceivingSettingsKeeping),
      subscriptions: get(Subscriptions),
      awards: get(Awards),
      sponsors: get(Sponsors),
      statements: get(FeeStatements),
      payTo: get(HowToPay),
      refunds: get(Refunds),
      payments: get(Payments),
      publicUrl: get(CONFIG).publicUrl,
    };
    voteHeadRoutes(r, pages);
    billingRoutes(r, pages);
    billNoticeRoutes(r, pages);
    settingsRoutes(r, pages);
    invoiceRoutes(r, pages);
    doubleBillRoutes(r, pages);
    awardRoutes(r, pages);
    sponsorRoutes(r, pages);
    statementRoutes(r, pages);
    structureRoutes(r, pages);
    feesApi(r, pages);
    payingRoutes(r, get);
    banksCheques(r, get);
    remindingRoutes(r, get);
    collectingRoutes(r, get);
    planningRoutes(r, get);
    clearingRoutes(r, get);
    formerRoutes(r, get);
  },

  work(get) {
    const billing = billingWork(get);
    return {
      ...billing,
      jobs: { ...billing.jobs, ...clearingJobs(get) },
      subscribe: [...(billing.subscribe ?? []), ...remindingSubscribers(get)],
      search: feeSearch({
        numbers: get(NUMBER_STORE),
        former: get(FORMER_RECEIPT_STORE),
        students: get(STUDENTS),
        school: get(SCHOOL),
      }),
      dashboard: [
        moneyCard(get(Collections), get(Codes), get(SCHOOL)),
        familyCard({
          students: get(STUDENTS),
          subjects: get(SUBJECTS),
          ledger: get(LEDGER),
          payTo: get(HowToPay),
          overdue: get(PAYING),
          bills: get(PAYMENT_STORE),
          school: get(SCHOOL),
          plans: get(INSTALMENTS),
          payPages: get(ALL_PAY_PAGES),
        }),
      ],
      personalData: [
        feesData({
          school: () => get(SCHOOL).profile(),
          balanceOf: (id) => get(LEDGER).balance({ kind: 'student', id }),
          forgetAwards: (ids) => get(APPROVALS).forget(AWARD, ids),
        }),
      ],
      retention: [payersOfPayments],
    };
  },
};
