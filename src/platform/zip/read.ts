import { createReadStream } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { crc32, createInflateRaw } from 'node:zlib';
import { SheetRefused } from '../sheets/reading/refused.js';
import type { Limits } from '../sheets/limits.js';

export interface ZipEntry {
  name: string;
  method: number;
  packed: number;
  unpacked: number;
  checksum: number;
  offset: number;
}

/** What a person is told; archives of different things call for different advice. */
export interface ZipWords {
  damaged: string;
  bomb: string;
  locked: string;
}

const WORKBOOK: ZipWords = {
  damaged: 'The workbook is damaged and cannot be opened. Open it in Excel or LibreOffice, save it again and send that file.',
  bomb: 'The workbook unpacks to far more than a sheet can hold. Copy the list into a new workbook, or save it as CSV, and send that.',
  locked: 'The workbook is protected by a password. Save it without one and send it again.',
};

/**
 * A zip archive whose directory has been checked before anything is unpacked: number of entries, declared sizes and
 * ratio, names, overlaps, encryption. What the directory declares may be a lie, so `read` counts what comes out.
 */
export class Zip {
  private constructor(
    private readonly path: string,
    private readonly file: FileHandle,
    readonly entries: Map<string, ZipEntry>,
    private readonly limits: Limits,
    private readonly words: ZipWords,
  ) {}

