import type { Container } from 'inversify';
import { AUDIT } from '../../../platform/http/ports.js';
import type { Routes } from '../../../platform/http/routes/routes.js';
import { on, onAll, type Get, type ModuleWork, type Permission } from '../../../platform/module.js';
import { CONFIG } from '../../../platform/settings.js';
import { UNIT } from '../../../platform/tokens.js';
import { LEDGER } from '../../finance/index.js';
import { FAMILY_MESSAGES } from '../../notifications/index.js';
import { SCHOOL } from '../../school/index.js';
import { STUDENTS } from '../../students/index.js';
import { SUBJECTS } from '../../subjects/index.js';
import { PostgresBillNoticeStore } from '../billing/adapters/bill-notice.store.js';
import { PostgresReceiptNoticeStore } from '../receiving/adapters/receipt-notice.store.js';
import { PostgresDefaulterStore } from './adapters/defaulter.store.js';
import { defaulterRoutes } from './adapters/defaulters.routes.js';
import { reminderRoutes } from './adapters/reminders.routes.js';
import { BillNotices } from '../billing/bill-notices.js';
import { Defaulters, REMINDS } from './defaulters.js';
import { ReceiptNotices } from '../receiving/receipt-notices.js';
import { FamilyLinks } from '../statements/family-links.js';
import { Reminders } from './reminders.js';
import { FeeStatements } from '../statements/statements.js';
import { ALL_PAY_PAGES, linkSecrets } from '../billing/wiring.js';
import { PaymentReceived, PaymentTakenBack } from '../index.js';
import { BILL_NOTICE_STORE, DEFAULTER_STORE, RECEIPT_NOTICE_STORE, RECEIVING_SETTINGS, RUN_STORE } from '../ports.js';

export const REMINDING_PERMISSION: Permission = {
  key: REMINDS,
  label: 'Send bills, record promises to pay and remind families',
  group: 'Fees',
  roles: ['owner', 'bursar'],
  guarded: 'money',
};

/** What families are told: who owes what is overdue, what they promised, how they are reminded, and what a run has billed them. */
export function bindReminding(c: Container): void {
  c.bind(DEFAULTER_STORE).toResolvedValue(() => new PostgresDefaulterStore());
  c.bind(Defaulters).toResolvedValue((...parts) => new Defaulters(...parts), [UNIT, AUDIT, DEFAULTER_STORE, STUDENTS, SCHOOL]);
  c.bind(FamilyLinks).toResolvedValue(
    (statements, pages, config) => new FamilyLinks(statements, pages, linkSecrets, config.publicUrl),
    [FeeStatements, ALL_PAY_PAGES, CONFIG],
  );
  c.bind(Reminders).toResolvedValue(
    (unit, audit, defaulters, messages, school, links) => new Reminders(unit, audit, defaulters, messages, school, links),
    [UNIT, AUDIT, Defaulters, FAMILY_MESSAGES, SCHOOL, FamilyLinks],
  );
  c.bind(RECEIPT_NOTICE_STORE).toResolvedValue(() => new PostgresReceiptNoticeStore());
  c.bind(ReceiptNotices).toResolvedValue(
    (unit, store, settings, messages, ledger, students, school, links) =>
      new ReceiptNotices({ unit, store, settings, messages, ledger, students, school, links }),
    [UNIT, RECEIPT_NOTICE_STORE, RECEIVING_SETTINGS, FAMILY_MESSAGES, LEDGER, STUDENTS, SCHOOL, FamilyLinks],
  );
  c.bind(BILL_NOTICE_STORE).toResolvedValue(() => new PostgresBillNoticeStore());
  c.bind(BillNotices).toResolvedValue(
    (unit, audit, runs, store, messages, ledger, students, school, links) =>
      new BillNotices({ unit, audit, runs, store, messages, ledger, students, school, links }),
    [UNIT, AUDIT, RUN_STORE, BILL_NOTICE_STORE, FAMILY_MESSAGES, LEDGER, STUDENTS, SCHOOL, FamilyLinks],
  );
}

/** Each payment is told of after its commit, so that nobody at the desk waits for it. */
export function remindingSubscribers(get: Get): NonNullable<ModuleWork['subscribe']> {
  return [
    onAll(PaymentReceived, 'fees.tell-received', (all) =>
      get(ReceiptNotices).received(all.flatMap(({ receipts }) => receipts.map((one) => one.id))),
    ),
    on(PaymentTakenBack, 'fees.tell-taken-back', ({ receiptIds, bounced }) => get(ReceiptNotices).takenBack(receiptIds, bounced)),
  ];
}

export function remindingRoutes(r: Routes, get: Get): void {
  const pages = {
    defaulters: get(Defaulters),
    reminders: get(Reminders),
    school: get(SCHOOL),
    subjects: get(SUBJECTS),
    students: get(STUDENTS),
  };
  defaulterRoutes(r, pages);
  reminderRoutes(r, pages);
}
