import { systemActor, type Actor } from '../../../kernel/actor.js';
import type { AuditTrail } from '../../../kernel/audit.js';
import type { Clock } from '../../../kernel/clock.js';
import { Invalid, NotFound, RuleBroken } from '../../../kernel/errors.js';
import { formatMoney } from '../../../kernel/money.js';
import { plainReference } from '../../../kernel/references.js';
import type { Unit } from '../../../kernel/unit-of-work.js';
import type { PayingApi } from '../../fees/index.js';
import type { LedgerApi } from '../../finance/index.js';
import type { StudentsApi } from '../../students/index.js';
import { CURRENCY, type RailAccount } from '../accounts/account.rules.js';
import { nairobiDay } from '../daraja/daraja.rules.js';
import { isDoubtful, PAID_ALREADY, type Message, type Outcome, type Proof } from './message.rules.js';
import { answered, sharesOf, type Prompt, type PromptShare } from '../prompts/prompt.rules.js';
import type { ClaimStore, MessageStore, PlatformInbox, PromptStore, SuspenseStore } from '../ports.js';
import { intoSuspense } from '../suspense/into-suspense.js';
import { referenceOf, SCHEME } from '../reference.js';

const HALF_HOUR_MS = 30 * 60_000;

/** A message whose money is certain. */
export type Proven = Message & { transId: string; amountMinor: number; paidAt: Date };

export interface BookingParts {
  unit: Unit;
  audit: AuditTrail;
  clock: Clock;
  messages: MessageStore;
  prompts: PromptStore;
  suspense: SuspenseStore;
  claims: ClaimStore;
  inbox: PlatformInbox | null;
  fees: PayingApi;
  ledger: Pick<LedgerApi, 'account' | 'post'>;
  students: Pick<StudentsApi, 'byPlainNumber'>;
}

const actor: Actor = systemActor('M-Pesa');

/** Money that is certain becomes a payment of a child, or waits in suspense; whatever the order in which it is told of, once. */
export class Booking {
  constructor(private readonly parts: BookingParts) {}

  /** @param doubt why it goes to suspense although its child is known */
  async book(message: Proven, account: RailAccount, proof: Proof, doubt: string | null = null): Promise<Outcome> {
    if ((await this.claim(message.transId)) === 'foreign') return this.refuse(message);
    const held = (prompt: Prompt | null): string | null => (isSecond(message, prompt, proof) ? PAID_ALREADY : doubt);
    try {
      return await this.settle(message, proof, (prompt) => this.decide(message, account, prompt, held(prompt)));
    } catch (error) {
      // What fees can't take, for whatever reason, is still money that came.
      if (!isRefusal(error)) throw error;
      return this.settle(message, proof, (prompt) => this.toSuspense(message, account, held(prompt) ?? error.message));
    }
  }

  /** The platform is asked before anything is booked; while it is away money is booked, and the claim is made later. */
  private async claim(transId: string): Promise<'ours' | 'pending' | 'foreign'> {
    const { claims, inbox, unit } = this.parts;
    const known = await claims.of(transId);
    if (known === 'ours' || known === 'foreign' || !inbox) return known ?? 'ours';
    const state = await inbox.claimReference(SCHEME, transId).catch(() => 'pending' as const);
    await unit(() => claims.keep(transId, state));
    return state;
  }

  /** Claims that could not be made at the time. */
  async claimPending(): Promise<void> {
    const { claims, audit, unit } = this.parts;
    for (const transId of await claims.pending(200)) {
      if ((await this.claim(transId)) === 'foreign') await unit(() => this.noteForeign(audit, transId));
    }
  }

  private async refuse(message: Proven): Promise<Outcome> {
    const outcome: Outcome = { outcome: 'rejected', reason: 'Another school on the platform has already booked this number.' };
    await this.parts.unit(async () => {
      if (await this.parts.messages.settle(message.id, outcome)) await this.noteForeign(this.parts.audit, message.transId);
    });
    return outcome;
  }

  private noteForeign(audit: AuditTrail, transId: string): Promise<void> {
    return audit.record(actor, {
      action: 'payments.reference.foreign',
      entity: 'payments_messages',
      entityId: null,
      label: transId,
    });
  }

