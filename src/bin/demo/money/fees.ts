import type { App } from '../../../app.js';
import type { Actor } from '../../../kernel/actor.js';
import { addDays } from '../../../kernel/clock.js';
import { currencyExponent } from '../../../kernel/money.js';
import { FEES, type NewPayment } from '../../../modules/fees/index.js';
import {
  Awards,
  BillingRuns,
  FeeSettingsKeeping,
  ReceiptNotices,
  Releases,
  Sponsors,
  Subscriptions,
  VoteHeads,
} from '../../../modules/fees/operations.js';
import { LEDGER } from '../../../modules/finance/index.js';
import { SCHOOL } from '../../../modules/school/index.js';
import { STUDENTS, type LearnerOnRoll } from '../../../modules/students/index.js';
import { bankCash } from './banking.js';
import { closeMonths } from './books.js';
import type { DemoClock } from '../demo-clock.js';
import type { Registered } from '../people/register-builder.js';
import { spend } from './spending.js';

const HOW_TO_PAY = 'At the bank: account 0140 2938 4471\nAt the office, Monday to Friday, 8:00 to 15:30';
const EVERYBODY = { classIds: [], streamIds: [], boarding: null, studentIds: null };
/** Of twelve families one has paid ahead, eight everything, two a part, one nothing; in hundredths of what is owed. */
const PAID = [115, 100, 60, 100, 100, 35, 100, 100, 0, 100, 100, 100];
const SLIP_EACH = 9;
/** So long after a bill the last of those who pay has paid. */
const MOST_DAYS = 45;
const LUNCH_EACH = 4;
const TRANSPORT_EACH = 7;
const SPONSORED = 5;

/** The last two terms that have begun, each billed in its first days, with lunch and transport, discounts and a sponsor, and paid as families pay; what the months cost is booked, and those before a bill are closed. */
export async function billTerms(app: App, actor: Actor, clock: DemoClock, registered: readonly Registered[]): Promise<void> {
  const get = app.container.get.bind(app.container);
  const school = get(SCHOOL);
  const today = await school.today();
  const terms = (await school.currentYear()).terms.filter((term) => term.startsOn <= today).slice(-2);
  if (terms.length === 0) return;
  const settings = get(FeeSettingsKeeping);
  await settings.save(actor, { ...(await settings.find(actor)), howToPay: HOW_TO_PAY, autoBill: true });
  const { startsOn } = (await get(LEDGER).openBooks())!;
  const billedOn = terms.map((term) => within(addDays(term.startsOn, 1), startsOn, today));
  const learners = await get(STUDENTS).onRoll();
  await takeOptional(app, actor, learners, terms[0]!.id);
  await giveAwards(app, actor, learners, terms[0]!.id);
  await spend(app, actor, billedOn[0]!);
  const runs = get(BillingRuns);
  for (const [n, term] of terms.entries()) {
    await closeMonths(app, actor, billedOn[n]!);
    await clock.on(billedOn[n]!, async () => {
      await runs.work(await runs.start(actor, term.id, EVERYBODY), { userId: actor.userId, name: actor.name }, false);
      await get(Releases).run();
    });
    const nextOn = billedOn[n + 1];
    await pay(app, actor, clock, learners, registered, {
      last: !nextOn,
      from: billedOn[n]!,
      to: nextOn ? within(addDays(nextOn, -1), billedOn[n]!, today) : today,
    });
  }
}

function within(day: string, from: string, to: string): string {
  return day < from ? from : day > to ? to : day;
}

async function takeOptional(app: App, actor: Actor, learners: readonly LearnerOnRoll[], fromTermId: string): Promise<void> {
  const heads = await app.container.get(VoteHeads).list(actor);
  const subscriptions = app.container.get(Subscriptions);
  for (const [code, each] of [
    ['LUN', LUNCH_EACH],
    ['TRA', TRANSPORT_EACH],
  ] as const) {
    const headId = heads.find((head) => head.code === code)!.id;
    for (const { id } of learners.filter((learner, n) => n % each === 0 && learner.boarding === 'day'))
      await subscriptions.take(actor, { studentId: id, headId, fromTermId, toTermId: null });
  }
}

