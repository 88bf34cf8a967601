import type { Readable } from 'node:stream';
import type { ServiceIdentifier } from 'inversify';
import { Unavailable } from '../../kernel/errors.js';

export interface ObjectMeta {
  type: string;
  size: number;
  modifiedAt: Date;
}

export interface StoredObject extends ObjectMeta {
  body: Readable;
}

/** Where bytes live: a folder or a bucket. Who may see them is not its business. */
export interface ObjectStore {
  /** All or nothing: a key never shows half of its bytes. Without `size` a stream may have any length. */
  put(key: string, body: Readable | Buffer, about: { type: string; size?: number }): Promise<void>;
  get(key: string): Promise<StoredObject | null>;
  head(key: string): Promise<ObjectMeta | null>;
  /** Does nothing when the key isn't there. */
  remove(key: string): Promise<void>;
  /** Keys that begin with the prefix, in order of their text. */
  list(prefix: string): AsyncIterable<string>;
  /** Clears away what processes that were killed left half written, where that is ours to do. */
  sweep(): Promise<void>;
}

export const OBJECT_STORE: ServiceIdentifier<ObjectStore> = Symbol('ObjectStore');

const SEGMENT = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/;
const WINDOWS_DEVICE = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i;

/**
 * Keys are made by the product from ids, never from what a person typed, so the alphabet is small enough to be
 * the same on every file system and in every bucket, and `..`, a dot file or an absolute path can't be spelled.
 */
export function checkKey(key: string): string {
  const segments = key.split('/');
  if (
    key.length > 500 ||
    !segments.every((segment) => SEGMENT.test(segment) && !segment.endsWith('.') && !WINDOWS_DEVICE.test(segment))
  ) {
    throw new TypeError('This is not an object key');
  }
  return key;
}

/** The same sentence for every reason a person can't help; `cause` tells the operator which one it was. */
export function storeAway(
  cause: unknown,
  sentence = 'Files can’t be read or saved at the moment. Try again in a minute.',
): Unavailable {
  return Object.assign(new Unavailable(sentence, 60), { cause });
}
