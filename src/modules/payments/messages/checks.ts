import type { Clock } from '../../../kernel/clock.js';
import { formatMoney } from '../../../kernel/money.js';
import type { Difference, LedgerCheck } from '../../finance/index.js';
import { CURRENCY } from '../accounts/account.rules.js';
import type { ClaimStore, PaymentCheckStore, PlatformInbox } from '../ports.js';
import { SCHEME } from '../reference.js';
import { PROVEN_WITHIN_MS } from './settling.js';

/** A day more than a proof is looked for, since the last look comes with the hour. */
const OVERDUE_MS = PROVEN_WITHIN_MS + 24 * 3_600_000;
const AT_ONCE = 5_000;

/**
 * Every message has its one outcome, which says what became of the money; what is credited rests on a second source that
 * is still there; suspense agrees with messages, entries and payments; and no number is booked twice or claimed by nobody.
 */
export class PaymentChecks implements LedgerCheck {
  readonly name = 'payments';

  constructor(
    private readonly store: PaymentCheckStore,
    private readonly claims: Pick<ClaimStore, 'foreign'>,
    private readonly inbox: Pick<PlatformInbox, 'claimedAmong'> | null,
    private readonly clock: Clock,
  ) {}

  async run(): Promise<Difference[]> {
    const { store } = this;
    const overdue = await store.overdue(new Date(this.clock.now().getTime() - OVERDUE_MS));
    return [
      ...overdue.map(({ id }) => of(id, 'A message about money has had no outcome for three days.')),
      ...(await store.doubled()).map((transId) => of(transId, 'One number of a payment was booked more than once.')),
      ...(await store.differing()).map((one) =>
        of(
          one.id,
          `For ${one.transId}, ${formatMoney(one.otherMinor, CURRENCY)} is known, but a second source says ${formatMoney(one.amountMinor, CURRENCY)}.`,
        ),
      ),
      ...(await store.unproven()).map(({ id, transId }) =>
        of(id, `${transId} was credited, and the second source that it rests on is missing or says something else.`),
      ),
      ...(await store.twicePrompted()).map(({ id, transId, other }) =>
        of(
          id,
          `One prompt was paid once, but ${transId} and ${other} were both credited for it. No second source confirms ${transId}.`,
        ),
      ),
      ...(await store.wrongOutcomes()).map(({ id, transId }) =>
        of(id, `The outcome of a message about ${transId || 'money'} doesn’t agree with what happened to the money.`),
      ),
      ...(await store.untold()).map(({ id, transId }) =>
        of(id, `${transId} is in the books as told by M-Pesa, and no message about it was booked.`),
      ),
      ...(await store.wrongSuspense()).map(({ id, transId }) =>
        of(id, `The suspense money of ${transId} doesn’t agree with its message, its journal entry or its payment.`),
      ),
      ...(await store.lostSuspense()).map(({ id, transId }) =>
        of(id, `The journal has money of ${transId} in suspense, but the suspense list doesn’t.`),
      ),
      ...(await this.claims.foreign()).map((transId) =>
        of(transId, 'Another school on the platform has claimed the number of a payment booked here.'),
      ),
      ...(await this.unclaimed()).map((transId) =>
        of(transId, `${transId} is booked here, and the platform doesn’t know that it is this school’s.`),
      ),
    ];
  }

  /** While the platform is away nobody can say. */
  private async unclaimed(): Promise<string[]> {
    const { store, inbox } = this;
    if (!inbox) return [];
    const missing = await store.unclaimed();
    for (let after = ''; missing.length < 100;) {
      const ours = await store.claimedFrom(after, AT_ONCE);
      const known = ours.length === 0 ? null : await inbox.claimedAmong(SCHEME, ours).catch(() => null);
      if (!known) break;
      missing.push(...ours.filter((one) => !known.has(one)));
      after = ours.at(-1)!;
    }
    return missing.slice(0, 100);
  }
}

function of(subject: string, sentence: string): Difference {
  return { check: 'payments', subject, sentence };
}
