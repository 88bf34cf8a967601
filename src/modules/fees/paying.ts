import { createHash, randomBytes } from 'node:crypto';
import type { Container, ServiceIdentifier } from 'inversify';
import { documentCode } from '../../kernel/codes.js';
import { AUDIT } from '../../platform/http/ports.js';
import type { Routes } from '../../platform/http/routes.js';
import type { Get, Permission } from '../../platform/module.js';
import { CONFIG } from '../../platform/settings.js';
import { PUBLISH, UNIT } from '../../platform/tokens.js';
import { APPROVAL_KINDS, APPROVALS } from '../approvals/index.js';
import { LEDGER, LEDGER_CHECKS } from '../finance/index.js';
import { SCHOOL } from '../school/index.js';
import { STUDENTS } from '../students/index.js';
import { SUBJECTS } from '../subjects/index.js';
import { PostgresMoveStore } from './reversals/adapters/move.store.js';
import { PostgresPaymentCheck } from './receiving/adapters/payment-check.store.js';
import { PostgresNumberStore } from './adapters/postgres/number.store.js';
import { PostgresPaymentList } from './receiving/adapters/payment-list.store.js';
import { PostgresPaymentStore } from './receiving/adapters/payment.store.js';
import { PostgresTillStore } from './tills/adapters/till.store.js';
import { PostgresReceivingSettings } from './receiving/adapters/receiving-settings.store.js';
import { cashierRoutes } from './receiving/adapters/cashier.routes.js';
import { moveRoutes } from './reversals/adapters/moves.routes.js';
import { paymentsApi } from './receiving/adapters/payments.api.js';
import { paymentReceiptRoutes } from './receiving/adapters/payment-receipts.routes.js';
import { paymentRoutes } from './receiving/adapters/payments.routes.js';
import { sponsorPaymentRoutes } from './adapters/web/sponsor-payments.routes.js';
import { tillRoutes } from './tills/adapters/tills.routes.js';
import { refundsApi } from './adapters/web/refunds.api.js';
import { refundRoutes } from './adapters/web/refunds.routes.js';
import type { PayingPages } from './adapters/web/paying-pages.js';
import { Allocations } from './application/allocate.js';
import { Cashier } from './receiving/cashier.js';
import { Cheques } from './application/cheques.js';
import { Codes, type AllUnmatched } from './receiving/codes.js';
import { Desk } from './receiving/desk.js';
import { Moving } from './reversals/moving.js';
import { PaperCheck } from './receiving/paper-check.js';
import { paymentCheck } from './receiving/payment-check.js';
import { Payments } from './receiving/payments.js';
import { Receiving } from './receiving/receive.js';
import { ReceivingSettingsKeeping } from './receiving/receiving-settings.js';
import { RefundPayouts } from './application/refund-payouts.js';
import { Refunds } from './application/refunds.js';
import { SponsorPayments } from './application/sponsor-payments.js';
import { Tills } from './tills/tills.js';
import { REVERSE, TakingBack } from './reversals/reversals.js';
import { PAYING, TAKING_BACK, UNMATCHED_MONEY } from './index.js';
import {
  AWARD_STORE,
  DOCUMENT_STORE,
  MOVE_STORE,
  NUMBER_STORE,
  PAYMENT_CHECK_STORE,
  PAYMENT_LIST,
  PAYMENT_STORE,
  RECEIVING_SETTINGS,
  REFUND_STORE,
  SLIP_STORE,
  SPONSOR_STORE,
  TILL_STORE,
} from './ports.js';

const ALL_UNMATCHED: ServiceIdentifier<AllUnmatched> = Symbol('AllUnmatchedMoney');

const papers = {
  digest: (text: string) => createHash('sha256').update(text).digest('base64url'),
  newCode: () => documentCode(randomBytes(32)),
};

