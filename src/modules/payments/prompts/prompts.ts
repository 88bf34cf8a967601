import { demand, systemActor, type Actor } from '../../../kernel/actor.js';
import { Missing } from '../../../kernel/missing.js';
import type { AuditTrail } from '../../../kernel/audit.js';
import type { Clock } from '../../../kernel/clock.js';
import { Conflict, Invalid, RuleBroken } from '../../../kernel/errors.js';
import { newId } from '../../../kernel/id.js';
import type { Page } from '../../../kernel/page.js';
import type { Unit } from '../../../kernel/unit-of-work.js';
import type { StudentsApi } from '../../students/index.js';
import type { RailAccount } from '../accounts/account.rules.js';
import { promptedShillings } from '../daraja/daraja.rules.js';
import { meaningOf } from '../daraja/results.rules.js';
import {
  BETWEEN_PROMPTS_MS,
  isOpen,
  mayBecome,
  sameShares,
  type Prompt,
  type PromptShare,
  type PromptState,
} from './prompt.rules.js';
import { RailAway, RailRefused, type AccountStore, type Daraja, type PromptStore } from '../ports.js';
import type { Hearing } from '../messages/hearing.js';
import type { Settling } from '../messages/settling.js';

const MINUTE_MS = 60_000;
/** A prompt is open on a phone for about a minute; before that its callback is waited for. */
const ASK_AFTER_MS = 20_000;
/** After a day nobody asks any more: what was paid is in the network's list. */
const ASK_FOR_MS = 24 * 60 * MINUTE_MS;
const MOST_SHILLINGS = 250_000;

export interface PromptParts {
  unit: Unit;
  audit: AuditTrail;
  clock: Clock;
  store: PromptStore;
  accounts: AccountStore;
  daraja: Pick<Daraja, 'push' | 'queryPush'>;
  students: Pick<StudentsApi, 'briefs'>;
  hearing: Pick<Hearing, 'readList' | 'takeInbox'>;
  settling: Pick<Settling, 'settleAll'>;
  addressOf(token: string): string;
}

export interface NewPrompt {
  /** The child whose number is the reference. */
  studentId: string;
  /** Minor units; a prompt asks for whole shillings, rounded up. */
  amountMinor: number;
  /** Where it is for several children: they come to the amount, and the first gets what is rounded up. */
  shares?: readonly PromptShare[];
  /** E.164 */
  phone: string;
  accountId?: string;
  linkId?: string;
}

/** Prompts on phones: asked, and followed until it is known how they ended. */
export class Prompts {
  constructor(private readonly parts: PromptParts) {}

  /** Accounts that a prompt can be sent for. */
  async accounts(): Promise<RailAccount[]> {
    return (await this.parts.accounts.list()).filter((one) => one.state === 'on');
  }

  async fromDesk(actor: Actor, given: NewPrompt): Promise<string> {
    demand(actor, 'payments.prompt');
    const [student] = await this.parts.students.briefs(actor, [given.studentId]);
    if (!student) throw new Missing('student');
    return this.send(actor, given, student.paymentNo);
  }

  /** Written down before the network is asked: a process that dies in between leaves a prompt whose end is asked for. */
  async send(actor: Actor, given: NewPrompt, reference: string): Promise<string> {
    const { unit, audit, store, daraja, clock, addressOf } = this.parts;
    const account = await this.accountFor(given.accountId);
    const shillings = promptedShillings(given.amountMinor);
    if (shillings < 1 || shillings > MOST_SHILLINGS)
      throw new Invalid({ amount: 'M-Pesa accepts 1 to 250,000 shillings per payment' });
    const id = newId();
    const now = clock.now();
    const amountMinor = shillings * 100;
    const shares = (given.shares ?? []).map((one, n) =>
      n === 0 ? { ...one, amountMinor: one.amountMinor + amountMinor - given.amountMinor } : one,
    );
    const open = await unit(async () => {
      const same = await this.openTo({ ...given, amountMinor, shares }, now);
      if (same) return same;
      await store.insert({
        id,
        accountId: account.id,
        studentId: given.studentId,
        shares,
        linkId: given.linkId ?? null,
        amountMinor,
        phone: given.phone,
        reference,
        state: 'asking',
        merchantRequestId: null,
        checkoutRequestId: null,
        resultCode: null,
        transId: null,
        paymentId: null,
        byUserId: actor.userId,
        byName: actor.name,
        askedAt: now,
        changedAt: now,
      });
      await audit.record(actor, {
        action: 'payments.prompt.send',
        entity: 'payments_prompts',
        entityId: id,
        label: reference,
        after: { amountMinor, studentId: given.studentId, ...(shares.length > 0 ? { shares } : {}) },
      });
      return null;
    });
    if (open) return open;
    const push = {
      shillings,
      phone: given.phone.slice(1),
      reference,
      description: 'School fees',
      callbackUrl: `${addressOf(account.token)}/stk`,
    };
    const answer = await daraja.push(account, push).then((ids): PromptEnd => ({ state: 'asked', ...ids }), endOf);
    // Its payment may have been booked from the list before the network's answer was here.
    await unit(async () => {
      const { state } = (await store.hold(id))!;
      await store.change(id, { ...answer, state: mayBecome(state, answer.state) ? answer.state : state, at: clock.now() });
    });
    return id;
  }

