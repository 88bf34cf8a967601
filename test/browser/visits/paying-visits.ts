import { newId } from '../../../src/kernel/id.js';
import type { ApprovalRequest } from '../../../src/modules/approvals/index.js';
import { Receiving } from '../../../src/modules/fees/receiving/receive.js';
import { RefundPayouts } from '../../../src/modules/fees/refunds/refund-payouts.js';
import { Refunds } from '../../../src/modules/fees/refunds/refunds.js';
import type { NewPayment } from '../../../src/modules/fees/index.js';
import { SCHOOL } from '../../../src/modules/school/index.js';
import { sql } from '../../support/database/sql.js';
import { billed, type Billed } from './billing-visits.js';
import type { Stage, Visit } from '../stage.js';

/** Money that was taken, and a code that waits, for a student who was billed. */
export const payingVisits: Record<string, Visit> = {
  'fees/cashier/index': (stage) => paid(stage, ({ student }) => `/fees/cashier?student=${student}`),
  'fees/payments/index': (stage) => paid(stage, () => '/fees/payments'),
  'fees/payments/show': (stage) => paid(stage, ({ payment }) => `/fees/payments/${payment}`),
  'fees/payments/verify': (stage) => paid(stage, ({ slip }) => `/fees/payments/${slip}/verification`),
  'fees/payments/reject': (stage) => paid(stage, ({ slip }) => `/fees/payments/${slip}/rejection`),
  'fees/payments/reverse': (stage) => paid(stage, ({ payment }) => `/fees/payments/${payment}/reversal`),
  'fees/payments/move': async (stage) => {
    const payment = await paid(stage, (ids) => ids.payment);
    return `/fees/receipts/${await stage.id('fees_receipts', `payment_id = '${payment}'`)}/move?q=Wilhelmina`;
  },
  'fees/payments/bounce': (stage) => paid(stage, ({ payment }) => `/fees/payments/${payment}/bounce`),
  'fees/refunds/index': async (stage) => {
    await refund(stage, 'paid');
    return '/fees/refunds';
  },
  'fees/refunds/new': (stage) => paid(stage, ({ student }) => `/fees/students/${student}/refunds/new`, 1_234_050),
  'fees/refunds/show': async (stage) => `/fees/refunds/${await refund(stage, 'paid')}`,
  'fees/refunds/pay': async (stage) => `/fees/refunds/${await refund(stage, 'approved')}/payment`,
  'fees/refunds/cancel': async (stage) => `/fees/refunds/${await refund(stage, 'approved')}/cancellation`,
  'fees/refunds/reverse': async (stage) => `/fees/refunds/${await refund(stage, 'paid')}/reversal`,
  'fees/till/index': async (stage) => {
    await till(stage, 'open');
    return '/fees/till';
  },
  'fees/till/open': '/fees/till/opening',
  'fees/till/drop': async (stage) => {
    await till(stage, 'open');
    return '/fees/till/drops';
  },
  'fees/till/cash-up': async (stage) => {
    await till(stage, 'open');
    return '/fees/till/cash-up';
  },
  'fees/tills/index': async (stage) => {
    await till(stage, 'closed');
    return '/fees/tills';
  },
  'fees/tills/show': async (stage) => `/fees/tills/${await till(stage, 'closed')}`,
  'fees/collections/index': (stage) => paid(stage, () => '/fees/collections?from=2026-01-01'),
  'fees/collections/receipts': (stage) => paid(stage, () => '/fees/collections/receipts?from=2026-01-01'),
  'fees/register/index': (stage) => paid(stage, () => '/fees/register'),
  'fees/collections/expected': (stage) => paid(stage, () => '/fees/collections/expected'),
  'fees/check': async (stage) => {
    const code = await paid(stage, ({ code }) => code);
    return `/fees/check/${code}`;
  },
};

interface Paid extends Billed {
  payment: string;
  slip: string;
  code: string;
}