  static async open(path: string, limits: Limits, words = WORKBOOK): Promise<Zip> {
    const file = await open(path, 'r');
    try {
      const { size } = await file.stat();
      const entries = checkEntries(await readDirectory(file, size, words), size, limits, words);
      return new Zip(path, file, entries, limits, words);
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  has(name: string): boolean {
    return this.entries.has(name.toLowerCase());
  }

  names(): string[] {
    return [...this.entries.values()].map((entry) => entry.name);
  }

  /** What the directory declares; `read` holds it to that. */
  sizeOf(name: string): number {
    return this.entries.get(name.toLowerCase())?.unpacked ?? 0;
  }

  close(): Promise<void> {
    return this.file.close();
  }

  /** The unpacked bytes of an entry. @throws SheetRefused when more come out than were declared, or other ones. */
  async *read(name: string, until = Infinity): AsyncGenerator<Buffer> {
    const entry = this.entries.get(name.toLowerCase());
    if (!entry) throw new SheetRefused(this.words.damaged);
    const start = await this.dataStart(entry);
    if (entry.packed === 0) return;
    const raw = createReadStream(this.path, { start, end: start + entry.packed - 1 });
    const source = entry.method === 0 ? raw : raw.pipe(createInflateRaw({ chunkSize: 65_536 }));
    raw.on('error', (error) => source.destroy(error));
    let bytes = 0;
    let checksum = 0;
    try {
      for await (const chunk of source as AsyncIterable<Buffer>) {
        bytes += chunk.length;
        if (bytes > entry.unpacked || bytes > this.limits.unpackedBytes) throw new SheetRefused(this.words.bomb);
        checksum = crc32(chunk, checksum);
        yield chunk;
        if (bytes >= until) return;
      }
    } catch (error) {
      throw error instanceof SheetRefused ? error : isZlib(error) ? new SheetRefused(this.words.damaged) : error;
    } finally {
      raw.destroy();
      source.destroy();
    }
    if (bytes !== entry.unpacked || checksum !== entry.checksum) throw new SheetRefused(this.words.damaged);
  }

  /** The local header repeats name and extra field in lengths of its own. */
  private async dataStart(entry: ZipEntry): Promise<number> {
    const header = Buffer.alloc(30);
    const { bytesRead } = await this.file.read(header, 0, 30, entry.offset);
    if (bytesRead < 30 || header.readUInt32LE(0) !== 0x04034b50) throw new SheetRefused(this.words.damaged);
    return entry.offset + 30 + header.readUInt16LE(26) + header.readUInt16LE(28);
  }
}

function isZlib(error: unknown): boolean {
  return error instanceof Error && /^(?:Z_|ERR_|UNEXPECTED)/.test((error as NodeJS.ErrnoException).code ?? '');
}

/** @throws SheetRefused for anything that a spreadsheet program does not write. */
function checkEntries(list: ZipEntry[], fileSize: number, limits: Limits, words: ZipWords): Map<string, ZipEntry> {
  const entries = new Map<string, ZipEntry>();
  let packed = 0;
  let unpacked = 0;
  for (const entry of list) {
    const key = entry.name.toLowerCase();
    const outside = key.startsWith('/') || /^[a-z]:/.test(key) || key.split('/').includes('..') || key.includes('\0');
    if (entries.has(key) || outside) throw new SheetRefused(words.damaged);
    packed += entry.packed;
    unpacked += entry.unpacked;
    if (entry.unpacked > 5_000_000 && entry.unpacked > entry.packed * limits.unpackedRatio) throw new SheetRefused(words.bomb);
    entries.set(key, entry);
  }
  // Entries that share their packed bytes would unpack the same bytes again and again.
  if (packed > fileSize || unpacked > limits.unpackedBytes) throw new SheetRefused(words.bomb);
  return entries;
}

interface Directory {
  offset: number;
  size: number;
  count: number;
}

async function readDirectory(file: FileHandle, fileSize: number, words: ZipWords): Promise<ZipEntry[]> {
  const directory = await findDirectory(file, fileSize, words);
  const { offset, size, count } = directory;
  if (count > 65_535 || size > 20_000_000 || offset + size > fileSize) throw new SheetRefused(words.damaged);
  const bytes = Buffer.alloc(size);
  await file.read(bytes, 0, size, offset);
  const entries: ZipEntry[] = [];
  let at = 0;
  for (let i = 0; i < count; i += 1) {
    if (at + 46 > size || bytes.readUInt32LE(at) !== 0x02014b50) throw new SheetRefused(words.damaged);
    const nameLength = bytes.readUInt16LE(at + 28);
    const extraLength = bytes.readUInt16LE(at + 30);
    const end = at + 46 + nameLength + extraLength + bytes.readUInt16LE(at + 32);
    if (end > size) throw new SheetRefused(words.damaged);
    const entry = readEntry(bytes, at, nameLength, extraLength, words);
    if (entry.offset + entry.packed > fileSize) throw new SheetRefused(words.damaged);
    entries.push(entry);
    at = end;
  }
  return entries.filter((entry) => !entry.name.endsWith('/'));
}

function readEntry(bytes: Buffer, at: number, nameLength: number, extraLength: number, words: ZipWords): ZipEntry {
  if (bytes.readUInt16LE(at + 8) & 1) throw new SheetRefused(words.locked);
  const method = bytes.readUInt16LE(at + 10);
  if (method !== 0 && method !== 8) throw new SheetRefused(words.damaged);
  // Some programs for Windows write folders with backslashes, some others a slash in front.
  const name = bytes
    .toString('utf8', at + 46, at + 46 + nameLength)
    .replaceAll('\\', '/')
    .replace(/^\//, '');
  const large = largeSizes(bytes.subarray(at + 46 + nameLength, at + 46 + nameLength + extraLength), words);
  const field = (offset: number) => {
    const value = bytes.readUInt32LE(at + offset);
    return value === 0xffffffff ? large() : value;
  };
  // The order of the large sizes, where there are any, is fixed: unpacked, packed, offset.
  const unpacked = field(24);
  const packed = field(20);
  return { name, method, packed, unpacked, checksum: bytes.readUInt32LE(at + 16), offset: field(42) };
}

/** Sizes of zip64 stand in an extra field, one after the other, only those that did not fit. */
function largeSizes(extra: Buffer, words: ZipWords): () => number {
  let at = 0;
  while (at + 4 <= extra.length && extra.readUInt16LE(at) !== 1) at += 4 + extra.readUInt16LE(at + 2);
  at += 4;
  return () => {
    if (at + 8 > extra.length) throw new SheetRefused(words.damaged);
    const value = Number(extra.readBigUInt64LE(at));
    at += 8;
    return value;
  };
}

/** The end record stands in the last 64 KB, behind it at most a comment. */
async function findDirectory(file: FileHandle, fileSize: number, words: ZipWords): Promise<Directory> {
  const length = Math.min(fileSize, 65_557);
  const tail = Buffer.alloc(length);
  await file.read(tail, 0, length, fileSize - length);
  for (let at = length - 22; at >= 0; at -= 1) {
    if (tail.readUInt32LE(at) !== 0x06054b50) continue;
    const found = { count: tail.readUInt16LE(at + 10), size: tail.readUInt32LE(at + 12), offset: tail.readUInt32LE(at + 16) };
    if (found.offset !== 0xffffffff && found.count !== 0xffff) return found;
    return largeDirectory(file, tail, at, words);
  }
  throw new SheetRefused(words.damaged);
}

async function largeDirectory(file: FileHandle, tail: Buffer, end: number, words: ZipWords): Promise<Directory> {
  if (end < 20 || tail.readUInt32LE(end - 20) !== 0x07064b50) throw new SheetRefused(words.damaged);
  const record = Buffer.alloc(56);
  await file.read(record, 0, 56, Number(tail.readBigUInt64LE(end - 12)));
  if (record.readUInt32LE(0) !== 0x06064b50) throw new SheetRefused(words.damaged);
  return {
    count: Number(record.readBigUInt64LE(32)),
    size: Number(record.readBigUInt64LE(40)),
    offset: Number(record.readBigUInt64LE(48)),
  };
}
