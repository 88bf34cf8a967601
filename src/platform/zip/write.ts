import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { crc32, createDeflateRaw } from 'node:zlib';

/** One file of an archive; its bytes are asked for when its turn comes. */
export interface ZipSource {
  name: string;
  body: AsyncIterable<string | Uint8Array> | Iterable<string | Uint8Array>;
}

interface Written {
  name: Buffer;
  offset: number;
  packed: number;
  unpacked: number;
  checksum: number;
}

/** 1 January 1980, the first day that the format knows: equal contents make equal bytes. */
const DATE = 0x21;
/** Sizes follow the bytes, and names are UTF-8. */
const FLAGS = 0x0808;
const MOST = 0xffffffff;

/** The bytes of a zip archive, packed while they are made; nothing but the directory is held in memory. */
export async function* zip(sources: AsyncIterable<ZipSource> | Iterable<ZipSource>): AsyncGenerator<Uint8Array> {
  const written: Written[] = [];
  let offset = 0;
  for await (const source of sources) {
    const entry: Written = { name: Buffer.from(source.name, 'utf8'), offset, packed: 0, unpacked: 0, checksum: 0 };
    const head = localHeader(entry);
    yield head;
    for await (const chunk of packed(source, entry)) {
      entry.packed += chunk.length;
      yield chunk;
    }
    if (entry.unpacked > MOST || entry.packed > MOST) throw new Error(`${source.name} is too large for a zip archive`);
    const tail = sizes(Buffer.alloc(16), 4, entry);
    tail.writeUInt32LE(0x08074b50, 0);
    yield tail;
    offset += head.length + entry.packed + tail.length;
    written.push(entry);
  }
  const directory = Buffer.concat(written.map(directoryEntry));
  yield directory;
  yield endRecord(written.length, directory.length, offset);
}

async function* packed(source: ZipSource, entry: Written): AsyncGenerator<Buffer> {
  const deflate = createDeflateRaw();
  const feeding = pipeline(Readable.from(counted(source, entry)), deflate);
  // It is waited for below; until then an error comes out of the stream itself.
  feeding.catch(() => undefined);
  try {
    yield* deflate as AsyncIterable<Buffer>;
    await feeding;
  } finally {
    deflate.destroy();
  }
}

async function* counted(source: ZipSource, entry: Written): AsyncGenerator<Uint8Array> {
  for await (const piece of source.body) {
    const bytes = typeof piece === 'string' ? Buffer.from(piece, 'utf8') : piece;
    if (bytes.length === 0) continue;
    entry.checksum = crc32(bytes, entry.checksum);
    entry.unpacked += bytes.length;
    yield bytes;
  }
}

function sizes(buffer: Buffer, at: number, entry: Written): Buffer {
  buffer.writeUInt32LE(entry.checksum, at);
  buffer.writeUInt32LE(entry.packed, at + 4);
  buffer.writeUInt32LE(entry.unpacked, at + 8);
  return buffer;
}

function localHeader(entry: Written): Buffer {
  const head = Buffer.alloc(30);
  head.writeUInt32LE(0x04034b50, 0);
  common(head, 4);
  head.writeUInt16LE(entry.name.length, 26);
  return Buffer.concat([head, entry.name]);
}

function directoryEntry(entry: Written): Buffer {
  const head = Buffer.alloc(46);
  head.writeUInt32LE(0x02014b50, 0);
  head.writeUInt16LE(20, 4);
  common(head, 6);
  sizes(head, 16, entry);
  head.writeUInt16LE(entry.name.length, 28);
  head.writeUInt32LE(entry.offset, 42);
  return Buffer.concat([head, entry.name]);
}

/** Version needed, flags, method and date stand in the same order in both headers. */
function common(head: Buffer, at: number): void {
  head.writeUInt16LE(20, at);
  head.writeUInt16LE(FLAGS, at + 2);
  head.writeUInt16LE(8, at + 4);
  head.writeUInt16LE(0, at + 6);
  head.writeUInt16LE(DATE, at + 8);
}

function endRecord(count: number, size: number, offset: number): Buffer {
  if (offset > MOST) throw new Error('The archive is too large for a zip archive');
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(count, 8);
  end.writeUInt16LE(count, 10);
  end.writeUInt32LE(size, 12);
  end.writeUInt32LE(offset, 16);
  return end;
}
