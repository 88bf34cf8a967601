import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { Seal, SealedEntry } from '../ports.js';

/** What the first seal points back to. */
export const GENESIS = '0'.repeat(64);

/** The same text for the same content, whatever the order of the keys. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (value && typeof value === 'object') {
    const fields = Object.entries(value as Record<string, unknown>).filter(([, inner]) => inner !== undefined);
    return `{${fields.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, inner]) => `${JSON.stringify(key)}:${canonical(inner)}`).join(',')}}`;
  }
  return JSON.stringify(value ?? null);
}

/** Proof of origin: whoever has only the database can't make it. The instant is the database's own and not in it. */
export function macOf(key: Buffer, { at: _at, ...entry }: Omit<SealedEntry, 'at'> & { at?: string }): string {
  return createHmac('sha256', key).update(canonical(entry)).digest('base64url');
}

export function isGenuine(key: Buffer, mac: string, entry: SealedEntry): boolean {
  const expected = Buffer.from(macOf(key, entry));
  const given = Buffer.from(mac);
  return expected.length === given.length && timingSafeEqual(expected, given);
}

export function hashOf(seq: number, prevHash: string, entry: SealedEntry): string {
  return createHash('sha256').update(`${prevHash}\n${seq}\n${canonical(entry)}`).digest('hex');
}

/** Seals for entries in this order, after the head. */
export function chain(head: { seq: number; hash: string }, entries: readonly SealedEntry[]): Seal[] {
  let { seq, hash } = head;
  return entries.map((entry) => {
    const prevHash = hash;
    seq += 1;
    hash = hashOf(seq, prevHash, entry);
    return { seq, entryId: entry.id, prevHash, hash };
  });
}

export interface Break {
  seq: number;
  entryId: string | null;
  what: string;
}

/** The first thing that is wrong in a stretch of the chain after `head`, or null. */
export function firstBreak(head: { seq: number; hash: string }, links: readonly { seal: Seal; entry: SealedEntry | null }[]): Break | null {
  let { seq, hash } = head;
  for (const { seal, entry } of links) {
    seq += 1;
    const at = { seq, entryId: seal.entryId };
    if (seal.seq !== seq) return { ...at, entryId: null, what: `seal ${seq} is missing` };
    if (seal.prevHash !== hash) return { ...at, what: 'this seal does not follow the one before it' };
    if (!entry) return { ...at, what: 'the entry was removed' };
    if (seal.hash !== hashOf(seq, hash, entry)) return { ...at, what: 'the entry was changed after it was sealed' };
    hash = seal.hash;
  }
  return null;
}
