import type { ServiceIdentifier } from 'inversify';
import type { Actor } from '../../kernel/actor.js';

/** What a file belongs to: `{ kind: 'student', id }`. */
export interface FileOwner {
  kind: string;
  id: string;
}

/**
 * Who may read files of one purpose: whoever holds a permission or, where a row's own scope decides
 * (a teacher's streams, a guardian's children), whoever the owning module says.
 */
export type FilePurpose = {
  purpose: `${string}.${string}`;
  /** Not part of a whole export. */
  staysHere?: boolean;
} & ({ can: string } | { mayRead(actor: Actor, owner: FileOwner): Promise<boolean> });

export interface StoredFile {
  id: string;
  owner: FileOwner;
  purpose: string;
  /** As the person called it, made safe to show. */
  name: string;
  /** By content. */
  type: string;
  size: number;
  sha256: string;
  createdAt: Date;
}

export interface OpenedFile extends StoredFile {
  /** Fetches the bytes; call it once, and only if they are wanted. */
  body(): Promise<AsyncIterable<Uint8Array>>;
}

export interface SmallPicture {
  type: string;
  bytes: Buffer;
}

/** Bytes in memory, a stream, or a file that an upload left on the disk. */
export type FileSource = Uint8Array | AsyncIterable<Uint8Array> | { path: string };

export interface NewFile {
  purpose: string;
  owner: FileOwner;
  name: string;
  maxBytes: number;
  /** MIME types that are taken; the content decides, not the name. */
  types: readonly string[];
  /** Drawn by ourselves from its pixels a moment ago: kept as it is. All other pictures are drawn anew. */
  drawn?: boolean;
}

export interface FilesApi {
  /** Called by the module that owns the purpose, when it is put together. */
  register(...purposes: FilePurpose[]): void;
  /**
   * Keeps the bytes and writes the row in the caller's transaction. Pictures are drawn anew, so that where and with
   * what they were taken is gone; a PDF that does more than show pages is refused.
   * @throws Invalid for another kind of file, RuleBroken for what it holds, a 413 for a larger one
   */
  save(actor: Actor, source: FileSource, about: NewFile): Promise<StoredFile>;
  /** @throws NotFound, the same for a file that isn't there and for one that this person may not read */
  open(id: string, actor: Actor): Promise<OpenedFile>;
  /**
   * A thumbnail of a picture, made at the first look; null for what is no picture.
   * @throws NotFound as `open` does
   */
  openSmall(id: string, actor: Actor): Promise<SmallPicture | null>;
  /** The address of the file in this school's pages, where the permission is checked again. */
  link(id: string): string;
  /** Nobody can open it from the commit on; the bytes are kept for 30 days. */
  remove(id: string): Promise<void>;
  removeAll(ids: readonly string[]): Promise<void>;
  /** Whatever this owner still has of one purpose. */
  removeOf(purpose: string, owner: FileOwner): Promise<void>;
  /** Removed files whose bytes are still kept. */
  restorable(ids: readonly string[]): Promise<ReadonlySet<string>>;
  /** Takes removals back. */
  restore(ids: readonly string[]): Promise<void>;
  /** What was kept for a while becomes somebody's own, under the rules of another purpose. */
  handOver(purpose: string, files: readonly { id: string; owner: FileOwner }[]): Promise<void>;
}

export const FILES: ServiceIdentifier<FilesApi> = Symbol('Files');
