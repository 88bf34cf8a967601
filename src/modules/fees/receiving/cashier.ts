import { command } from '../../../kernel/shapes/command.js';
import { only, type Given } from '../../../kernel/shapes/tokens.js';
import { demand, type Actor } from '../../../kernel/actor.js';
import { Missing } from '../../../kernel/missing.js';
import { LEDGER } from '../../finance/index.js';
import { SCHOOL } from '../../school/index.js';
import { STUDENTS, isPresent, type AccountHolder, type FoundStudent } from '../../students/index.js';
import { allocate, type OpenItem } from '../allocations/allocation.rules.js';
import { levelShares } from '../allocations/split.rules.js';
import type { Received } from '../index.js';
import { RECEIVING_SETTINGS, PAYMENT_STORE, PAYMENT_LIST, type CashierDay, type ReceiptPaperKind } from '../ports.js';
import { Desk, type DeskPayment } from './desk.js';

export interface Account {
  holder: AccountHolder;
  /** Minor units; below zero it has paid beyond what it owes. */
  owingMinor: number;
  /** Open on this term's bills, and on older ones. */
  termMinor: number;
  arrearsMinor: number;
  items: OpenItem[];
}

export interface Found {
  hits: { holder: FoundStudent; owingMinor: number }[];
  /** There are others, who aren't shown. */
  more: boolean;
}

/** As many as are seen beside the payment without scrolling; and all that anybody would look through. */
const AT_A_GLANCE = 8;
export const AT_MOST = 200;

export interface FamilyPayment extends Omit<DeskPayment, 'shares'> {
  studentId: string;
  /** Shared level over brothers and sisters. */
  family: boolean;
}

/** What happens at the desk: find the child, see what the family owes, take the money. */
export class Cashier {
  static readonly needs = {
    desk: Desk,
    store: PAYMENT_STORE,
    list: PAYMENT_LIST,
    settings: RECEIVING_SETTINGS,
    students: only(STUDENTS, 'search', 'holders', 'siblingsOf'),
    ledger: only(LEDGER, 'balances'),
    school: only(SCHOOL, 'currentTerm', 'today'),
  };

  constructor(private readonly parts: Given<typeof Cashier.needs>) {}

  /** By the register's own search, the nearest first, with what each owes: two statements however many are found. */
  async find(actor: Actor, text: string, limit = AT_A_GLANCE): Promise<Found> {
    demand(actor, 'fees.receive');
    const found = await this.parts.students.search(actor, text, limit + 1);
    const balances = await this.parts.ledger.balances(found.map((one) => one.id));
    return {
      hits: found.slice(0, limit).map((holder) => ({ holder, owingMinor: balances.get(holder.id) ?? 0 })),
      more: found.length > limit,
    };
  }

  /** The child's account first, then those of its brothers and sisters who are at the school. */
  async family(actor: Actor, studentId: string): Promise<Account[]> {
    demand(actor, 'fees.receive');
    const { students, store, ledger, school } = this.parts;
    const [child, siblings] = await Promise.all([students.holders([studentId]), students.siblingsOf([studentId])]);
    if (!child[0]) throw new Missing('student');
    const holders = [child[0], ...siblings.get(studentId)!];
    const ids = holders.map((one) => one.id);
    const [items, balances, term] = await Promise.all([store.openItems(ids), ledger.balances(ids), school.currentTerm()]);
    return holders
      .map((holder) => accountOf(holder, items, balances.get(holder.id) ?? 0, term?.term.id ?? null))
      .filter((one, n) => n === 0 || one.owingMinor !== 0 || isPresent(one.holder));
  }

  /** How a sum would be shared and what it would settle, account by account. */
  async preview(accounts: readonly Account[], family: boolean, amountMinor: number) {
    const { allocationOrder } = await this.parts.settings.read();
    const shares = sharesOf(accounts, family, amountMinor);
    return accounts
      .filter((account) => shares.has(account.holder.id))
      .map((account) => {
        const sum = shares.get(account.holder.id)!;
        return { account, amountMinor: sum, ...allocate(sum, account.items, [], allocationOrder) };
      });
  }

  /** @throws RuleBroken `twice` when the same was taken in cash for this child today, unless that is meant */
  async take(actor: Actor, { studentId, family, ...given }: FamilyPayment): Promise<Received> {
    const shares = family
      ? [...sharesOf(await this.family(actor, studentId), true, given.amountMinor)]
      : [[studentId, given.amountMinor] as const];
    return this.parts.desk.take(actor, { ...given, shares: shares.map(([id, amountMinor]) => ({ studentId: id, amountMinor })) });
  }

  /** What the desk prints on. */
  async paper(actor: Actor): Promise<ReceiptPaperKind> {
    demand(actor, 'fees.receive');
    return (await this.parts.settings.read()).receiptPaper;
  }

  async day(actor: Actor): Promise<CashierDay> {
    demand(actor, 'fees.receive');
    return this.parts.list.cashierDay(actor.userId, await this.parts.school.today());
  }

  async names(actor: Actor, ids: readonly string[]): Promise<ReadonlyMap<string, AccountHolder>> {
    demand(actor, 'fees.receive');
    return new Map(ids.length > 0 ? (await this.parts.students.holders(ids)).map((one) => [one.id, one]) : []);
  }
}

function accountOf(holder: AccountHolder, items: readonly OpenItem[], owingMinor: number, termId: string | null): Account {
  const own = items.filter((item) => item.studentId === holder.id && item.payerId === holder.id && item.openMinor > 0);
  const termMinor = own
    .filter((item) => item.termId === termId && termId !== null)
    .reduce((sum, item) => sum + item.openMinor, 0);
  return {
    holder,
    owingMinor,
    termMinor,
    arrearsMinor: own.reduce((sum, item) => sum + item.openMinor, 0) - termMinor,
    items: own,
  };
}

function sharesOf(accounts: readonly Account[], family: boolean, amountMinor: number): Map<string, number> {
  if (!family) return new Map([[accounts[0]!.holder.id, amountMinor]]);
  return levelShares(
    amountMinor,
    accounts.map(({ holder, owingMinor }) => ({
      id: holder.id,
      bornOn: holder.bornOn,
      admissionNo: holder.admissionNo,
      owingMinor,
    })),
  );
}

/** A receipt, or a code that waits for its money; what it books says so in the audit. */
export const takePayment = command(
  { key: 'fees.payment.receive', can: 'fees.receive', act: 'Received a payment', on: 'fee-payment', silent: true },
  Cashier,
  (cashier, { actor }, given: FamilyPayment) => cashier.take(actor, given),
);