async function giveAwards(app: App, actor: Actor, learners: readonly LearnerOnRoll[], fromTermId: string): Promise<void> {
  const awards = app.container.get(Awards);
  const tuition = (await app.container.get(VoteHeads).list(actor)).find((head) => head.code === 'TUI')!.id;
  const usual = { mostBasisPoints: null, headIds: [tuition], limitMinor: null, askAbove: null, sponsored: false };
  await awards.addKind(actor, {
    ...usual,
    name: 'Brothers and sisters',
    method: 'siblings',
    value: 500,
    mostBasisPoints: 2_000,
    rank: 1,
  });
  const staff = await awards.addKind(actor, {
    ...usual,
    name: 'Staff child',
    method: 'percent',
    value: 2_500,
    rank: 2,
    askAbove: 5_000,
  });
  const bursary = await awards.addKind(actor, {
    ...usual,
    name: 'Bursary',
    method: 'percent',
    value: 6_000,
    rank: 3,
    headIds: [],
    sponsored: true,
  });
  const sponsorId = await app.container
    .get(Sponsors)
    .add(actor, { name: 'Elimu Education Trust', contact: 'Grants office', phone: null, email: 'grants@elimu-trust.example' });
  const given = { value: null, fromTermId, toTermId: null };
  for (const { id } of learners.slice(3, 3 + SPONSORED))
    await awards.give(actor, { ...given, studentId: id, kindId: bursary, sponsorId, reason: 'Chosen by the board of the trust' });
  await awards.give(actor, {
    ...given,
    studentId: learners[20 % learners.length]!.id,
    kindId: staff,
    sponsorId: null,
    reason: 'Mother teaches here',
  });
}

/** By one who looks after the child, on days between the bill and the next or today, in their order: in cash, and here and there at the bank. What is a part is in whole hundreds; the cash goes to the bank each week. */
async function pay(
  app: App,
  actor: Actor,
  clock: DemoClock,
  learners: readonly LearnerOnRoll[],
  registered: readonly Registered[],
  span: { last: boolean; from: string; to: string },
): Promise<void> {
  const fees = app.container.get(FEES);
  const { currency } = await app.container.get(SCHOOL).profile();
  const hundred = 100 * 10 ** currencyExponent(currency);
  const days = Math.min(MOST_DAYS, Math.round((Date.parse(span.to) - Date.parse(span.from)) / 86_400_000));
  const payers = new Map(registered.map(({ id, family }) => [id, family.guardians[0]!.fullName]));
  const wanted: Wanted[] = [];
  for (const [n, { id }] of learners.entries()) {
    // Every other family pays both terms when the second is billed.
    if (!span.last && n % 2 === 1) continue;
    const owed = await fees.balanceOf({ kind: 'student', id });
    const share = PAID[n % PAID.length]!;
    const amountMinor = share === 100 ? owed : Math.round((owed * share) / 100 / hundred) * hundred;
    if (amountMinor <= 0) continue;
    const receivedOn = officeDay(addDays(span.from, days === 0 ? 0 : (n * 7) % (days + 1)), span);
    wanted.push({
      ...methodOf(n, span.last ? learners.length : 0),
      amountMinor,
      currency,
      receivedOn,
      payerName: payers.get(id) ?? '',
      shares: [{ studentId: id, amountMinor }],
      clientKey: `${id} ${span.from}`,
    });
  }
  wanted.sort((a, b) => (a.receivedOn < b.receivedOn ? -1 : a.receivedOn > b.receivedOn ? 1 : 0));
  for (const one of wanted) {
    const { receipts } = await clock.on(one.receivedOn, () =>
      fees.receive(actor, { ...one, client: `user:${actor.userId}`, by: 'person' }),
    );
    await app.container.get(ReceiptNotices).passOver(receipts.map((receipt) => receipt.id));
  }
  await bankCash(
    app,
    actor,
    wanted.filter((one) => one.method === 'cash'),
  );
}

type Wanted = Omit<NewPayment, 'client' | 'by'>;

/** The office takes money from Monday to Friday. */
function officeDay(day: string, { from, to }: { from: string; to: string }): string {
  const weekday = new Date(`${day}T00:00:00Z`).getUTCDay();
  return within(addDays(day, weekday === 6 ? -1 : weekday === 0 ? 1 : 0), from, to);
}

function methodOf(n: number, slipsBefore: number): Pick<NewPayment, 'method' | 'references'> {
  if (n % SLIP_EACH === 5)
    return { method: 'bank', references: [{ scheme: 'slip', issuer: 'Main branch', value: `SL${4_100 + slipsBefore + n}` }] };
  return { method: 'cash', references: [] };
}
