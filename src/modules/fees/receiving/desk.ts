import { UNIT, only, type Given } from '../../../kernel/shapes/tokens.js';
import type { Actor } from '../../../kernel/actor.js';
import { Invalid, RuleBroken } from '../../../kernel/errors.js';
import { addDays } from '../../../kernel/clock.js';
import { formatMoney } from '../../../kernel/money.js';
import { spokenName } from '../../../kernel/people/names.js';
import { LEDGER } from '../../finance/index.js';
import { SCHOOL } from '../../school/index.js';
import { STUDENTS } from '../../students/index.js';
import { demandBank } from '../banking/bank.rules.js';
import type { Method } from '../documents/document.rules.js';
import { farAbove } from './far-above.rules.js';
import { paperReferences } from './payment.rules.js';
import type { NewPayment, Received } from '../index.js';
import { TILL_STORE, PAYMENT_STORE, PAYMENT_LIST } from '../ports.js';
import { Codes } from './codes.js';
import { Receiving } from './receive.js';

/** Ways in which somebody pays at the desk; old credit comes otherwise. */
export const DESK_METHODS = ['cash', 'mobile', 'bank', 'cheque', 'card', 'kind'] as const satisfies readonly Method[];
export type DeskMethod = (typeof DESK_METHODS)[number];

/** It lies in today's drawer; a slip, a cheque or a card may have been paid on a day before. */
const CASH_TODAY = 'Cash is dated the day it is received. Enter today’s date, or choose another method';

/** What is written of the money itself. */
export interface MoneyGiven {
  method: DeskMethod;
  reference: string | null;
  /** The bank of a cheque or slip. */
  bank: string | null;
  /** The school's own bank that a slip was paid into; the usual one when left out. */
  accountId?: string | null;
}

/** A payment as the desk hears of it: its references are still to be made of what is written. */
export type DeskPayment = Omit<NewPayment, 'method' | 'references' | 'by' | 'accountId' | 'instructions' | 'provisional'> &
  MoneyGiven & {
    /** It is known that the same was taken for this child today, or that it is far above what is owed, and meant. */
    sure: boolean;
  };

/** Money that somebody brings: into the cashier's open session, where there is one, and a code by what is known of it. */
export class Desk {
  static readonly needs = {
    unit: UNIT,
    tills: only(TILL_STORE, 'holdOpenOf'),
    receiving: only(Receiving, 'receive'),
    codes: only(Codes, 'take'),
    store: only(PAYMENT_STORE, 'standing'),
    list: only(PAYMENT_LIST, 'sameInCash', 'billedSince'),
    ledger: only(LEDGER, 'banks', 'balances', 'openBooks'),
    school: only(SCHOOL, 'today'),
    students: only(STUDENTS, 'holders'),
  };

  constructor(private readonly parts: Given<typeof Desk.needs>) {}

  /** @throws Invalid for cash of another day; RuleBroken `twice` when the same was taken in cash for one of the children on this day, `far-above` for more than the family can owe, unless that is meant */
  async take(actor: Actor, { reference, bank, accountId: chosen, sure, ...given }: DeskPayment): Promise<Received> {
    const references = paperReferences(given.method, reference, bank, given.currency);
    if (given.method === 'cash' && given.receivedOn !== (await this.parts.school.today()))
      throw new Invalid({ receivedOn: CASH_TODAY });
    const accountId = await this.bankOf({ method: given.method, accountId: chosen });
    // A sponsor's list says what each child gets, and adds up.
    if (!sure && (given.method === 'cash' || !given.sponsorId)) await this.demandUsual(given);
    if (!sure && given.method === 'cash') await this.demandNew(given);
    const { unit, tills, codes, receiving } = this.parts;
    return unit(async () => {
      const sessionId = actor.userId === null ? null : await tills.holdOpenOf(actor.userId);
      const payment: NewPayment = { ...given, ...(accountId && { accountId }), references, by: 'person' };
      return given.method === 'mobile' ? codes.take(actor, payment, sessionId) : receiving.receive(actor, payment, sessionId);
    });
  }

  /** For the desk and the API alike; what is kept already is not asked about. @throws RuleBroken `far-above` for more than these children can owe */
  async demandUsual({
    amountMinor,
    shares,
    client,
    clientKey,
  }: Pick<NewPayment, 'amountMinor' | 'shares' | 'client' | 'clientKey'>): Promise<void> {
    const { ledger, list, school, store } = this.parts;
    const ids = shares.map((share) => share.studentId);
    const [balances, billedMinor, books] = [
      await ledger.balances(ids),
      await list.billedSince(ids, addDays(await school.today(), -365)),
      await ledger.openBooks(),
    ];
    const owingMinor = [...balances.values()].reduce((sum, minor) => sum + minor, 0);
    if (
      !books ||
      !farAbove(amountMinor, { owingMinor, billedMinor }) ||
      (await store.standing(client, clientKey, [], [])).sameKey
    )
      return;
    const owes = formatMoney(Math.max(0, owingMinor), books.currency);
    throw new RuleBroken(
      'far-above',
      `${formatMoney(amountMinor, books.currency)} is far more than is owed (${owes}). Is the amount right?`,
      'sure',
    );
  }

  /** The account that a slip was paid into; null for other money and where none was chosen. @throws Invalid for one that is no bank of the school */
  async bankOf({ method, accountId }: Pick<MoneyGiven, 'method' | 'accountId'>): Promise<string | null> {
    return method === 'bank' && accountId ? demandBank(accountId, await this.parts.ledger.banks()) : null;
  }

  private async demandNew({
    receivedOn,
    clientKey,
    client,
    shares,
  }: Pick<NewPayment, 'receivedOn' | 'client' | 'clientKey' | 'shares'>): Promise<void> {
    const same = await this.parts.list.sameInCash(
      receivedOn,
      shares.map(({ studentId, amountMinor }) => [studentId, amountMinor] as const),
      { client, clientKey },
    );
    if (!same) return;
    const [holder] = await this.parts.students.holders([same.studentId]);
    throw new RuleBroken(
      'twice',
      `The same amount in cash was already received for ${holder ? spokenName(holder) : ''} on this day: receipt ${same.number}. Is this another payment?`,
      'sure',
    );
  }
}
