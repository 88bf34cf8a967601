import { open } from 'node:fs/promises';
import type { FileTypeResult } from 'file-type';
import { isWide } from '../sheets/reading/sniff.js';

const HEAD = 4096;

/**
 * What a file is, judged by its bytes alone: a MIME type, or null when nothing is recognised. Text is only
 * called text when it is neither markup nor script, since a browser would act on those.
 */
export async function sniff(source: Buffer | { path: string }): Promise<string | null> {
  const head = Buffer.isBuffer(source) ? source.subarray(0, HEAD) : await readHead(source.path);
  // First, since the mark of UTF-16 is also how a sound of MPEG may begin.
  const wide = wideText(head);
  if (wide !== null) return textType(wide);
  const known = await signatureOf(source);
  if (known && known.mime !== 'application/xml') return known.mime;
  return narrowText(head) ? textType(head.toString('utf8')) : null;
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

function textType(text: string): string {
  if (/<svg[\s>]/i.test(text)) return 'image/svg+xml';
  if (/<(!doctype|html|head|body|script|iframe|meta|link|style|object|embed|form|img|a|table|div)[\s>/!]/i.test(text))
    return 'text/html';
  if (/^\s*<(\?xml|[a-z!])/i.test(text)) return 'application/xml';
  return 'text/plain';
}

/** Control characters that no text has. */
const CONTROL = /[\0-\x08\x0e-\x1a\x1c-\x1f\x7f]/;

/** UTF-16, with its mark or without, as Excel saves "Unicode text". */
function wideText(head: Buffer): string | null {
  const encoding = isWide(head);
  if (!encoding) return null;
  const text = new TextDecoder(encoding).decode(head);
  return CONTROL.test(text) ? null : text;
}

/** UTF-8 or a single-byte code page. */
function narrowText(head: Buffer): boolean {
  return head.length > 0 && !CONTROL.test(head.toString('latin1'));
}

/** Whether sniffed content is one of the types a place takes; a CSV is text that the place says is a CSV. */
export function accepts(types: readonly string[], sniffed: string | null): string | null {
  if (sniffed === null) return null;
  if (types.includes(sniffed)) return sniffed;
  return sniffed === 'text/plain' && types.includes('text/csv') ? 'text/csv' : null;
}
