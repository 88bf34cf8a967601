import { RuleBroken } from '../../../kernel/errors.js';

/** What is still to be paid on one vote head of one invoice; notes count with the invoice that they correct. */
export interface OpenItem {
  invoiceId: string;
  headId: string;
  studentId: string;
  payerId: string;
  /** The balance brought from the old books: older than every invoice. */
  opening: boolean;
  /** Of the invoice: by it the oldest is settled first. */
  dueOn: string;
  /** Of the invoice: decides between two that are due on one day. */
  number: string;
  termId: string | null;
  /** Of the head, 1 to 99: the lower is settled first. */
  priority: number;
  headCode: string;
  headName: string;
  /** Minor units; items with nothing left are passed over. */
  openMinor: number;
}

export interface Allocation {
  invoiceId: string;
  headId: string;
  amountMinor: number;
}

/** Inside one invoice: head by head, or all heads by what they still lack. */
export const ALLOCATION_ORDERS = ['priority', 'pro-rata'] as const;
export type AllocationOrder = (typeof ALLOCATION_ORDERS)[number];

export interface Allocated {
  allocations: Allocation[];
  /** What is left over: the payer's credit. */
  restMinor: number;
}

/**
 * Which heads a sum settles: those that the payer named, then the oldest invoice, and inside of it by `order`. The order in
 * which items are listed changes nothing.
 * @throws RuleBroken when the payer named more than is open or more than was paid
 */
export function allocate(
  amountMinor: number,
  items: readonly OpenItem[],
  instructions: readonly Allocation[] = [],
  order: AllocationOrder = 'priority',
): Allocated {
  const taken = new Map<string, number>();
  const take = (item: Pick<OpenItem, 'invoiceId' | 'headId'>, minor: number): void => {
    if (minor > 0) taken.set(keyOf(item), (taken.get(keyOf(item)) ?? 0) + minor);
  };
  let left = amountMinor - asInstructed(amountMinor, items, instructions, take);
  for (const invoice of oldestFirst(items)) {
    const open = invoice.map((item) => ({ item, minor: Math.max(0, item.openMinor - (taken.get(keyOf(item)) ?? 0)) }));
    const sum = Math.min(
      left,
      open.reduce((total, { minor }) => total + minor, 0),
    );
    const parts =
      order === 'priority'
        ? byPriority(
            sum,
            open.map(({ minor }) => minor),
          )
        : proRata(
            sum,
            open.map(({ minor }) => minor),
          );
    open.forEach(({ item }, n) => take(item, parts[n]!));
    left -= sum;
  }
  const settled = [...items].sort(inOrder).filter((item) => taken.has(keyOf(item)));
  return {
    allocations: settled.map((item) => ({
      invoiceId: item.invoiceId,
      headId: item.headId,
      amountMinor: taken.get(keyOf(item))!,
    })),
    restMinor: left,
  };
}

/** The items as they are once these allocations count. */
export function lessened(items: readonly OpenItem[], allocations: readonly Allocation[]): OpenItem[] {
  const taken = new Map<string, number>();
  for (const one of allocations) taken.set(keyOf(one), (taken.get(keyOf(one)) ?? 0) + one.amountMinor);
  return items.map((item) => ({ ...item, openMinor: item.openMinor - (taken.get(keyOf(item)) ?? 0) }));
}

function asInstructed(
  amountMinor: number,
  items: readonly OpenItem[],
  instructions: readonly Allocation[],
  take: (item: Allocation, minor: number) => void,
): number {
  const open = new Map(items.map((item) => [keyOf(item), item.openMinor]));
  let sum = 0;
  for (const one of instructions) {
    const there = open.get(keyOf(one)) ?? 0;
    if (one.amountMinor > there)
      throw new RuleBroken('more-than-open', 'The amount for one of the vote heads is more than is owed on it.', 'instructions');
    open.set(keyOf(one), there - one.amountMinor);
    take(one, one.amountMinor);
    sum += one.amountMinor;
  }
  if (sum > amountMinor)
    throw new RuleBroken('more-than-paid', 'The vote heads you named add up to more than was paid.', 'instructions');
  return sum;
}

function oldestFirst(items: readonly OpenItem[]): OpenItem[][] {
  const invoices = new Map<string, OpenItem[]>();
  for (const item of [...items].sort(inOrder)) {
    if (item.openMinor <= 0) continue;
    const known = invoices.get(item.invoiceId);
    if (known) known.push(item);
    else invoices.set(item.invoiceId, [item]);
  }
  return [...invoices.values()];
}

function inOrder(one: OpenItem, other: OpenItem): number {
  return (
    Number(other.opening) - Number(one.opening) ||
    compare(one.dueOn, other.dueOn) ||
    compare(one.number, other.number) ||
    compare(one.invoiceId, other.invoiceId) ||
    one.priority - other.priority ||
    compare(one.headCode, other.headCode) ||
    compare(one.headId, other.headId)
  );
}

function byPriority(sum: number, open: readonly number[]): number[] {
  let left = sum;
  return open.map((minor) => {
    const part = Math.min(left, minor);
    left -= part;
    return part;
  });
}

/** Shares rounded down; the cents that are left go one each to those who lost most, the earlier of two alike first. */
function proRata(sum: number, open: readonly number[]): number[] {
  const total = open.reduce((all, minor) => all + minor, 0);
  if (total === 0) return open.map(() => 0);
  const exact = open.map((minor) => BigInt(sum) * BigInt(minor));
  const parts = exact.map((share) => Number(share / BigInt(total)));
  const lost = exact
    .map((share, n) => ({ n, rest: share % BigInt(total) }))
    .sort((a, b) => (a.rest === b.rest ? a.n - b.n : a.rest > b.rest ? -1 : 1));
  for (const { n } of lost.slice(0, sum - parts.reduce((all, part) => all + part, 0))) parts[n]! += 1;
  return parts;
}

function keyOf({ invoiceId, headId }: Pick<OpenItem, 'invoiceId' | 'headId'>): string {
  return `${invoiceId} ${headId}`;
}

function compare(one: string, other: string): number {
  return one === other ? 0 : one < other ? -1 : 1;
}
