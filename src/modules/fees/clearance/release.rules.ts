/** A part of what was billed in advance that becomes income now. */
export interface Release {
  termId: string;
  headId: string;
  classId: string | null;
  /** Minor units: above zero income, below zero income that is taken back. */
  amountMinor: number;
}

/** What of an amount is released when it is spread over so many months, this one included. */
export function releasedNow(amountMinor: number, monthsLeft: number): number {
  return monthsLeft <= 1 ? amountMinor : Math.sign(amountMinor) * Math.floor(Math.abs(amountMinor) / monthsLeft);
}

/** Months of a term that are not over, the one of `today` included; 1 once the term is over. */
export function monthsLeft(endsOn: string, today: string): number {
  const count =
    (Number(endsOn.slice(0, 4)) - Number(today.slice(0, 4))) * 12 + Number(endsOn.slice(5, 7)) - Number(today.slice(5, 7)) + 1;
  return Math.max(1, count);
}
