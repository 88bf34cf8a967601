import type { Actor } from '../../../kernel/actor.js';
import { Conflict } from '../../../kernel/errors.js';
import { UNIT, type Given } from '../../../kernel/shapes/tokens.js';
import type { Reference } from '../documents/document.rules.js';
import type { Heard, NetworkReversal, NewPayment, Received, TakenBack, WaitingMoney } from '../index.js';
import { ALL_UNMATCHED } from './ports.js';
import { Receiving } from './receive.js';

/** A code that somebody shows is not money: it claims money that was received, or it waits until some is. */
export class Codes {
  static readonly needs = { unit: UNIT, receiving: Receiving, unmatched: ALL_UNMATCHED };

  constructor(private readonly parts: Given<typeof Codes.needs>) {}

  /** @throws Invalid at `amount` when another sum was received under the code */
  take(actor: Actor, payment: NewPayment, tillSessionId: string | null = null): Promise<Received> {
    return this.parts.unit(async () => {
      for (const source of this.parts.unmatched()) {
        const claimed = await source.claim(actor, payment);
        if (claimed) return claimed;
      }
      return this.parts.receiving.receive(actor, { ...payment, provisional: true }, tillSessionId);
    });
  }

  /** What waits under the numbers of a slip. */
  async heard(references: readonly Reference[]): Promise<Heard | null> {
    for (const source of this.parts.unmatched()) {
      for (const reference of references) {
        const heard = await source.heard(reference);
        if (heard) return heard;
      }
    }
    return null;
  }

  /** What waits for its child everywhere, as far as the actor may see it. */
  async waiting(actor: Actor): Promise<WaitingMoney[]> {
    return (await Promise.all(this.parts.unmatched().map((source) => source.waiting(actor)))).filter((one) => one !== null);
  }

  /** Until the caller's transaction ends nobody else decides about money under these numbers. */
  async hold(references: readonly Reference[]): Promise<void> {
    for (const source of this.parts.unmatched()) for (const reference of references) await source.hold(reference);
  }

  async isTold(paymentId: string): Promise<boolean> {
    for (const source of this.parts.unmatched()) if (await source.isTold(paymentId)) return true;
    return false;
  }

  /** What a network told of does not go with its receipt. Joins the caller's transaction. */
  async takeUp(actor: Actor, payment: TakenBack, reason: string, reversal: NetworkReversal | null): Promise<void> {
    for (const source of this.parts.unmatched()) await source.takeUp(actor, payment, reason, reversal);
  }

  /** Money that waits elsewhere would be booked twice. To be asked before the slip is locked. @throws Conflict with what is known of it */
  async demandUnheard(references: readonly Reference[]): Promise<void> {
    await this.hold(references);
    const heard = await this.heard(references);
    if (heard) throw new Conflict(heard.sentence);
  }
}
