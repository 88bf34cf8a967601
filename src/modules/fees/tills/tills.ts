import { only, type Given } from '../../../kernel/shapes/tokens.js';
import { demand, type Actor } from '../../../kernel/actor.js';
import { command, type Doing } from '../../../kernel/shapes/command.js';
import { Missing } from '../../../kernel/missing.js';
import { Conflict, RuleBroken } from '../../../kernel/errors.js';
import { newId } from '../../../kernel/id.js';
import type { Page } from '../../../kernel/page.js';
import { LEDGER, NO_BOOKS, type Account } from '../../finance/index.js';
import { SCHOOL } from '../../school/index.js';
import { demandBank } from '../banking/bank.rules.js';
import { demandSum, demandThere, expectedCash, type DropKind } from './till.rules.js';
import { TILL_STORE, SLIP_STORE, type TillFilter, type TillSession } from '../ports.js';

export interface Drop {
  kind: DropKind;
  amountMinor: number;
  note: string;
  accountId?: string | null;
  slipNumber?: string;
}

export interface Count {
  countedMinor: number;
  note: string;
}

/**
 * A cashier's till from the float to the count. Cash in tills and in the safe is one account of the books, so that only
 * what goes to the bank and what the count differs by are booked.
 */
export class Tills {
  static readonly needs = {
    store: TILL_STORE,
    slips: only(SLIP_STORE, 'insert'),
    ledger: only(LEDGER, 'openBooks', 'account', 'banks', 'post'),
    school: only(SCHOOL, 'today', 'zone'),
  };

  constructor(private readonly parts: Given<typeof Tills.needs>) {}

  /** The actor's own open session. */
  async mine(actor: Actor): Promise<TillSession | null> {
    demand(actor, 'fees.receive');
    return actor.userId === null ? null : this.parts.store.openOf(actor.userId);
  }

  async list(actor: Actor, filter: Omit<TillFilter, 'zone'>, cursor: string | null, limit: number): Promise<Page<TillSession>> {
    demand(actor, 'fees.payments.read');
    return this.parts.store.list({ ...filter, zone: await this.parts.school.zone() }, cursor, limit);
  }

  async find(actor: Actor, id: string): Promise<TillSession> {
    demand(actor, 'fees.payments.read');
    const session = await this.parts.store.find(id);
    if (!session) throw new Missing('till-session');
    return session;
  }

  /** @throws Conflict when the cashier's till is open already */
  async open({ actor, note }: Doing, floatMinor: number): Promise<string> {
    const { store, ledger } = this.parts;
    const cashierId = cashierOf(actor);
    demandSum('float', floatMinor, 0);
    if (!(await ledger.openBooks())) throw new RuleBroken('no-books', NO_BOOKS);
    const session = { id: newId(), cashierId, cashierName: actor.name, floatMinor };
    if (!(await store.insert(session))) throw new Conflict('Your till is already open.');
    await note({ entityId: session.id, label: actor.name, after: { floatMinor } });
    return session.id;
  }

  /** Cash leaves the till for the safe or the bank. @throws RuleBroken when more would leave than lies there */
  async drop({ actor, note: tell }: Doing, { kind, amountMinor, note, accountId = null, slipNumber = '' }: Drop): Promise<void> {
    demandSum('amount', amountMinor, 1);
    const banks = await this.parts.ledger.banks();
    const bankId = kind === 'bank' ? demandBank(accountId ?? (banks.length === 1 ? banks[0]!.id : null), banks) : null;
    const session = await this.lockMine(actor);
    demandThere(amountMinor, expectedOf(session));
    const id = newId();
    const memo = [slipNumber, note].filter(Boolean).join(' · ');
    const entryId = bankId ? await this.bank(actor, session, id, { bankId, amountMinor, note: memo }) : null;
    const movement = { id, sessionId: session.id, kind, amountMinor, note, entryId, paymentId: null, byName: actor.name };
    await this.parts.store.insertMovement(movement);
    if (bankId) {
      const slip = { id: newId(), accountId: bankId, number: slipNumber, amountMinor, depositId: null, movementId: id };
      await this.parts.slips.insert(slip);
    }
    await tell({
      entityId: session.id,
      label: session.cashierName,
      after: { kind, amountMinor, note, ...(bankId ? { accountId: bankId, slipNumber } : {}) },
    });
  }

