import { open } from 'node:fs/promises';
import type { FileTypeResult } from 'file-type';

const HEAD = 4096;

/**
 * What a file is, judged by its bytes alone: a MIME type, or null when nothing is recognised. Text is only
 * called text when it is neither markup nor script, since a browser would act on those.
 */
export async function sniff(source: Buffer | { path: string }): Promise<string | null> {
  const head = Buffer.isBuffer(source) ? source.subarray(0, HEAD) : await readHead(source.path);
  const known = await signatureOf(source);
  if (known && known.mime !== 'application/xml') return known.mime;
  return textType(head);
}

async function signatureOf(source: Buffer | { path: string }): Promise<FileTypeResult | undefined> {
  const { fileTypeFromBuffer, fileTypeFromFile } = await import('file-type');
  return Buffer.isBuffer(source) ? fileTypeFromBuffer(source) : fileTypeFromFile(source.path);
}

async function readHead(path: string): Promise<Buffer> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD), 0, HEAD, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

function textType(head: Buffer): string | null {
  const text = decode(head);
  if (text === null) return null;
  if (/<svg[\s>]/i.test(text)) return 'image/svg+xml';
  if (/<(!doctype|html|head|body|script|iframe|meta|link|style|object|embed|form|img|a|table|div)[\s>/!]/i.test(text))
    return 'text/html';
  if (/^\s*<(\?xml|[a-z!])/i.test(text)) return 'application/xml';
  return 'text/plain';
}

/** UTF-8, UTF-16 with its mark, or a single-byte code page: all but bytes that no text has. */
function decode(head: Buffer): string | null {
  if (head.length === 0) return null;
  if (head[0] === 0xff && head[1] === 0xfe) return new TextDecoder('utf-16le').decode(head);
  if (head[0] === 0xfe && head[1] === 0xff) return new TextDecoder('utf-16be').decode(head);
  return /[\0-\x08\x0e-\x1a\x1c-\x1f\x7f]/.test(head.toString('latin1')) ? null : head.toString('utf8');
}

/** Whether sniffed content is one of the types a place takes; a CSV is text that the place says is a CSV. */
export function accepts(types: readonly string[], sniffed: string | null): string | null {
  if (sniffed === null) return null;
  if (types.includes(sniffed)) return sniffed;
  return sniffed === 'text/plain' && types.includes('text/csv') ? 'text/csv' : null;
}
