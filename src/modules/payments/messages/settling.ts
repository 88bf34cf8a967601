import { systemActor } from '../../../kernel/actor.js';
import type { AuditTrail } from '../../../kernel/audit.js';
import type { Clock } from '../../../kernel/clock.js';
import type { Unit } from '../../../kernel/unit-of-work.js';
import type { RailAccount } from '../accounts/account.rules.js';
import { meaningOf } from '../daraja/results.rules.js';
import { OTHER_AMOUNT, PAID_ALREADY, samePhone, type Message, type Outcome, type Proof } from './message.rules.js';
import { mayBecome, type Prompt } from '../prompts/prompt.rules.js';
import {
  RailAway,
  RailRefused,
  type AccountStore,
  type Daraja,
  type MessageStore,
  type PromptStore,
  type QuestionStore,
} from '../ports.js';
import type { Booking, Proven } from './booking.js';
import type { Hearing } from './hearing.js';

const AT_ONCE = 100;
const MINUTE_MS = 60_000;
/** After two days no source will know of it any more. */
export const PROVEN_WITHIN_MS = 48 * 60 * MINUTE_MS;
/** So long a proof is looked for each minute, then each hour. */
const EAGER_MS = 15 * MINUTE_MS;
/** The network's answer to a prompt is written down by then, or never. */
const ANSWER_COMES_MS = 2 * MINUTE_MS;
/** The same payment is not asked about more often. */
const BETWEEN_QUESTIONS_MS = 10 * MINUTE_MS;

export interface SettlingParts {
  unit: Unit;
  audit: AuditTrail;
  clock: Clock;
  accounts: AccountStore;
  messages: MessageStore;
  prompts: PromptStore;
  questions: QuestionStore;
  daraja: Pick<Daraja, 'queryPush' | 'askStatus'>;
  hearing: Pick<Hearing, 'readList'>;
  booking: Pick<Booking, 'book'>;
  addressOf(token: string): string;
  onError(error: unknown, where: string): void;
}

/** Whether money is certain, and why it is held back although it is. */
type Finding = { proof: Proof; doubt: string | null } | { proof: null; reason?: string; otherMinor?: number };
const NOT_YET: Finding = { proof: null };

/** Gives each message its one outcome. Nobody is believed for having called: a second source has to know of the money. */
export class Settling {
  constructor(private readonly parts: SettlingParts) {}

  /** @param everything those too that were looked at in vain a while ago */
  async settleAll(everything = false): Promise<void> {
    const { messages, onError } = this.parts;
    let after: string | null = null;
    for (;;) {
      const waiting: Message[] = await messages.waiting(AT_ONCE, after);
      for (const message of waiting) {
        if (!everything && this.age(message) > EAGER_MS && message.source !== 'list') continue;
        await this.settle(message).catch((error: unknown) => onError(error, 'a payment message'));
      }
      after = waiting.at(-1)?.id ?? null;
      if (waiting.length < AT_ONCE) return;
    }
  }

  /** Asks the network about a payment by its number, not more often than each ten minutes; what it answers comes as a message. */
  async ask(account: RailAccount, transId: string): Promise<'asked' | 'lately' | 'away'> {
    const { questions, daraja, clock, unit, addressOf } = this.parts;
    const now = clock.now();
    if (await questions.askedSince(transId, new Date(now.getTime() - BETWEEN_QUESTIONS_MS))) return 'lately';
    const base = addressOf(account.token);
    try {
      const { conversationId } = await daraja.askStatus(account, {
        transId,
        resultUrl: `${base}/status`,
        timeoutUrl: `${base}/timeout`,
      });
      await unit(() => questions.insert({ accountId: account.id, requestId: conversationId, transId, askedAt: now }));
      return 'asked';
    } catch (error) {
      if (!(error instanceof RailAway) && !(error instanceof RailRefused)) throw error;
      return 'away';
    }
  }