  /** The cashier says what lies there; the difference to what ought to lie there is booked, and nothing more is booked into the session. */
  async cashUp({ actor, note: tell }: Doing, { countedMinor, note }: Count): Promise<string> {
    demandSum('counted', countedMinor, 0);
    const session = await this.lockMine(actor);
    const expectedMinor = expectedOf(session);
    const entryId = await this.bookDifference(actor, session, countedMinor - expectedMinor);
    await this.parts.store.close({ id: session.id, takings: session.takings, expectedMinor, countedMinor, note, entryId });
    await tell({
      entityId: session.id,
      label: session.cashierName,
      before: { state: 'open' },
      after: { state: 'closed', expectedMinor, countedMinor, note },
    });
    return session.id;
  }

  /** Where cash can go. */
  async banks(actor: Actor): Promise<readonly Account[]> {
    demand(actor, 'fees.receive');
    return this.parts.ledger.banks();
  }

  private async bank(
    actor: Actor,
    session: TillSession,
    movementId: string,
    { bankId, amountMinor, note }: { bankId: string; amountMinor: number; note: string },
  ): Promise<string> {
    const { ledger, school } = this.parts;
    const cash = await ledger.account('cash');
    const memo = [`Cash of ${session.cashierName} to the bank`, note].filter(Boolean).join(' · ');
    const lines = [
      { accountId: bankId, amountMinor },
      { accountId: cash.id, amountMinor: -amountMinor, tillId: session.id },
    ];
    return (
      await ledger.post(actor, {
        source: { kind: 'fees-till-banking', key: movementId },
        valueOn: await school.today(),
        memo,
        by: 'person',
        lines,
      })
    ).entryId;
  }

  /** @param minor above zero what was found beyond what ought to be there, below zero what is missing */
  private async bookDifference(actor: Actor, session: TillSession, minor: number): Promise<string | null> {
    if (minor === 0) return null;
    const { ledger, school } = this.parts;
    const [cash, overShort] = [await ledger.account('cash'), await ledger.account('over-short')];
    const memo = `Till of ${session.cashierName}: ${minor > 0 ? 'over' : 'short'}`;
    const lines = [
      { accountId: cash.id, amountMinor: minor, tillId: session.id },
      { accountId: overShort.id, amountMinor: -minor, tillId: session.id },
    ];
    return (
      await ledger.post(actor, {
        source: { kind: 'fees-till', key: session.id },
        valueOn: await school.today(),
        memo,
        by: 'person',
        lines,
      })
    ).entryId;
  }

  /** Read after the lock, so that receipts that were under way are in it. */
  private async lockMine(actor: Actor): Promise<TillSession> {
    const id = await this.parts.store.lockOpenOf(cashierOf(actor));
    if (!id) throw new Conflict('Your till is not open.');
    return (await this.parts.store.find(id))!;
  }
}

export function expectedOf({
  floatMinor,
  takings,
  movements,
}: Pick<TillSession, 'floatMinor' | 'takings' | 'movements'>): number {
  return expectedCash(floatMinor, takings, movements);
}

function cashierOf(actor: Actor): string {
  if (actor.userId === null) throw new RuleBroken('no-cashier', 'Only a person can open a till. Sign in with your own account.');
  return actor.userId;
}

const TILL_ACT = { can: 'fees.receive', on: 'fee-till' } as const;

/** With so much in it, minor units. */
export const openTill = command(
  { key: 'fees.till.open', act: 'Opened a till', ...TILL_ACT },
  Tills,
  (tills, doing, floatMinor: number) => tills.open(doing, floatMinor),
);

export const dropCash = command(
  { key: 'fees.till.drop', act: 'Took cash from a till to the safe', ...TILL_ACT },
  Tills,
  (tills, doing, drop: Drop) => tills.drop(doing, drop),
);

export const cashUp = command(
  { key: 'fees.till.cash-up', act: 'Cashed up a till', ...TILL_ACT },
  Tills,
  (tills, doing, count: Count) => tills.cashUp(doing, count),
);

export const TILL_COMMANDS = [openTill, dropCash, cashUp];
