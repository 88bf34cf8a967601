import type { App } from '../../../app.js';
import type { Actor } from '../../../kernel/actor.js';
import { RUN } from '../../../kernel/shapes/command.js';
import { addDays } from '../../../kernel/clock.js';
import { newId } from '../../../kernel/id.js';
import { currencyExponent } from '../../../kernel/money.js';
import {
  Cashier,
  Defaulters,
  Plans,
  Refunds,
  Reminders,
  TakingBack,
  cashUp,
  dropCash,
  openTill,
  type Defaulter,
  type FamilyPayment,
} from '../../../modules/fees/operations.js';
import { SCHOOL } from '../../../modules/school/index.js';
import { STUDENTS } from '../../../modules/students/index.js';
import type { DemoClock } from '../demo-clock.js';

const REMINDER = '{{student}} has a fee balance of {{balance}}, part of it overdue. Please pay when you can. Statement: {{link}}';
/** Days ago on which promises were made; the last days of the kept and the broken one lie between then and today. */
const PROMISED = 9;

/** What a bursar meets in the morning: a till counted short and one open, a cheque that came back, a code to verify, promises and reminders. */
export async function workAtTheDesk(app: App, actor: Actor, clock: DemoClock): Promise<void> {
  const get = app.container.get.bind(app.container);
  const today = await get(SCHOOL).today();
  const { currency } = await get(SCHOOL).profile();
  const unit = 10 ** currencyExponent(currency);
  const owing = await debtors(app, actor);
  if (owing.length === 0) return;
  const take = async (n: number, amount: number, given: Partial<FamilyPayment> = {}) =>
    get(Cashier).take(actor, {
      ...deskPayment(owing[n % owing.length]!, amount * unit, currency, today),
      client: `user:${actor.userId}`,
      clientKey: newId(),
      ...given,
    });

  const run = get(RUN);
  await run(actor, openTill, 5_000 * unit);
  for (const [n, amount] of [4_000, 2_500, 6_200].entries()) await take(n, amount);
  await run(actor, dropCash, { kind: 'safe', amountMinor: 10_000 * unit, note: '' });
  await run(actor, cashUp, { countedMinor: 7_650 * unit, note: 'Counted twice, 50 are missing' });
  await run(actor, openTill, 3_000 * unit);
  for (const [n, amount] of [3_500, 1_200].entries()) await take(3 + n, amount);
  const cheque = await take(5, 15_000, { method: 'cheque', reference: '000417', bank: currency === 'KES' ? 'KCB' : 'GCB' });
  await get(TakingBack).bounce(actor, cheque.paymentId, 'Refer to drawer');
  if (currency === 'KES') await take(6, 8_000, { method: 'mobile', reference: 'SKD4T7QX2M' });
  await promises(app, actor, clock, owing, { today, unit, take });
  await agreements(app, actor, clock, owing.slice(14, 16), today);
  await askForRefund(app, actor);
}

/** Who is late, or where nobody is yet (a school whose year has just begun) nobody. */
async function debtors(app: App, actor: Actor): Promise<readonly Defaulter[]> {
  return (await app.container.get(Defaulters).list(actor, { days: 1, atLeastMinor: 0, classId: null, streamId: null }, null, 20))
    .rows;
}

function deskPayment(
  { student, guardian }: Defaulter,
  amountMinor: number,
  currency: string,
  receivedOn: string,
): Omit<FamilyPayment, 'client' | 'clientKey'> {
  return {
    studentId: student.id,
    family: false,
    amountMinor,
    currency,
    method: 'cash',
    reference: null,
    bank: null,
    receivedOn,
    payerName: guardian?.fullName ?? '',
    memo: '',
    sure: true,
  };
}

interface Desk {
  today: string;
  unit: number;
  take(n: number, amount: number, given: Partial<FamilyPayment>): Promise<unknown>;
}

/** One kept, one broken, one open; then three families are reminded. */
async function promises(
  app: App,
  actor: Actor,
  clock: DemoClock,
  owing: readonly Defaulter[],
  { today, unit, take }: Desk,
): Promise<void> {
  const defaulters = app.container.get(Defaulters);
  const made = addDays(today, -PROMISED);
  const promise = (n: number, promisedOn: string, amount: number, note: string) =>
    defaulters.promise(actor, owing[n % owing.length]!.student.id, { promisedOn, amountMinor: amount * unit, note });
  await clock.on(made, async () => {
    await promise(7, addDays(today, -2), 5_000, 'After the salary');
    await promise(8, addDays(today, -3), 10_000, 'Sells a calf');
  });
  await take(7, 5_000, { method: 'bank', reference: 'SLIP-204417', bank: 'Main branch', receivedOn: addDays(today, -4) });
  await promise(9, addDays(today, 6), 4_000, '');
  await app.container.get(Reminders).send(actor, {
    studentIds: owing.slice(10, 13).map((one) => one.student.id),
    level: 'friendly',
    text: `${(await app.container.get(SCHOOL).profile()).name}: ${REMINDER}`,
  });
}

/** Two families pay in parts: one keeps to it so far, one has let its first part pass. */
async function agreements(app: App, actor: Actor, clock: DemoClock, owing: readonly Defaulter[], today: string): Promise<void> {
  for (const [n, { student, guardian }] of owing.entries()) {
    const parts = { parts: 3, firstOn: addDays(today, n === 0 ? 5 : -4), interval: 'month' } as const;
    await clock.on(addDays(today, -PROMISED), () =>
      app.container.get(Plans).agree(actor, [student.id], { parts, agreedWith: guardian?.fullName ?? '', note: '' }),
    );
  }
}

/** Credit of a family that has paid ahead; the head finds the request in the morning. */
async function askForRefund(app: App, actor: Actor): Promise<void> {
  const refunds = app.container.get(Refunds);
  for (const { id } of await app.container.get(STUDENTS).onRoll()) {
    const [credit] = (await refunds.creditsOf(actor, id)).credits;
    if (!credit) continue;
    const { receiptId, creditMinor, payerName } = credit;
    await refunds.ask(actor, {
      studentId: id,
      receiptIds: [receiptId],
      amountMinor: creditMinor,
      method: 'cash',
      payeeName: payerName,
      payeeAccount: '',
      reason: 'Paid ahead by mistake',
    });
    return;
  }
}
