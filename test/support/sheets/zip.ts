import { crc32Of } from './crc.js';
import { deflateRawSync } from 'node:zlib';

export interface ZipPart {
  name: string;
  data: string | Buffer;
  /** What the directory says that it unpacks to, when that is to be a lie. */
  declared?: number;
  flags?: number;
  method?: number;
  /** Its packed bytes are those of the part before it. */
  overlap?: boolean;
}

/** A zip archive, honest or not, byte by byte. */
export function zipOf(parts: ZipPart[]): Buffer {
  const bodies: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  let last = { offset: 0, data: Buffer.alloc(0) };
  for (const part of parts) {
    const data = part.overlap ? last.data : Buffer.from(part.data as string);
    const packed = part.method === 0 ? data : deflateRawSync(data, { level: 9 });
    const header = headerOf(part, data, packed.length);
    const local = Buffer.concat([Buffer.from('504b0304', 'hex'), header.subarray(2), Buffer.from(part.name)]);
    const place = part.overlap ? last : { offset, data };
    if (!part.overlap) {
      bodies.push(local, packed);
      offset += local.length + packed.length;
    }
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(place.offset, 10);
    directory.push(Buffer.concat([Buffer.from('504b0102', 'hex'), header, tail, Buffer.from(part.name)]));
    last = place;
  }
  const listed = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(parts.length, 8);
  end.writeUInt16LE(parts.length, 10);
  end.writeUInt32LE(listed.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...bodies, listed, end]);
}

/** The fields that local header and directory share, with the version of the writer in front. */
function headerOf(part: ZipPart, data: Buffer, packed: number): Buffer {
  const header = Buffer.alloc(28);
  header.writeUInt16LE(20, 0);
  header.writeUInt16LE(20, 2);
  header.writeUInt16LE(part.flags ?? 0, 4);
  header.writeUInt16LE(part.method ?? 8, 6);
  header.writeUInt32LE(crc32Of(data), 12);
  header.writeUInt32LE(packed, 16);
  header.writeUInt32LE(part.declared ?? data.length, 20);
  header.writeUInt16LE(Buffer.byteLength(part.name), 24);
  return header;
}
