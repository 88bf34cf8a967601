import { createHash, randomBytes } from 'node:crypto';
import type { Container } from 'inversify';
import { documentCode } from '../../../kernel/codes.js';
import type { Permission } from '../../../platform/module.js';
import { provide } from '../../../platform/provide.js';
import { LEDGER_CHECKS } from '../../finance/index.js';
import { PAYING, UNMATCHED_MONEY } from '../index.js';
import { NUMBER_STORE } from '../ports.js';
import { PostgresNumberStore } from '../documents/adapters/number.store.js';
import { PostgresPaymentCheck } from './adapters/payment-check.store.js';
import { PostgresPaymentList } from './adapters/payment-list.store.js';
import { PostgresPaymentStore } from './adapters/payment.store.js';
import { PostgresReceivingSettings } from './adapters/receiving-settings.store.js';
import { Cashier } from './cashier.js';
import { Codes } from './codes.js';
import { Desk } from './desk.js';
import { PaperCheck } from './paper-check.js';
import { paymentCheck } from './payment-check.js';
import { Payments } from './payments.js';
import { ALL_UNMATCHED, PAPER_CODES, PAYMENT_CHECK_STORE, PAYMENT_LIST, PAYMENT_STORE, RECEIVING_SETTINGS } from './ports.js';
import { Receiving } from './receive.js';
import { ReceivingSettingsKeeping } from './receiving-settings.js';

export const RECEIVING_PERMISSIONS: readonly Permission[] = [
  {
    key: 'fees.payments.read',
    label: 'See payments and print receipts',
    group: 'Fees',
    roles: ['owner', 'head', 'bursar', 'auditor'],
    guarded: 'money',
  },
  { key: 'fees.receive', label: 'Take payments at the desk', group: 'Fees', roles: ['owner', 'bursar'], guarded: 'money' },
  { key: 'fees.verify', label: 'Verify or reject payment codes', group: 'Fees', roles: ['owner', 'bursar'], guarded: 'money' },
];

export function bindReceiving(c: Container): void {
  c.bind(PAYMENT_STORE).toConstantValue(new PostgresPaymentStore());
  c.bind(PAYMENT_LIST).toConstantValue(new PostgresPaymentList());
  c.bind(RECEIVING_SETTINGS).toConstantValue(new PostgresReceivingSettings());
  c.bind(NUMBER_STORE).toConstantValue(new PostgresNumberStore());
  c.bind(PAPER_CODES).toConstantValue({
    digest: (text) => createHash('sha256').update(text).digest('base64url'),
    newCode: () => documentCode(randomBytes(32)),
  });
  c.bind(ALL_UNMATCHED).toDynamicValue((context) => () => context.getAll(UNMATCHED_MONEY));
  provide(c, Receiving);
  c.bind(PAYING).toService(Receiving);
  provide(c, Codes);
  provide(c, Desk);
  provide(c, Cashier);
  provide(c, Payments);
  provide(c, PaperCheck);
  provide(c, ReceivingSettingsKeeping);
  c.bind(PAYMENT_CHECK_STORE).toConstantValue(new PostgresPaymentCheck());
  c.bind(LEDGER_CHECKS).toResolvedValue(paymentCheck, [PAYMENT_CHECK_STORE]);
}
