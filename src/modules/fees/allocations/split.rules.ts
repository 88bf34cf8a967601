/** A child among brothers and sisters, and what its family owes for it. */
export interface Sharer {
  id: string;
  bornOn: string | null;
  admissionNo: string;
  /** Minor units; nothing or credit takes no share while others owe. */
  owingMinor: number;
}

/**
 * Level shares: everybody gets the same, who owes less is cleared, and what that leaves is shared again among the others.
 * What is more than all owe is shared alike too. A cent that can't be shared goes to the eldest, of twins to the lower
 * admission number; the order of the list changes nothing.
 * @returns child → minor units, those with nothing left out
 */
export function levelShares(amountMinor: number, sharers: readonly Sharer[]): Map<string, number> {
  const eldest = [...sharers].sort(eldestFirst);
  const shares = new Map<string, number>(eldest.map(({ id }) => [id, 0]));
  const add = (id: string, minor: number): void => void shares.set(id, shares.get(id)! + minor);
  let left = amountMinor;
  let owing = eldest.filter((one) => one.owingMinor > 0);
  while (owing.length > 0 && left > 0) {
    const share = Math.floor(left / owing.length);
    const cleared = owing.filter((one) => one.owingMinor <= share);
    if (cleared.length === 0) {
      owing.forEach((one, n) => add(one.id, share + (n < left - share * owing.length ? 1 : 0)));
      left = 0;
    }
    for (const one of cleared) add(one.id, one.owingMinor);
    left -= cleared.reduce((sum, one) => sum + one.owingMinor, 0);
    owing = owing.filter((one) => !cleared.includes(one));
  }
  const surplus = Math.floor(left / eldest.length);
  eldest.forEach((one, n) => add(one.id, surplus + (n < left - surplus * eldest.length ? 1 : 0)));
  return new Map([...shares].filter(([, minor]) => minor > 0));
}

/** A child whose day of birth nobody knows comes after those whose is known. */
function eldestFirst(one: Sharer, other: Sharer): number {
  const [a, b] = [keyOf(one), keyOf(other)];
  return a === b ? 0 : a < b ? -1 : 1;
}

function keyOf({ bornOn, admissionNo, id }: Sharer): string {
  return `${bornOn ?? '9999-99-99'} ${admissionNo} ${id}`;
}