  /** Null while it waits for a proof. */
  async settle(message: Message): Promise<Outcome | null> {
    const account = await this.parts.accounts.find(message.accountId);
    if (!account) return this.reject(message, 'The account no longer exists.');
    if (message.source === 'timeout') return this.reject(message, 'The network did not answer our query in time.');
    if (message.source === 'stk' && message.resultCode !== null && message.resultCode !== '0')
      return this.notPaid(message, message.resultCode);
    if (message.source === 'status' && message.resultCode !== '0')
      return this.reject(message, 'The network has no record of this payment.');
    if (!isMoney(message)) return this.reject(message, 'No payment details could be read in it.');
    const found = await this.prove(message, account);
    // The list that was read for the proof has settled the rest by itself.
    const meanwhile = await this.parts.messages.find(message.id);
    if (meanwhile?.outcome) return null;
    if (found.proof) return this.book(message, account, found.proof, found.doubt);
    if (found.reason) return this.reject(message, found.reason, found.otherMinor);
    return this.age(message) > PROVEN_WITHIN_MS ? this.giveUp(message) : null;
  }

  private async book(message: Proven, account: RailAccount, proof: Proof, doubt: string | null): Promise<Outcome> {
    if (message.source === 'status') await this.bookAskedFor(message, account);
    const outcome = await this.parts.booking.book(message, account, proof, doubt);
    if (outcome.outcome === 'suspense' && outcome.reason === PAID_ALREADY) await this.askStatus(message, account);
    return outcome;
  }

  private async prove(message: Proven, account: RailAccount): Promise<Finding> {
    if (message.source === 'list') return certainBy(message);
    if (message.source === 'status') return this.wasAsked(message);
    const listed = (await this.inList(message)) ?? (await this.askList(message, account));
    if (listed) return listed;
    return message.source === 'stk' ? this.askPrompt(message, account) : this.askStatus(message, account);
  }

  /** The message that the question was about says more than its answer: whom the money is for. */
  private async bookAskedFor(answer: Proven, account: RailAccount): Promise<void> {
    for (const one of await this.parts.messages.ofTransaction(answer.transId)) {
      if (one.outcome === null && one.id !== answer.id && isMoney(one) && one.amountMinor === answer.amountMinor)
        await this.parts.booking.book(one, account, { by: 'status', messageId: answer.id });
    }
  }

  /** Only an answer to a question of ours, about this very payment. */
  private async wasAsked(message: Proven): Promise<Finding> {
    const asked =
      message.requestId === null ? null : await this.parts.questions.transactionOf(message.accountId, message.requestId);
    return asked === message.transId ? certainBy(message) : { proof: null, reason: 'This was not requested.' };
  }

  private async inList(message: Proven): Promise<Finding | null> {
    const others = await this.parts.messages.ofTransaction(message.transId);
    const certain = others.find(
      (one) =>
        one.accountId === message.accountId &&
        (one.source === 'list' || (one.source === 'status' && one.outcome !== null && one.outcome !== 'rejected')),
    );
    if (!certain) return null;
    // The list says whom the money is for; whoever called may not be faster than it.
    if (certain.source === 'list' && certain.outcome === null) await this.settle(certain);
    return certain.amountMinor === message.amountMinor
      ? certainBy(certain)
      : { proof: null, reason: 'The network’s own list has another amount.', otherMinor: certain.amountMinor ?? undefined };
  }

  private async askList(message: Proven, account: RailAccount): Promise<Finding | null> {
    if (!account.registeredAt) return null;
    try {
      // Whoever made the message up chose its time too.
      const now = this.parts.clock.now().getTime();
      const from = Math.min(Math.max(message.paidAt.getTime(), now - PROVEN_WITHIN_MS), now) - 10 * MINUTE_MS;
      const fresh = await this.parts.hearing.readList(account, new Date(from));
      if (fresh === 0) return null;
      await this.settleLists();
    } catch (error) {
      if (error instanceof RailAway || error instanceof RailRefused) return null;
      throw error;
    }
    return this.inList(message);
  }

