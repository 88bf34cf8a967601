import type { Container } from 'inversify';
import { AUDIT } from '../../../platform/http/ports.js';
import type { Permission } from '../../../platform/module.js';
import { UNIT } from '../../../platform/tokens.js';
import { APPROVAL_KINDS, APPROVALS } from '../../approvals/index.js';
import { LEDGER } from '../../finance/index.js';
import { SCHOOL } from '../../school/index.js';
import { STUDENTS } from '../../students/index.js';
import { PostgresRefundStore } from './adapters/refund.store.js';
import { Allocations } from '../allocations/allocate.js';
import { RefundPayouts } from './refund-payouts.js';
import { DECIDES_REFUNDS, REFUNDS, Refunds } from './refunds.js';
import { HOLD_STORE, RECEIVING_SETTINGS, REFUND_STORE, SERIES_STORE, TILL_STORE } from '../ports.js';

export const REFUND_PERMISSIONS: readonly Permission[] = [
  { key: REFUNDS, label: 'Ask for refunds and pay them out', group: 'Fees', roles: ['owner', 'bursar'], guarded: 'money' },
  { key: DECIDES_REFUNDS, label: 'Decide about refunds', group: 'Fees', roles: ['owner', 'head', 'bursar'], guarded: 'money' },
];

/** Credit that is paid back: asked, decided by a second person, paid, and taken back where that was wrong. */
export function bindRefunding(c: Container): void {
  c.bind(REFUND_STORE).toResolvedValue(() => new PostgresRefundStore());
  c.bind(Refunds).toResolvedValue(
    (unit, audit, store, hold, allocations, ledger, approvals, students, school) =>
      new Refunds({ unit, audit, store, hold, allocations, ledger, approvals, students, school }),
    [UNIT, AUDIT, REFUND_STORE, HOLD_STORE, Allocations, LEDGER, APPROVALS, STUDENTS, SCHOOL],
  );
  c.bind(RefundPayouts).toResolvedValue(
    (unit, audit, refunds, store, series, tills, settings, allocations, ledger, approvals, students, school) =>
      new RefundPayouts({
        unit,
        audit,
        refunds,
        store,
        series,
        tills,
        settings,
        allocations,
        ledger,
        approvals,
        students,
        school,
      }),
    [
      UNIT,
      AUDIT,
      Refunds,
      REFUND_STORE,
      SERIES_STORE,
      TILL_STORE,
      RECEIVING_SETTINGS,
      Allocations,
      LEDGER,
      APPROVALS,
      STUDENTS,
      SCHOOL,
    ],
  );
  c.bind(APPROVAL_KINDS).toResolvedValue((refunds: Refunds) => refunds.kind, [Refunds]);
  c.bind(APPROVAL_KINDS).toResolvedValue((payouts: RefundPayouts) => payouts.kind, [RefundPayouts]);
}