  async find(actor: Actor, id: string): Promise<Prompt> {
    demand(actor, 'payments.prompt');
    return this.demandPrompt(id);
  }

  async page(actor: Actor, studentId: string | null, cursor: string | null, limit: number): Promise<Page<Prompt>> {
    demand(actor, 'payments.prompt');
    return this.parts.store.page(studentId, cursor, limit);
  }

  /** For whoever looks at it now: what has come meanwhile is taken, and the network is asked once its time is over. */
  async follow(id: string): Promise<Prompt> {
    const prompt = await this.demandPrompt(id);
    if (!isOpen(prompt)) return prompt;
    const { hearing, settling, clock } = this.parts;
    const fresh = await hearing.takeInbox().catch(() => 0);
    if (fresh > 0) await settling.settleAll();
    const now = await this.demandPrompt(id);
    if (isOpen(now) && clock.now().getTime() - Math.max(now.askedAt.getTime(), now.changedAt.getTime()) > ASK_AFTER_MS)
      await this.ask(now);
    return this.demandPrompt(id);
  }

  /** All whose end isn't known. */
  async askAll(): Promise<void> {
    const now = this.parts.clock.now().getTime();
    for (const prompt of await this.parts.store.open(new Date(now - ASK_FOR_MS), new Date(now - ASK_AFTER_MS)))
      await this.ask(prompt);
  }

  /** A query's answer carries no receipt: what it says is paid waits for its number from the list or a call. */
  private async ask(prompt: Prompt): Promise<void> {
    const { daraja, accounts, hearing, settling } = this.parts;
    const account = await accounts.find(prompt.accountId);
    if (!account || prompt.checkoutRequestId === null) return this.move(prompt.id, 'unknown', null);
    try {
      const answer =
        prompt.state === 'receipt-awaited' ? { code: '0' } : await daraja.queryPush(account, prompt.checkoutRequestId);
      if (answer === null) return await this.move(prompt.id, 'asked', null);
      const { kind } = meaningOf(answer.code);
      if (kind === 'busy') return;
      await this.move(prompt.id, kind === 'paid' ? 'receipt-awaited' : 'failed', answer.code);
      if (
        kind === 'paid' &&
        account.registeredAt &&
        (await hearing.readList(account, new Date(prompt.askedAt.getTime() - 5 * MINUTE_MS))) > 0
      )
        await settling.settleAll();
    } catch (error) {
      if (!(error instanceof RailAway) && !(error instanceof RailRefused)) throw error;
      await this.move(prompt.id, 'unknown', null);
    }
  }

  private move(id: string, state: PromptState, resultCode: string | null): Promise<void> {
    const { unit, store, clock } = this.parts;
    return unit(async () => {
      const now = await store.hold(id);
      if (now && mayBecome(now.state, state))
        await store.change(id, { state, ...(resultCode === null ? {} : { resultCode }), at: clock.now() });
    });
  }

  /** Who presses twice gets the prompt that is open already. @throws Conflict when something else was asked of this phone a moment ago */
  private async openTo({ phone, studentId, amountMinor, shares = [] }: NewPrompt, now: Date): Promise<string | null> {
    await this.parts.store.holdPhone(phone);
    const last = await this.parts.store.lastTo(phone);
    if (!last || last.state === 'paid' || now.getTime() - last.askedAt.getTime() >= BETWEEN_PROMPTS_MS) return null;
    if (isOpen(last) && last.studentId === studentId && last.amountMinor === amountMinor && sameShares(last.shares, shares))
      return last.id;
    throw new Conflict('This phone got a prompt less than a minute ago. Wait a minute before sending another.', 'prompted');
  }

  private async accountFor(id: string | undefined): Promise<RailAccount> {
    const accounts = await this.accounts();
    const account = id === undefined ? accounts[0] : accounts.find((one) => one.id === id);
    if (!account) throw new RuleBroken('no-account', 'The school has no M-Pesa number that can send prompts.');
    return account;
  }

  private async demandPrompt(id: string): Promise<Prompt> {
    const prompt = await this.parts.store.find(id);
    if (!prompt) throw new Missing('prompt');
    return prompt;
  }
}

type PromptEnd = { state: PromptState; resultCode?: string; merchantRequestId?: string; checkoutRequestId?: string };

/** Refused is over; where nobody can say whether it arrived, it is followed. */
function endOf(error: unknown): PromptEnd {
  if (error instanceof RailRefused)
    return { state: 'failed', resultCode: /lock subscriber/i.test(error.message) ? '1001' : error.code };
  if (error instanceof RailAway) return error.neverAsked ? { state: 'failed', resultCode: 'away' } : { state: 'unknown' };
  throw error;
}

/** Whoever pays by a link has no account: the link stands for them. */
export const LINK_ACTOR: Actor = systemActor('Pay link');
