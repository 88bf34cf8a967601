/** An entry as it is sealed: its instant as text, exact to the microsecond. */
export interface SealedEntry {
  id: string;
  at: string;
  actorId: string | null;
  actorName: string;
  actorRoles: string[];
  ip: string | null;
  requestId: string | null;
  action: string;
  entity: string;
  entityId: string | null;
  label: string | null;
  before: Record<string, unknown> | null;
  after: Record<string, unknown> | null;
  reason: string | null;
}

export interface Seal {
  seq: number;
  entryId: string;
  prevHash: string;
  hash: string;
}

/** SHA-256 as hexadecimal digits. */
export type Hash = (text: string) => string;

/** What the first seal points back to. */
export const GENESIS = '0'.repeat(64);

/** The same text for the same content, whatever the order of the keys. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (value && typeof value === 'object') {
    const fields = Object.entries(value as Record<string, unknown>).filter(([, inner]) => inner !== undefined);
    return `{${fields
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => `${JSON.stringify(key)}:${canonical(inner)}`)
      .join(',')}}`;
  }
  return JSON.stringify(value ?? null);
}

/** What proves that the product wrote an entry. The instant is the database's own and not in it. */
export function provenText({ at: _at, ...entry }: Omit<SealedEntry, 'at'> & { at?: unknown }): string {
  return canonical(entry);
}

export function sealHash(hash: Hash, seq: number, prevHash: string, entry: SealedEntry): string {
  return hash(`${prevHash}\n${seq}\n${canonical(entry)}`);
}

export interface Head {
  seq: number;
  hash: string;
}

/** Seals for entries in this order, after the head. */
export function chain(hash: Hash, head: Head, entries: readonly SealedEntry[]): Seal[] {
  let last = head;
  return entries.map((entry) => {
    const seq = last.seq + 1;
    const seal = { seq, entryId: entry.id, prevHash: last.hash, hash: sealHash(hash, seq, last.hash, entry) };
    last = seal;
    return seal;
  });
}

export interface Break {
  seq: number;
  entryId: string | null;
  what: string;
}

/** The first thing that is wrong in a stretch of the chain after `head`, or null. */
export function firstBreak(hash: Hash, head: Head, links: readonly { seal: Seal; entry: SealedEntry | null }[]): Break | null {
  let last = head;
  for (const { seal, entry } of links) {
    const seq = last.seq + 1;
    const at = { seq, entryId: seal.entryId };
    if (seal.seq !== seq) return { ...at, entryId: null, what: `seal ${seq} is missing` };
    if (seal.prevHash !== last.hash) return { ...at, what: 'this seal does not follow the one before it' };
    if (!entry) return { ...at, what: 'the entry was removed' };
    if (seal.hash !== sealHash(hash, seq, last.hash, entry)) return { ...at, what: 'the entry was changed after it was sealed' };
    last = seal;
  }
  return null;
}

/** What proves that the product made an anchor. */
export function anchorText(anchor: { id: string; seq: number; hash: string; cutoff: Date; removed: number }): string {
  const { id, seq, hash, cutoff, removed } = anchor;
  return canonical({ id, seq, hash, cutoff: cutoff.toISOString(), removed });
}