export const PAYING_PERMISSIONS: readonly Permission[] = [
  {
    key: 'fees.payments.read',
    label: 'See payments and print receipts',
    group: 'Fees',
    roles: ['owner', 'head', 'bursar', 'auditor'],
    guarded: 'money',
  },
  { key: 'fees.receive', label: 'Take payments at the desk', group: 'Fees', roles: ['owner', 'bursar'], guarded: 'money' },
  { key: 'fees.verify', label: 'Verify or reject payment codes', group: 'Fees', roles: ['owner', 'bursar'], guarded: 'money' },
  {
    key: REVERSE,
    label: 'Reverse receipts and record bounced cheques',
    group: 'Fees',
    roles: ['owner', 'bursar'],
    guarded: 'money',
  },
  {
    key: 'fees.reverse.approve',
    label: 'Approve the reversal of receipts',
    group: 'Fees',
    roles: ['owner', 'head', 'bursar'],
    guarded: 'money',
  },
];

/** The paying half of the module: receiving, the cashier's page, payments and their papers. */
export function bindPaying(c: Container): void {
  c.bind(PAYMENT_STORE).toResolvedValue(() => new PostgresPaymentStore());
  c.bind(RECEIVING_SETTINGS).toResolvedValue(() => new PostgresReceivingSettings());
  c.bind(Allocations).toResolvedValue(
    (...parts) => new Allocations(...parts),
    [UNIT, PAYMENT_STORE, RECEIVING_SETTINGS, REFUND_STORE],
  );
  c.bind(Receiving).toResolvedValue(
    (unit, audit, publish, store, settings, ledger, students, school) =>
      new Receiving({ unit, audit, publish, store, settings, ledger, students, school, ...papers }),
    [UNIT, AUDIT, PUBLISH, PAYMENT_STORE, RECEIVING_SETTINGS, LEDGER, STUDENTS, SCHOOL],
  );
  c.bind(PAYING).toService(Receiving);
  c.bind(ALL_UNMATCHED).toDynamicValue((context) => () => context.getAll(UNMATCHED_MONEY));
  c.bind(Codes).toResolvedValue((...parts) => new Codes(...parts), [UNIT, Receiving, ALL_UNMATCHED]);
  c.bind(NUMBER_STORE).toResolvedValue(() => new PostgresNumberStore());
  c.bind(PAYMENT_LIST).toResolvedValue(() => new PostgresPaymentList());
  c.bind(TILL_STORE).toResolvedValue(() => new PostgresTillStore());
  c.bind(Tills).toResolvedValue(
    (unit, audit, store, slips, ledger, school) => new Tills({ unit, audit, store, slips, ledger, school }),
    [UNIT, AUDIT, TILL_STORE, SLIP_STORE, LEDGER, SCHOOL],
  );
  c.bind(Desk).toResolvedValue(
    (unit, tills, receiving, codes, store, list, ledger, students, school) =>
      new Desk({ unit, tills, receiving, codes, store, list, ledger, students, school }),
    [UNIT, TILL_STORE, Receiving, Codes, PAYMENT_STORE, PAYMENT_LIST, LEDGER, STUDENTS, SCHOOL],
  );
  c.bind(Cashier).toResolvedValue(
    (desk, store, list, settings, students, ledger, school) =>
      new Cashier({ desk, store, list, settings, students, ledger, school }),
    [Desk, PAYMENT_STORE, PAYMENT_LIST, RECEIVING_SETTINGS, STUDENTS, LEDGER, SCHOOL],
  );
  c.bind(SponsorPayments).toResolvedValue(
    (desk, receiving, store, sponsors, awards, ledger, students, school) =>
      new SponsorPayments({ desk, receiving, store, sponsors, awards, ledger, students, school }),
    [Desk, Receiving, PAYMENT_STORE, SPONSOR_STORE, AWARD_STORE, LEDGER, STUDENTS, SCHOOL],
  );
  c.bind(Payments).toResolvedValue(
    (unit, audit, store, list, receiving, codes, students, school) =>
      new Payments({ unit, audit, store, list, receiving, codes, students, school }),
    [UNIT, AUDIT, PAYMENT_STORE, PAYMENT_LIST, Receiving, Codes, STUDENTS, SCHOOL],
  );
  c.bind(PaperCheck).toResolvedValue((...parts) => new PaperCheck(...parts), [PAYMENT_LIST, DOCUMENT_STORE]);
  c.bind(ReceivingSettingsKeeping).toResolvedValue(
    (...parts) => new ReceivingSettingsKeeping(...parts),
    [UNIT, AUDIT, RECEIVING_SETTINGS],
  );
  c.bind(PAYMENT_CHECK_STORE).toResolvedValue(() => new PostgresPaymentCheck());
  c.bind(LEDGER_CHECKS).toResolvedValue((store) => paymentCheck(store), [PAYMENT_CHECK_STORE]);
  c.bind(TakingBack).toResolvedValue(
    (
      unit,
      audit,
      publish,
      store,
      list,
      moves,
      refunds,
      tills,
      cheques,
      codes,
      allocations,
      settings,
      ledger,
      approvals,
      school,
      students,
    ) =>
      new TakingBack({
        unit,
        audit,
        publish,
        store,
        list,
        moves,
        refunds,
        tills,
        cheques,
        codes,
        allocations,
        settings,
        ledger,
        approvals,
        school,
        students,
      }),
    [
      UNIT,
      AUDIT,
      PUBLISH,
      PAYMENT_STORE,
      PAYMENT_LIST,
      MOVE_STORE,
      REFUND_STORE,
      TILL_STORE,
      Cheques,
      Codes,
      Allocations,
      RECEIVING_SETTINGS,
      LEDGER,
      APPROVALS,
      SCHOOL,
      STUDENTS,
    ],
  );
  c.bind(TAKING_BACK).toService(TakingBack);
  c.bind(APPROVAL_KINDS).toResolvedValue((back: TakingBack) => back.kind, [TakingBack]);
  c.bind(MOVE_STORE).toResolvedValue(() => new PostgresMoveStore());
  c.bind(Moving).toResolvedValue(
    (unit, audit, publish, store, moves, tills, settings, allocations, ledger, approvals, students, school) =>
      new Moving({
        unit,
        audit,
        publish,
        store,
        moves,
        tills,
        settings,
        allocations,
        ledger,
        approvals,
        students,
        school,
        newCode: papers.newCode,
      }),
    [
      UNIT,
      AUDIT,
      PUBLISH,
      PAYMENT_STORE,
      MOVE_STORE,
      TILL_STORE,
      RECEIVING_SETTINGS,
      Allocations,
      LEDGER,
      APPROVALS,
      STUDENTS,
      SCHOOL,
    ],
  );
  c.bind(APPROVAL_KINDS).toResolvedValue((moving: Moving) => moving.kind, [Moving]);
}

export function payingRoutes(r: Routes, get: Get): void {
  const paying: PayingPages = {
    cashier: get(Cashier),
    sponsorPayments: get(SponsorPayments),
    payments: get(Payments),
    takingBack: get(TakingBack),
    moving: get(Moving),
    refunds: get(Refunds),
    payouts: get(RefundPayouts),
    tills: get(Tills),
    papers: get(PaperCheck),
    ledger: get(LEDGER),
    school: get(SCHOOL),
    subjects: get(SUBJECTS),
    students: get(STUDENTS),
    publicUrl: get(CONFIG).publicUrl,
  };
  cashierRoutes(r, paying);
  tillRoutes(r, paying);
  paymentRoutes(r, paying);
  moveRoutes(r, paying);
  paymentReceiptRoutes(r, paying);
  sponsorPaymentRoutes(r, paying);
  refundRoutes(r, paying);
  paymentsApi(r, { ...paying, paying: get(PAYING), codes: get(Codes), desk: get(Desk), students: get(STUDENTS) });
  refundsApi(r, paying);
}