  private settle(message: Proven, proof: Proof, decide: (prompt: Prompt | null) => Promise<Outcome>): Promise<Outcome> {
    const { unit, messages, prompts } = this.parts;
    return unit(async () => {
      await messages.hold(message.transId);
      const found = await this.promptOf(message);
      const prompt = found && (await prompts.hold(found.id));
      const outcome = (await this.resolveDoubt(message, prompt)) ?? (await this.alreadyThere(message)) ?? (await decide(prompt));
      const second = outcome.outcome === 'suspense' && outcome.reason === PAID_ALREADY;
      await messages.settle(message.id, outcome, second ? null : proof);
      if (prompt && !second && (await this.isAnswerTo(prompt, message.transId)))
        await this.tellPrompt(prompt, message.transId, outcome);
      return outcome;
    });
  }

  /** A prompt has one payment and a payment one prompt; whose number is on another's ends this one no more. */
  private async isAnswerTo({ id, paymentId }: Prompt, transId: string): Promise<boolean> {
    if (paymentId !== null) return false;
    const other = await this.parts.prompts.ofTransaction(transId);
    return other === null || other.id === id;
  }

  private async promptOf(message: Proven): Promise<Prompt | null> {
    const { prompts } = this.parts;
    if (message.source === 'stk')
      return message.requestId === null ? null : prompts.ofCheckout(message.accountId, message.requestId);
    const named = await prompts.ofTransaction(message.transId);
    if (named) return named;
    const since = new Date(message.paidAt.getTime() - HALF_HOUR_MS);
    const paid = { billRef: message.billRef, amountMinor: message.amountMinor, paidAt: message.paidAt };
    return answered(await prompts.unpaid(message.accountId, message.billRef, since), paid) ?? this.promptToldOf(message);
  }

  /**
   * Whose callback names this payment. Only one under the same number: whoever calls may say whose prompt it was, not whom
   * the money is for. The answer to a question about a payment names no number at all.
   */
  private async promptToldOf({ transId, accountId, billRef, source }: Proven): Promise<Prompt | null> {
    for (const one of await this.parts.messages.ofTransaction(transId)) {
      const prompt = one.source === 'stk' && one.requestId ? await this.parts.prompts.ofCheckout(accountId, one.requestId) : null;
      if (prompt && (source === 'status' || prompt.reference === billRef)) return prompt;
    }
    return null;
  }

  private async alreadyThere({ transId, amountMinor }: Proven): Promise<Outcome | null> {
    const { fees, suspense } = this.parts;
    const paid = await fees.paymentOf(referenceOf(transId));
    if (paid?.state === 'posted')
      return {
        outcome: 'duplicate',
        paymentId: paid.paymentId,
        suspenseId: null,
        otherMinor: otherThan(amountMinor, paid.amountMinor),
      };
    const item = await suspense.ofTransaction(transId);
    return item
      ? {
          outcome: 'duplicate',
          paymentId: item.paymentId,
          suspenseId: item.id,
          otherMinor: otherThan(amountMinor, item.amountMinor),
        }
      : null;
  }

  /**
   * The second source that a doubtful payment waited for. When it names the same amount the money goes to its child;
   * another amount stays a difference that somebody looks into.
   */
  private async resolveDoubt(message: Proven, prompt: Prompt | null): Promise<Outcome | null> {
    if (message.source === 'stk') return null;
    const { suspense, ledger } = this.parts;
    const found = await suspense.ofTransaction(message.transId);
    const item = found && (await suspense.hold(found.id));
    if (item?.state !== 'open' || !isDoubtful(item) || item.amountMinor !== message.amountMinor) return null;
    const shares = await this.sharesOf(message, prompt);
    if (!shares) return null;
    const account = { id: message.accountId, ledgerAccountId: (await ledger.account('suspense')).id };
    const outcome = await this.receive(message, account, shares);
    if (outcome.outcome === 'booked')
      await suspense.settle(item.id, { state: 'matched', paymentId: outcome.paymentId, reason: '', byName: actor.name });
    return outcome;
  }

