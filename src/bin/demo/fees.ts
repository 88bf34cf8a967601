import type { App } from '../../app.js';
import type { Actor } from '../../kernel/actor.js';
import { currencyExponent } from '../../kernel/money.js';
import { FEES } from '../../modules/fees/index.js';
import { Awards, BillingRuns, FeeSettingsKeeping, Sponsors, Subscriptions, VoteHeads } from '../../modules/fees/operations.js';
import { SCHOOL } from '../../modules/school/index.js';
import { STUDENTS, type LearnerOnRoll } from '../../modules/students/index.js';

const HOW_TO_PAY = 'At the bank: account 0140 2938 4471\nAt the office, Monday to Friday, 8:00 to 15:30';
const EVERYBODY = { classIds: [], streamIds: [], boarding: null, studentId: null };
/** Of five families one has paid ahead, one everything, two a part, one nothing; in hundredths of what is owed. */
const PAID = [115, 100, 60, 35, 0];
const LUNCH_EACH = 4;
const TRANSPORT_EACH = 7;
const SPONSORED = 5;

/** The last two terms that have begun, billed with lunch and transport, discounts and a sponsor, and paid as families pay. */
export async function billTerms(app: App, actor: Actor): Promise<void> {
  const get = app.container.get.bind(app.container);
  const school = get(SCHOOL);
  const today = await school.today();
  const terms = (await school.currentYear()).terms.filter((term) => term.startsOn <= today).slice(-2);
  if (terms.length === 0) return;
  const settings = get(FeeSettingsKeeping);
  await settings.save(actor, { ...(await settings.find(actor)), howToPay: HOW_TO_PAY, autoBill: true });
  const learners = await get(STUDENTS).onRoll();
  await takeOptional(app, actor, learners, terms[0]!.id);
  await giveAwards(app, actor, learners, terms[0]!.id);
  const runs = get(BillingRuns);
  for (const term of terms) await runs.work(await runs.start(actor, term.id, EVERYBODY), { userId: null, name: actor.name }, false);
  await pay(app, actor, learners, today);
}

async function takeOptional(app: App, actor: Actor, learners: readonly LearnerOnRoll[], fromTermId: string): Promise<void> {
  const heads = await app.container.get(VoteHeads).list(actor);
  const subscriptions = app.container.get(Subscriptions);
  for (const [code, each] of [['LUN', LUNCH_EACH], ['TRA', TRANSPORT_EACH]] as const) {
    const headId = heads.find((head) => head.code === code)!.id;
    for (const { id } of learners.filter((learner, n) => n % each === 0 && learner.boarding === 'day')) await subscriptions.take(actor, { studentId: id, headId, fromTermId, toTermId: null });
  }
}

async function giveAwards(app: App, actor: Actor, learners: readonly LearnerOnRoll[], fromTermId: string): Promise<void> {
  const awards = app.container.get(Awards);
  const tuition = (await app.container.get(VoteHeads).list(actor)).find((head) => head.code === 'TUI')!.id;
  const usual = { mostBasisPoints: null, headIds: [tuition], limitMinor: null, askAbove: null, sponsored: false };
  await awards.addKind(actor, { ...usual, name: 'Brothers and sisters', method: 'siblings', value: 500, mostBasisPoints: 2_000, rank: 1 });
  const staff = await awards.addKind(actor, { ...usual, name: 'Staff child', method: 'percent', value: 2_500, rank: 2, askAbove: 5_000 });
  const bursary = await awards.addKind(actor, { ...usual, name: 'Bursary', method: 'percent', value: 6_000, rank: 3, headIds: [], sponsored: true });
  const sponsorId = await app.container.get(Sponsors).add(actor, { name: 'Elimu Education Trust', contact: 'Grants office', phone: null, email: 'grants@elimu-trust.example' });
  const given = { value: null, fromTermId, toTermId: null };
  for (const { id } of learners.slice(3, 3 + SPONSORED)) await awards.give(actor, { ...given, studentId: id, kindId: bursary, sponsorId, reason: 'Chosen by the board of the trust' });
  await awards.give(actor, { ...given, studentId: learners[20 % learners.length]!.id, kindId: staff, sponsorId: null, reason: 'Mother teaches here' });
}

/** At the desk in cash, whole units. */
async function pay(app: App, actor: Actor, learners: readonly LearnerOnRoll[], today: string): Promise<void> {
  const fees = app.container.get(FEES);
  const { currency } = await app.container.get(SCHOOL).profile();
  const unit = 10 ** currencyExponent(currency);
  for (const [n, { id }] of learners.entries()) {
    const owed = await fees.balanceOf({ kind: 'student', id });
    const amountMinor = Math.round((owed * PAID[n % PAID.length]!) / 100 / unit / 100) * 100 * unit;
    if (amountMinor <= 0) continue;
    const share = { studentId: id, amountMinor };
    await fees.receive(actor, { method: 'cash', amountMinor, currency, receivedOn: today, references: [], shares: [share], client: 'user:demo', clientKey: `${id} ${owed}`, by: 'person' });
  }
}
