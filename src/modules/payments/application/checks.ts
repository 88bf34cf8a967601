import type { Clock } from '../../../kernel/clock.js';
import { formatMoney } from '../../../kernel/money.js';
import type { Difference, LedgerCheck } from '../../finance/index.js';
import { CURRENCY } from '../domain/account.js';
import type { ClaimStore, MessageStore } from '../ports.js';
import { PROVEN_WITHIN_MS } from './settling.js';

/** A day more than a proof is looked for, since the last look comes with the hour. */
const OVERDUE_MS = PROVEN_WITHIN_MS + 24 * 3_600_000;

/** Every message has its one outcome, two sources name one sum, and no number of a payment is booked twice or belongs to another school. */
export class PaymentChecks implements LedgerCheck {
  readonly name = 'payments';

  constructor(
    private readonly messages: MessageStore,
    private readonly claims: ClaimStore,
    private readonly clock: Clock,
  ) {}

  async run(): Promise<Difference[]> {
    const overdue = await this.messages.overdue(new Date(this.clock.now().getTime() - OVERDUE_MS));
    const of = (subject: string, sentence: string): Difference => ({ check: 'payments', subject, sentence });
    return [
      ...overdue.map(({ id }) => of(id, 'A message about money has had no outcome for three days.')),
      ...(await this.messages.doubled()).map((transId) => of(transId, 'One number of a payment was booked more than once.')),
      ...(await this.messages.differing()).map((one) => of(one.id, `For ${one.transId} ${formatMoney(one.otherMinor, CURRENCY)} is known, and a second source names ${formatMoney(one.amountMinor, CURRENCY)}.`)),
      ...(await this.claims.foreign()).map((transId) => of(transId, 'Another school of the platform has claimed the number of a payment that is booked here.')),
    ];
  }
}
