import type { Clock } from '../../kernel/clock.js';
import type { Unit } from '../../kernel/unit-of-work.js';
import { afterTry, canWait, INTERRUPTED, laneOf, STOPPED, TOO_LATE, type Channel, type Outcome } from './message.rules.js';
import type { Carrier, ClaimedMessage, FamilyRules, Later, MessageStore } from './ports.js';
import { DELIVER } from './send.js';

/**
 * One try of one message. It is claimed in a transaction of its own before it is handed over, so that whatever
 * stops the product in between leaves a trace, and a message that may have arrived is never sent blindly again.
 */
export class DeliverMessage {
  constructor(
    private readonly store: MessageStore,
    private readonly carriers: Record<Channel, Carrier>,
    private readonly later: Later,
    private readonly unit: Unit,
    private readonly clock: Clock,
    private readonly chance: () => number,
    /** Only where there are families. */
    private readonly families: FamilyRules | null = null,
  ) {}

  async run(id: string): Promise<void> {
    const message = await this.unit(() => this.store.claim(id));
    if (!message) return;
    // Whoever wrote it down, by day or by night: nothing that can wait leaves while it is quiet.
    const held = canWait(message) ? ((await this.families?.heldUntil()) ?? null) : null;
    if (held) return this.unit(() => this.hold(message, held));
    const outcome = await this.attempt(message);
    await this.unit(() => this.settle(message, outcome));
  }

  private async attempt(message: ClaimedMessage): Promise<Outcome> {
    const carrier = this.carriers[message.channel];
    if (message.interrupted && !carrier.repeatable) return { kind: 'failed', reason: INTERRUPTED };
    if (message.goodUntil && message.goodUntil < this.clock.now()) return { kind: 'failed', reason: TOO_LATE };
    if (message.family && (await this.families?.stopped(message.recipient))) return { kind: 'failed', reason: STOPPED };
    return carrier.carry(message);
  }

  private async hold(message: ClaimedMessage, until: Date): Promise<void> {
    await this.store.hold(message.id, until);
    await this.laterAt(message, until);
  }

  private async laterAt(message: ClaimedMessage, runAt: Date): Promise<void> {
    await this.later.enqueue(DELIVER, { id: message.id }, { key: `${DELIVER}:${message.id}`, queue: laneOf(message), runAt });
  }

  private async settle(message: ClaimedMessage, outcome: Outcome): Promise<void> {
    const now = this.clock.now();
    const next = afterTry(message, outcome, now, this.chance());
    if (next.state === 'sent') return this.store.sent(message.id, now, outcome.kind === 'sent' ? outcome.ref : null);
    if (next.state === 'failed') return this.store.failed(message.id, next.reason, message.secret);
    await this.store.again(message.id, next.nextTryAt, next.reason);
    await this.laterAt(message, next.nextTryAt);
  }
}
