import { createHash } from 'node:crypto';
import type { ZipSource } from '../../../platform/zip/write.js';

/** One file of the archive, so that whoever unpacks it can see that it is whole. */
export interface Listed {
  name: string;
  bytes: number;
  sha256: string;
  /** Of a sheet: its rows without the heading. */
  rows: number | null;
}

/** The same file, noted once its last byte is made. */
export function noted(source: ZipSource, note: (file: Listed) => void): ZipSource {
  return { name: source.name, body: counted(source, note) };
}

async function* counted({ name, body }: ZipSource, note: (file: Listed) => void): AsyncGenerator<Uint8Array> {
  const hash = createHash('sha256');
  const lines = name.endsWith('.csv') ? new LineCount() : null;
  let bytes = 0;
  for await (const piece of body) {
    const chunk = typeof piece === 'string' ? Buffer.from(piece, 'utf8') : piece;
    hash.update(chunk);
    bytes += chunk.length;
    lines?.add(chunk);
    yield chunk;
  }
  note({ name, bytes, sha256: hash.digest('hex'), rows: lines && Math.max(0, lines.count - 1) });
}

const QUOTE = 0x22;
const NEWLINE = 0x0a;

/** Records of a CSV file: a line break within quotes ends none. */
class LineCount {
  count = 0;
  private quoted = false;

  add(chunk: Uint8Array): void {
    for (const byte of chunk) {
      if (byte === QUOTE) this.quoted = !this.quoted;
      else if (byte === NEWLINE && !this.quoted) this.count += 1;
    }
  }
}
