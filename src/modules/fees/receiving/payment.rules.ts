import { Invalid, RuleBroken } from '../../../kernel/errors.js';
import { ABOVE_ZERO } from '../../../kernel/money.js';
import { mobileScheme } from '../../../kernel/packs/index.js';
import { paperReference, plainReference } from '../../../kernel/references.js';
import type { Allocation, OpenItem } from '../allocations/allocation.rules.js';
import type { Method, Payer, Reference } from '../documents/document.rules.js';

/** The account of the books, by what it is used for, that each kind of money goes into. */
export const ACCOUNT_OF_METHOD = {
  cash: 'cash',
  cheque: 'cheques',
  bank: 'bank',
  mobile: 'clearing.mobile',
  card: 'clearing.card',
  kind: 'stores',
  opening: 'accumulated',
} as const satisfies Record<Method, string>;

/** Whose numbers each method carries, and what is asked for where one is needed; empty where none is. */
const PAPERS = {
  cash: ['cash-slip', ''],
  mobile: ['mobile', 'Enter the code from the message'],
  bank: ['bank-slip', 'Enter the slip number'],
  cheque: ['cheque', 'Enter the number of the cheque'],
  card: ['card', 'Enter the number from the card machine’s slip'],
  kind: ['store-receipt', 'Enter the number of the store’s receipt'],
} as const satisfies Partial<Record<Method, readonly [scheme: string, asked: string]>>;
/** Their numbers are unique whoever gives them out. */
const WITHOUT_ISSUER: readonly Method[] = ['mobile', 'kind'];

/** By which number a payment that a person writes down is known. @throws RuleBroken at `reference` or `bank` where one is missing */
export function paperReferences(
  method: keyof typeof PAPERS,
  reference: string | null,
  bank: string | null,
  currency: string,
): Reference[] {
  const [paper, asked] = PAPERS[method];
  const scheme = method === 'mobile' ? mobileScheme(currency) : paper;
  if (reference === null && asked !== '') throw new RuleBroken('no-reference', asked, 'reference');
  if (reference === null) return [];
  if (method === 'cheque' && !bank)
    throw new RuleBroken('no-bank', 'Enter the bank: cheque numbers are unique only within a bank', 'bank');
  return [{ scheme, issuer: WITHOUT_ISSUER.includes(method) ? '' : (bank ?? ''), value: reference }];
}

/** More than any family pays, and so little that sums of such payments stay exact. Minor units. */
export const MOST_PAID = 1_000_000_000_000;

/** What was asked for, as far as a person can get it wrong. */
export interface Asked {
  amountMinor: number;
  receivedOn: string;
  references: readonly Reference[];
  shares: readonly { studentId: string; amountMinor: number; payer?: Payer }[];
  provisional?: boolean;
}

/** @throws Invalid with the field of what can't be */
export function demandSense({ amountMinor, receivedOn, references, shares, provisional }: Asked, today: string): void {
  const whole = (minor: number): boolean => Number.isSafeInteger(minor) && minor > 0;
  if (!whole(amountMinor)) throw new Invalid({ amount: ABOVE_ZERO });
  if (amountMinor > MOST_PAID) throw new Invalid({ amount: 'This is more than the limit for one payment' });
  if (receivedOn > today) throw new Invalid({ receivedOn: 'This date is in the future' });
  if (shares.length === 0) throw new Invalid({ student: 'Choose who this is paid for' });
  if (!shares.every((share) => whole(share.amountMinor)))
    throw new Invalid({ shares: 'Enter an amount above zero for each child, or leave the child out' });
  if (shares.reduce((sum, share) => sum + share.amountMinor, 0) !== amountMinor)
    throw new Invalid({ shares: 'The children’s shares don’t add up to the amount paid' });
  const accounts = shares.map((share) => payerOf(share).id + share.studentId);
  if (new Set(accounts).size < accounts.length) throw new Invalid({ shares: 'Each child can be named once' });
  if (references.some((reference) => reference.value === ''))
    throw new Invalid({ reference: 'Enter the number in letters and digits' });
  if (provisional && references.length === 0) throw new Invalid({ reference: 'Enter the code that was shown' });
}

/** The student's own family, unless somebody else is named. */
export function payerOf({ studentId, payer }: { studentId: string; payer?: Payer }): Payer {
  return payer ?? { kind: 'student', id: studentId };
}

/** Numbers that are written on paper; a network's codes have letters and digits only, and whatever else is typed into one stands for nothing. */
const ON_PAPER: ReadonlySet<string> = new Set(['cash-slip', 'bank-slip', 'cheque', 'store-receipt']);

export function normalisedReference({ scheme, issuer, value }: Reference): Reference {
  return { scheme, issuer: plainReference(issuer), value: ON_PAPER.has(scheme) ? paperReference(value) : plainReference(value) };
}

/** A receivable line of a payment's entry: what it settles of a head, or with none the payer's credit. */
export interface SettledLine {
  headId: string | null;
  termId: string | null;
  amountMinor: number;
}

/** One line for each head and term, in the order of the allocations; what settles nothing yet comes last. */
export function settledLines(
  allocations: readonly Allocation[],
  restMinor: number,
  items: readonly Pick<OpenItem, 'invoiceId' | 'termId'>[],
): SettledLine[] {
  const termOf = new Map(items.map((item) => [item.invoiceId, item.termId]));
  const lines = new Map<string, SettledLine>();
  for (const { invoiceId, headId, amountMinor } of allocations) {
    const termId = termOf.get(invoiceId) ?? null;
    const line = lines.get(`${headId} ${termId}`) ?? { headId, termId, amountMinor: 0 };
    lines.set(`${headId} ${termId}`, { ...line, amountMinor: line.amountMinor + amountMinor });
  }
  return restMinor > 0 ? [...lines.values(), { headId: null, termId: null, amountMinor: restMinor }] : [...lines.values()];
}

/**
 * What each share leaves of its payer's account, which the last of several of one payer leaves as it stands: a sponsor's
 * receipts for many students follow each other like the lines of its account.
 */
export function balancesAfter(
  shares: readonly { payer: Payer; amountMinor: number }[],
  standing: ReadonlyMap<string, number>,
): number[] {
  const later = new Map<string, number>();
  return shares
    .map(({ payer, amountMinor }) => [payer.id, amountMinor] as const)
    .reverse()
    .map(([payerId, amountMinor]) => {
      const after = (standing.get(payerId) ?? 0) + (later.get(payerId) ?? 0);
      later.set(payerId, (later.get(payerId) ?? 0) + amountMinor);
      return after;
    })
    .reverse();
}

/**
 * A cashier takes an own receipt back alone, up to the school's limit, before the till is counted, or without a session on the
 * same day; everything else takes a second person.
 * @param payment.tillOpen whether its session is open; null without one
 */
export function needsNoSecond(
  payment: { byUserId: string | null; receivedOn: string; amountMinor: number; tillOpen: boolean | null },
  by: { userId: string | null; today: string; limitMinor: number },
): boolean {
  return (
    by.userId !== null &&
    payment.byUserId === by.userId &&
    (payment.tillOpen ?? payment.receivedOn === by.today) &&
    payment.amountMinor <= by.limitMinor
  );
}