/** @param ahead pays everything, and so much beyond it */
async function paid(stage: Stage, pathOf: (ids: Paid) => string, ahead: number | null = null): Promise<string> {
  const { school } = stage;
  let ids: Billed | null = null;
  await billed(stage, (made) => {
    ids = made;
    return '';
  });
  const { student } = ids! as Billed;
  const owed = await school.run(() => school.get(Receiving).balanceOf({ kind: 'student', id: student }));
  const amountMinor = ahead === null ? 1_200_050 : owed + ahead;
  const receive = async (given: Partial<NewPayment>): Promise<string> => {
    const receivedOn = await school.get(SCHOOL).today();
    const payment: NewPayment = {
      method: 'cash',
      amountMinor,
      currency: 'KES',
      receivedOn,
      payerName: 'Wilhelmina Nyambura Kariuki-Oduya',
      references: [],
      shares: [{ studentId: student, amountMinor }],
      client: 'user:visit',
      clientKey: newId(),
      by: 'person',
      ...given,
    };
    return (await school.get(Receiving).receive(school.office, payment)).paymentId;
  };
  const [payment, slip] = await school.run(
    async () =>
      [
        await receive({}),
        await receive({
          method: 'mobile',
          provisional: true,
          references: [{ scheme: 'mpesa', issuer: '', value: newId().slice(-10) }],
        }),
      ] as const,
  );
  const [receipt] = await sql<{ code: string }>(school.database, 'select code from fees_receipts where payment_id = $1', [
    payment,
  ]);
  return pathOf({ ...(ids! as Billed), payment, slip, code: receipt!.code });
}

/** Credit of somebody who paid far ahead, on its way back. @returns the refund's id */
async function refund(stage: Stage, end: 'approved' | 'paid'): Promise<string> {
  const { school } = stage;
  let student = '';
  await paid(
    stage,
    (ids) => {
      student = ids.student;
      return '';
    },
    1_234_050,
  );
  return school.run(async () => {
    const refunds = school.get(Refunds);
    const { credits } = await refunds.creditsOf(school.office, student);
    const asked = {
      studentId: student,
      receiptIds: credits.map((one) => one.receiptId),
      amountMinor: 1_234_050,
      method: 'mobile' as const,
      payeeName: 'Wilhelmina Nyambura Kariuki-Oduya',
      payeeAccount: '+254 722 481 903',
      reason: 'The family moves to Kisumu at the end of the term',
    };
    const id = await refunds.ask(school.office, asked);
    await refunds.kind.approve(school.office, { subject: { kind: 'fee-refund', id } } as ApprovalRequest);
    if (end === 'paid')
      await school
        .get(RefundPayouts)
        .pay(school.office, id, { paidOn: await school.get(SCHOOL).today(), reference: 'SKL4T7QX2M' });
    return id;
  });
}

/** The till of whoever looks, after a float, a payment in cash and a drop; closed with a difference where that is asked. @returns the session's id */
async function till(stage: Stage, end: 'open' | 'closed'): Promise<string> {
  const { everyone, school } = stage;
  let student = '';
  await billed(stage, (ids) => (student = ids.student));
  await everyone.submit('/fees/till/opening', { float: '2,000' });
  await everyone.submit(
    '/fees/cashier',
    {
      key: newId(),
      student,
      amount: '12,000.50',
      method: 'cash',
      receivedOn: await school.run(() => school.get(SCHOOL).today()),
      sure: '1',
    },
    `/fees/cashier?student=${student}`,
  );
  await everyone.submit('/fees/till/drops', { kind: 'bank', amount: '9,000', note: 'Slip 4471 of Kenya Commercial Bank' });
  if (end === 'closed') await everyone.submit('/fees/till/cash-up', { counted: '4,950.50', note: 'One note was torn' });
  return stage.one('select id from fees_till_sessions order by opened_at desc limit 1');
}
