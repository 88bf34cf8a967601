/** What one vote head got and spent in a month, in minor units. */
export interface VoteFacts {
  /** Null for what names none. */
  headId: string | null;
  /** `2026-09`. */
  month: string;
  incomeMinor: number;
  spentMinor: number;
}

export interface VoteMonth {
  month: string;
  incomeMinor: number;
  spentMinor: number;
  /** Income less spending since the year began. */
  balanceMinor: number;
}

export interface VoteAccount {
  headId: string | null;
  /** What it may spend in the year; null where nobody wrote anything. */
  allocationMinor: number | null;
  months: VoteMonth[];
  incomeMinor: number;
  spentMinor: number;
  balanceMinor: number;
  /** Hundredths of a per cent of the allocation that are spent; null without one. */
  usedBasisPoints: number | null;
}

/** The first days of the months of a financial year, as `2026-09`. */
export function monthsOfYear({ startsOn, endsOn }: { startsOn: string; endsOn: string }): string[] {
  const months: string[] = [];
  for (let [year, month] = [Number(startsOn.slice(0, 4)), Number(startsOn.slice(5, 7))]; ; month += 1) {
    if (month > 12) [year, month] = [year + 1, 1];
    const id = `${year}-${String(month).padStart(2, '0')}`;
    if (id > endsOn.slice(0, 7)) return months;
    months.push(id);
  }
}

/** An account for each head that is named or holds something; what names no head comes last, when there is any. */
export function voteBook(
  heads: readonly string[],
  months: readonly string[],
  facts: readonly VoteFacts[],
  allocations: ReadonlyMap<string, number>,
): VoteAccount[] {
  const known = new Set(heads);
  const strangers = [...new Set(facts.flatMap((one) => (one.headId !== null && !known.has(one.headId) ? [one.headId] : [])))];
  const rows: (string | null)[] = [...heads, ...strangers, ...(facts.some((one) => one.headId === null) ? [null] : [])];
  return rows.map((headId) =>
    account(
      headId,
      months,
      facts.filter((one) => one.headId === headId),
      headId === null ? null : (allocations.get(headId) ?? null),
    ),
  );
}

function account(
  headId: string | null,
  ids: readonly string[],
  facts: readonly VoteFacts[],
  allocationMinor: number | null,
): VoteAccount {
  let balanceMinor = 0;
  const months = ids.map((month): VoteMonth => {
    const own = facts.filter((one) => one.month === month);
    const [incomeMinor, spentMinor] = [
      own.reduce((sum, one) => sum + one.incomeMinor, 0),
      own.reduce((sum, one) => sum + one.spentMinor, 0),
    ];
    balanceMinor += incomeMinor - spentMinor;
    return { month, incomeMinor, spentMinor, balanceMinor };
  });
  const [incomeMinor, spentMinor] = [
    months.reduce((sum, one) => sum + one.incomeMinor, 0),
    months.reduce((sum, one) => sum + one.spentMinor, 0),
  ];
  return {
    headId,
    allocationMinor,
    months,
    incomeMinor,
    spentMinor,
    balanceMinor,
    usedBasisPoints: usedOf(allocationMinor, spentMinor),
  };
}

function usedOf(allocationMinor: number | null, spentMinor: number): number | null {
  return allocationMinor ? Math.round((spentMinor * 10_000) / allocationMinor) : null;
}

export function voteTotals(
  accounts: readonly VoteAccount[],
): Pick<VoteAccount, 'allocationMinor' | 'incomeMinor' | 'spentMinor' | 'balanceMinor' | 'usedBasisPoints'> {
  const sum = (of: (one: VoteAccount) => number): number => accounts.reduce((total, one) => total + of(one), 0);
  const allocationMinor = sum((one) => one.allocationMinor ?? 0);
  const ofAllocated = accounts.filter((one) => one.allocationMinor).reduce((total, one) => total + one.spentMinor, 0);
  return {
    allocationMinor,
    incomeMinor: sum((one) => one.incomeMinor),
    spentMinor: sum((one) => one.spentMinor),
    balanceMinor: sum((one) => one.balanceMinor),
    usedBasisPoints: usedOf(allocationMinor, ofAllocated),
  };
}
