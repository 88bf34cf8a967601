/** A record that a row of a later import changed: which transactions had written it until then. Stands in the row's trace as `base`. */
export interface Base {
  id: string;
  xids: readonly string[];
}

/** The same, with the transaction that took the later import back. */
export interface RestoredBase extends Base {
  undoneIn: string;
}

export interface Restored {
  id: string;
  xid: string;
}

/**
 * After which transactions records are again as this import left them: a later import changed what nobody else had touched, and
 * was taken back. @param bases in the order in which they were taken back
 */
export function restoredBy(bases: readonly RestoredBase[], writtenIn: string): Restored[] {
  const good = new Map<string, Set<string>>();
  for (const { id, xids, undoneIn } of bases) {
    const known = good.get(id) ?? new Set([writtenIn]);
    if (xids.length > 0 && xids.every((xid) => known.has(xid))) good.set(id, known.add(undoneIn));
  }
  return [...good].flatMap(([id, xids]) => [...xids].filter((xid) => xid !== writtenIn).map((xid) => ({ id, xid })));
}