  private async decide(message: Proven, account: RailAccount, prompt: Prompt | null, doubt: string | null): Promise<Outcome> {
    if (doubt) return this.toSuspense(message, account, doubt);
    const shown = await this.parts.fees.paymentOf(referenceOf(message.transId));
    if (shown?.state === 'rejected')
      return this.toSuspense(message, account, 'This code was shown at the desk and rejected there.');
    // Had the network told of it before, its money would be in suspense by now.
    if (shown?.state === 'reversed') return this.toSuspense(message, account, 'A receipt with this code was reversed.');
    if (shown)
      return shown.amountMinor === message.amountMinor
        ? this.verify(message, account, shown.paymentId)
        : this.toSuspense(
            message,
            account,
            `The code was shown at the desk as ${formatMoney(shown.amountMinor, CURRENCY)}, but ${formatMoney(message.amountMinor, CURRENCY)} arrived.`,
          );
    const shares = await this.sharesOf(message, prompt);
    if (shares) return this.receive(message, account, shares);
    return this.toSuspense(
      message,
      account,
      prompt
        ? 'The amount to share between several children was different.'
        : message.billRef === ''
          ? 'No account number was entered.'
          : 'No student has this account number.',
    );
  }

  private async sharesOf({ billRef, amountMinor }: Proven, prompt: Prompt | null): Promise<readonly PromptShare[] | null> {
    if (prompt) return sharesOf(prompt, amountMinor);
    const studentId = await this.studentOf(billRef);
    return studentId === null ? null : [{ studentId, amountMinor }];
  }

  private async verify(message: Proven, account: RailAccount, paymentId: string): Promise<Outcome> {
    const seen = { amountMinor: message.amountMinor, receivedOn: nairobiDay(message.paidAt), accountId: account.ledgerAccountId };
    await this.parts.fees.verify(actor, paymentId, seen);
    return { outcome: 'booked', paymentId };
  }

  private async receive(
    message: Proven,
    account: Pick<RailAccount, 'id' | 'ledgerAccountId'>,
    shares: readonly PromptShare[],
  ): Promise<Outcome> {
    const { paymentId } = await this.parts.fees.receive(actor, {
      method: 'mobile',
      amountMinor: message.amountMinor,
      currency: CURRENCY,
      receivedOn: nairobiDay(message.paidAt),
      accountId: account.ledgerAccountId,
      payerName: message.payerName,
      payerPhone: message.payerPhone || null,
      references: [referenceOf(message.transId)],
      shares,
      client: `rail:${account.id}`,
      clientKey: message.transId,
      by: 'rail',
    });
    return { outcome: 'booked', paymentId };
  }

  /** The payment number first; where two admission numbers come to the same, nobody is guessed. */
  private async studentOf(billRef: string): Promise<string | null> {
    const number = plainReference(billRef);
    if (number === '') return null;
    const found = await this.parts.students.byPlainNumber(number);
    return (found.find((one) => one.paymentNo === number) ?? (found.length === 1 ? found[0] : undefined))?.id ?? null;
  }

  private async toSuspense(message: Proven, account: RailAccount, why: string): Promise<Outcome> {
    const suspenseId = await intoSuspense(
      this.parts,
      actor,
      { ...message, paidOn: nairobiDay(message.paidAt), ledgerAccountId: account.ledgerAccountId },
      { why },
    );
    return { outcome: 'suspense', suspenseId, reason: why };
  }

  private async tellPrompt(prompt: Prompt, transId: string, outcome: Outcome): Promise<void> {
    const at = this.parts.clock.now();
    const paymentId = outcome.outcome === 'booked' || outcome.outcome === 'duplicate' ? outcome.paymentId : null;
    await this.parts.prompts.change(
      prompt.id,
      paymentId ? { state: 'paid', transId, paymentId, at } : { state: 'receipt-awaited', transId, at },
    );
    if (prompt.state !== 'failed') return;
    await this.parts.audit.record(actor, {
      action: 'payments.prompt.late',
      entity: 'payments_prompts',
      entityId: prompt.id,
      label: transId,
      before: { state: prompt.state, resultCode: prompt.resultCode },
      after: { paymentId },
    });
  }
}

/** The network has said of a prompt that it was paid: once, and another number was taken for it before. */
function isSecond({ transId }: Proven, prompt: Prompt | null, proof: Proof): boolean {
  return proof.by === 'prompt' && prompt !== null && prompt.transId !== null && prompt.transId !== transId;
}

/** Fees says no to what it was asked, and would again. Without books nothing can be booked anywhere. */
function isRefusal(error: unknown): error is RuleBroken | NotFound | Invalid {
  return error instanceof NotFound || error instanceof Invalid || (error instanceof RuleBroken && error.code !== 'no-books');
}

/** What is known already, where a message names another sum. */
function otherThan(saidMinor: number, knownMinor: number): number | null {
  return saidMinor === knownMinor ? null : knownMinor;
}
