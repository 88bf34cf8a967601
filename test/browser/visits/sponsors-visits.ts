import { newId } from '../../../src/kernel/id.js';
import { SponsorPayments } from '../../../src/modules/fees/awards/sponsor-payments.js';
import { SCHOOL } from '../../../src/modules/school/index.js';
import { Duplicates } from '../../../src/modules/students/duplicates/duplicates.js';
import { sql } from '../../support/database/sql.js';
import { billed, type Billed } from './billing-visits.js';
import type { Stage, Visit } from '../stage.js';

/** Sponsors that pay for many, and terms that are billed twice, as the bursar sees them. */
export const sponsorsVisits: Record<string, Visit> = {
  'fees/sponsors/pay': (stage) => billed(stage, ({ sponsor }) => `/fees/sponsors/${sponsor}/payments/new`),
  'fees/sponsors/pay-check': async (stage) => {
    const { sponsor, number } = await sponsored(stage);
    const { page } = stage;
    await page.goto(`/fees/sponsors/${sponsor}/payments/new`);
    await page.locator('[name=method][value=cheque]').check();
    await page.fill('[name=reference]', '004417');
    await page.fill('[name=bank]', 'Equity');
    await page.fill('[name=amount]', '18,000');
    await page.fill('[name=lines]', `${number}, 18,000`);
    await stage.press('main form button.primary');
  },
  'fees/payments/receipts': async (stage) => {
    const { sponsor, number } = await sponsored(stage);
    const { school } = stage;
    const { paymentId } = await school.run(async () =>
      school.get(SponsorPayments).receive(school.office, sponsor, {
        method: 'cheque',
        reference: newId().slice(-8),
        bank: 'Equity',
        receivedOn: await school.get(SCHOOL).today(),
        amountMinor: 18_000_00,
        currency: 'KES',
        memo: '',
        purpose: 'bills-first',
        sure: false,
        client: 'user:visit',
        clientKey: newId(),
        lines: [{ n: 1, text: number, number, amountMinor: 18_000_00 }],
      }),
    );
    return `/fees/payments/${paymentId}/receipts`;
  },
  'fees/double-bills/index': async (stage) => {
    await billedTwice(stage);
    return '/fees/double-bills';
  },
  'fees/double-bills/keep': async (stage) => `/fees/double-bills/${await billedTwice(stage)}/keeping`,
};

async function sponsored(stage: Stage): Promise<Billed & { number: string }> {
  let found: Billed | null = null;
  await billed(stage, (ids) => {
    found = ids;
    return '';
  });
  const [row] = await sql(stage.school.database, 'select admission_no as number from students where id = $1', [found!.student]);
  return { ...found!, number: row!.number! };
}

/** The bill of the record that became part of another. */
async function billedTwice(stage: Stage): Promise<string> {
  const [kept, other] = [await sponsored(stage), await sponsored(stage)];
  const { school } = stage;
  await school.run(() => school.get(Duplicates).merge(school.office, kept.student, other.student));
  return other.invoice;
}
