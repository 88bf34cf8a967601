import { Readable } from 'node:stream';
import { ZipFile, type Options } from 'yazl';

/** One file of an archive; its bytes are asked for when its turn comes. */
export interface ZipSource {
  name: string;
  body: AsyncIterable<string | Uint8Array> | Iterable<string | Uint8Array>;
}

/** Equal contents make equal bytes: 1 January 1980, the first day that the format knows, and no other stamp. */
const ENTRY: Partial<Options> = { mtime: new Date(1980, 0, 1), forceDosTimestamp: true, mode: 0o100644, compress: true };

/** The bytes of a zip archive of any size, packed while they are made; nothing but the directory is held in memory. */
export async function* zip(sources: AsyncIterable<ZipSource> | Iterable<ZipSource>): AsyncGenerator<Uint8Array> {
  const file = new ZipFile();
  const out = file.outputStream as Readable;
  let source: Readable | null = null;
  const feed = async (): Promise<void> => {
    for await (const { name, body } of sources) {
      source = Readable.from(bytesOf(body), { objectMode: false });
      await packed(file, name, source);
    }
    file.end();
  };
  const feeding = feed().catch((error: unknown) => void out.destroy(error as Error));
  try {
    yield* out as AsyncIterable<Uint8Array>;
  } finally {
    // Whoever reads no further lets go of what is being read, too.
    out.destroy();
    (source as Readable | null)?.destroy();
    await feeding;
  }
}

/** The next source is asked for when this one is read: it may be made of what this one has gathered. */
function packed(file: ZipFile, name: string, source: Readable): Promise<void> {
  return new Promise((resolve, reject) => {
    source
      .once('end', resolve)
      .once('error', reject)
      .once('close', () => reject(new Error(`${name} was broken off.`)));
    file.addReadStreamLazy(name, ENTRY, (give) => give(null, source));
  });
}

async function* bytesOf(body: ZipSource['body']): AsyncGenerator<Uint8Array> {
  for await (const piece of body) {
    if (piece.length > 0) yield typeof piece === 'string' ? Buffer.from(piece, 'utf8') : piece;
  }
}
