export interface FeePromise {
  id: string;
  /** The day on which it was said. */
  madeOn: string;
  /** The last day on which the money may come. */
  promisedOn: string;
  amountMinor: number;
  note: string;
  byName: string;
  /** What the family paid since it was said, until that day, less what was refunded to it in that time. */
  paidMinor: number;
}

export type PromiseState = 'kept' | 'open' | 'broken';

/** Kept as soon as so much has come; broken when its last day is over and less has come. */
export function promiseState(
  { amountMinor, paidMinor, promisedOn }: Pick<FeePromise, 'amountMinor' | 'paidMinor' | 'promisedOn'>,
  today: string,
): PromiseState {
  if (paidMinor >= amountMinor) return 'kept';
  return promisedOn < today ? 'broken' : 'open';
}
