import type { Container } from 'inversify';
import { UNIT } from '../../platform/tokens.js';
import type { Routes } from '../../platform/http/routes/routes.js';
import type { Get } from '../../platform/module.js';
import { CONFIG } from '../../platform/settings.js';
import { LEDGER } from '../finance/index.js';
import { SCHOOL } from '../school/index.js';
import { STUDENTS } from '../students/index.js';
import { SUBJECTS } from '../subjects/index.js';
import { refundsApi } from './refunds/adapters/refunds.api.js';
import { refundRoutes } from './refunds/adapters/refunds.routes.js';
import { sponsorPaymentRoutes } from './awards/adapters/sponsor-payments.routes.js';
import type { PayingPages } from './adapters/paying-pages.js';
import { Allocations } from './allocations/allocate.js';
import { RefundPayouts } from './refunds/refund-payouts.js';
import { Refunds } from './refunds/refunds.js';
import { SponsorPayments } from './awards/sponsor-payments.js';
import { PAYING } from './index.js';
import { AWARD_STORE, PAYMENT_STORE, RECEIVING_SETTINGS, REFUND_STORE, SPONSOR_STORE } from './ports.js';
import { cashierRoutes } from './receiving/adapters/cashier.routes.js';
import { paymentReceiptRoutes } from './receiving/adapters/payment-receipts.routes.js';
import { paymentsApi } from './receiving/adapters/payments.api.js';
import { paymentRoutes } from './receiving/adapters/payments.routes.js';
import { Cashier } from './receiving/cashier.js';
import { Codes } from './receiving/codes.js';
import { Desk } from './receiving/desk.js';
import { PaperCheck } from './receiving/paper-check.js';
import { Payments } from './receiving/payments.js';
import { Receiving } from './receiving/receive.js';
import { bindReceiving } from './receiving/wiring.js';
import { moveRoutes } from './reversals/adapters/moves.routes.js';
import { reversalRoutes } from './reversals/adapters/reversals.routes.js';
import { Moving } from './reversals/moving.js';
import { TakingBack } from './reversals/reversals.js';
import { bindReversals } from './reversals/wiring.js';
import { tillRoutes } from './tills/adapters/tills.routes.js';
import { Tills } from './tills/tills.js';
import { bindTills } from './tills/wiring.js';

/** The paying half of the module: tills, receiving and reversals, each of which may use those before it. */
export function bindPaying(c: Container): void {
  c.bind(Allocations).toResolvedValue(
    (...parts) => new Allocations(...parts),
    [UNIT, PAYMENT_STORE, RECEIVING_SETTINGS, REFUND_STORE],
  );
  bindTills(c);
  bindReceiving(c);
  c.bind(SponsorPayments).toResolvedValue(
    (desk, receiving, store, sponsors, awards, ledger, students, school) =>
      new SponsorPayments({ desk, receiving, store, sponsors, awards, ledger, students, school }),
    [Desk, Receiving, PAYMENT_STORE, SPONSOR_STORE, AWARD_STORE, LEDGER, STUDENTS, SCHOOL],
  );
  bindReversals(c);
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
  reversalRoutes(r, paying);
  moveRoutes(r, paying);
  paymentReceiptRoutes(r, paying);
  sponsorPaymentRoutes(r, paying);
  refundRoutes(r, paying);
  paymentsApi(r, { ...paying, paying: get(PAYING), codes: get(Codes), desk: get(Desk), students: get(STUDENTS) });
  refundsApi(r, paying);
}
