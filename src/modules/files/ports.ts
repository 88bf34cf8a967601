import type { FileOwner, FileSource, NewFile, StoredFile } from './index.js';

export interface FileRow extends StoredFile {
  objectKey: string;
  createdBy: string | null;
}

export interface FileStore {
  insert(row: FileRow): Promise<void>;
  /** How many there are, without the removed ones. */
  count(): Promise<number>;
  /** In the order of their ids, without the removed ones. */
  following(after: string | null, limit: number): Promise<FileRow[]>;
  /** Removed ones are not found. */
  find(id: string): Promise<FileRow | null>;
  remove(ids: readonly string[], at: Date): Promise<void>;
  removeOf(purpose: string, owner: FileOwner, at: Date): Promise<void>;
  /** Of these, the ones that were removed and can still be had. */
  removed(ids: readonly string[]): Promise<Set<string>>;
  restore(ids: readonly string[]): Promise<void>;
  handOver(purpose: string, files: readonly { id: string; owner: FileOwner }[]): Promise<void>;
  /** Keys of files that were removed before then. */
  removedBefore(then: Date): Promise<string[]>;
  /** Which of these keys have a row, removed or not. */
  known(keys: readonly string[]): Promise<Set<string>>;
  forget(keys: readonly string[]): Promise<void>;
}

export interface ReceivedFile {
  name: string;
  type: string;
  size: number;
  sha256: string;
  /** Stores the bytes under the key. */
  store(key: string): Promise<void>;
  /** Removes what lies on the disk for the time of the call. */
  discard(): Promise<void>;
}

export interface Intake {
  /** @throws Invalid, RuleBroken, or a 413, before anything is stored */
  receive(source: FileSource, rule: Omit<NewFile, 'purpose' | 'owner'>): Promise<ReceivedFile>;
}

/** Makes a picture small. */
export type Shrink = (picture: Buffer) => Promise<Buffer>;

/** The object store as this module needs it. */
export interface Objects {
  body(key: string): Promise<AsyncIterable<Uint8Array> | null>;
  put(key: string, bytes: Buffer, type: string): Promise<void>;
  remove(key: string): Promise<void>;
  list(prefix: string): AsyncIterable<string>;
  modifiedAt(key: string): Promise<Date | null>;
}
