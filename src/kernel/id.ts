import { randomFillSync } from 'node:crypto';

/** Random bytes for 256 ids: asking the system for each one's costs more than all the rest of it. */
const pool = Buffer.alloc(4096);
let taken = pool.length;

function randomSixteen(): Buffer {
  if (taken === pool.length) {
    randomFillSync(pool);
    taken = 0;
  }
  return pool.subarray(taken, (taken += 16));
}

/** A version 7 UUID: its order is the order of creation, so that new rows lie together in an index. */
export function newId(at: number = Date.now()): string {
  const bytes = randomSixteen();
  bytes.writeUIntBE(at, 0, 6);
  bytes[6] = (bytes[6]! & 0x0f) | 0x70;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** When a version 7 UUID was made, in ms since 1970. */
export function timeOf(id: string): number {
  return Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16);
}

/** Ids for the rows of one batch: they share a first half and follow each other, which is cheap to make and keeps an index together. */
export function idSeries(): () => string {
  const first = newId().slice(0, 24);
  let count = 0;
  return () => first + (count++).toString(16).padStart(12, '0');
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

export function isId(value: unknown): value is string {
  return typeof value === 'string' && UUID.test(value);
}