  /** What the list brought is money by itself, whoever called: it is booked before anything that only a prompt could prove. */
  private async settleLists(): Promise<void> {
    for (let after: string | null = null; ;) {
      const waiting: Message[] = await this.parts.messages.waiting(AT_ONCE, after);
      for (const one of waiting) if (one.source === 'list') await this.settle(one);
      if (waiting.length < AT_ONCE) return;
      after = waiting.at(-1)!.id;
    }
  }

  /** The prompt was ours, for this amount and phone, and the network says that it was paid. */
  private async askPrompt(message: Proven, account: RailAccount): Promise<Finding> {
    const prompt = message.requestId === null ? null : await this.parts.prompts.ofCheckout(account.id, message.requestId);
    if (!prompt) return NOT_YET;
    const answer = await this.asked(account, prompt);
    if (answer === null) return NOT_YET;
    if (meaningOf(answer.code).kind !== 'paid' || !samePhone(message.payerPhone, prompt.phone)) return NOT_YET;
    return {
      proof: { by: 'prompt', promptId: prompt.id },
      doubt: prompt.amountMinor === message.amountMinor ? null : OTHER_AMOUNT,
    };
  }

  private async asked(account: RailAccount, prompt: Prompt): Promise<{ code: string } | null> {
    try {
      return await this.parts.daraja.queryPush(account, prompt.checkoutRequestId!);
    } catch (error) {
      if (error instanceof RailAway || error instanceof RailRefused) return null;
      throw error;
    }
  }

  private async askStatus(message: Proven, account: RailAccount): Promise<Finding> {
    if (account.keys.initiator) await this.ask(account, message.transId);
    return NOT_YET;
  }

  /** Not final: a payment that comes late all the same is credited. */
  private notPaid(message: Message, code: string): Promise<Outcome | null> {
    const { unit, prompts, clock } = this.parts;
    return unit(async () => {
      const found = message.requestId === null ? null : await prompts.ofCheckout(message.accountId, message.requestId);
      // It may be here before the answer to the prompt itself.
      if (!found && this.age(message) < ANSWER_COMES_MS) return null;
      const prompt = found && (await prompts.hold(found.id));
      if (prompt && meaningOf(code).kind === 'failed' && mayBecome(prompt.state, 'failed'))
        await prompts.change(prompt.id, { state: 'failed', resultCode: code, at: clock.now() });
      return this.reject(message, prompt ? meaningOf(code).sentence : 'It answers a prompt that was never sent.');
    });
  }

  /** Somebody may have made it up, or the network is out of order: people should look. */
  private giveUp(message: Message): Promise<Outcome> {
    const { unit, audit } = this.parts;
    return unit(async () => {
      await audit.record(systemActor('M-Pesa'), {
        action: 'payments.message.unproven',
        entity: 'payments_messages',
        entityId: message.id,
        label: message.transId ?? '',
      });
      return this.reject(message, 'No second source confirmed this payment within two days.');
    });
  }

  private reject(message: Message, reason: string, otherMinor?: number): Promise<Outcome> {
    const outcome: Outcome = { outcome: 'rejected', reason, ...(otherMinor === undefined ? {} : { otherMinor }) };
    return this.parts.unit(async () => {
      await this.parts.messages.settle(message.id, outcome);
      return outcome;
    });
  }

  private age(message: Message): number {
    return this.parts.clock.now().getTime() - message.receivedAt.getTime();
  }
}

function certainBy({ id, source }: Message): Finding {
  return { proof: { by: source === 'list' ? 'list' : 'status', messageId: id }, doubt: null };
}

function isMoney(message: Message): message is Proven {
  return message.transId !== null && message.amountMinor !== null && message.paidAt !== null;
}
