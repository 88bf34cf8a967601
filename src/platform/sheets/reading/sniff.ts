import { SheetRefused } from './refused.js';

/** First bytes of what people send by mistake, and what to call it. */
const KNOWN: [bytes: string, name: string][] = [
  ['89504e47', 'a picture (PNG)'],
  ['ffd8ff', 'a photograph (JPEG)'],
  ['47494638', 'a picture (GIF)'],
  ['424d', 'a picture (BMP)'],
  ['25504446', 'a PDF document'],
  ['1f8b', 'a compressed file (gzip)'],
  ['377abcaf', 'an archive (7z)'],
  ['52617221', 'an archive (RAR)'],
  ['7f454c46', 'a program'],
  ['4d5a', 'a program'],
  ['53514c69746520', 'a database (SQLite)'],
  ['7b5c727466', 'a text document (RTF)'],
];
const ADVICE = 'Open the list in Excel or LibreOffice and save it as .xlsx or CSV.';

/**
 * What a file is by its content; its name is not believed.
 * @throws SheetRefused when it is neither a zip (so perhaps a workbook) nor text.
 */
export async function sniff(head: Buffer, name: string, whole: () => Promise<Buffer>): Promise<'zip' | 'text'> {
  if (!head.length) throw new SheetRefused(`"${name}" is empty.`);
  const hex = head.subarray(0, 8).toString('hex');
  if (hex.startsWith('504b0304') || hex.startsWith('504b0506')) return 'zip';
  if (hex === 'd0cf11e0a1b11ae1') throw new SheetRefused(oldExcel(await whole(), name));
  const found = KNOWN.find(([bytes]) => hex.startsWith(bytes) && (bytes.length > 4 || looksBinary(head)));
  if (found) throw new SheetRefused(`"${name}" is ${found[1]}, not a sheet. Send a CSV or .xlsx file.`);
  const start = textStart(head);
  if (/^(?:<!doctype html|<html|<table|<meta|<style|<head|<body|<script)/i.test(start)) {
    throw new SheetRefused(`"${name}" is a web page that is named like a sheet. ${ADVICE}`);
  }
  if (/^<\?xml|^<Workbook/i.test(start)) throw new SheetRefused(`"${name}" is an XML file, not a sheet. ${ADVICE}`);
  if (!isWide(head) && looksBinary(head)) throw new SheetRefused(`"${name}" is not a sheet. Send a CSV or .xlsx file.`);
  return 'text';
}

/** A password-protected .xlsx is wrapped in the container of the old format and names its part in it. */
function oldExcel(whole: Buffer, name: string): string {
  return whole.includes(Buffer.from('EncryptedPackage', 'utf16le'))
    ? `"${name}" is protected by a password. Save it without one and send it again.`
    : `"${name}" is in the old Excel format (.xls) or another old Office format. ${ADVICE}`;
}

function textStart(head: Buffer): string {
  const text = head.toString(isWide(head) === 'utf-16le' ? 'utf16le' : 'utf8');
  return text.replace(/^(?:\ufeff|\s|<!--[\s\S]*?-->)+/, '').slice(0, 100);
}

/** UTF-16, told by its mark or by zeros in every second byte. */
export function isWide(head: Buffer): 'utf-16le' | 'utf-16be' | false {
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le';
  if (head[0] === 0xfe && head[1] === 0xff) return 'utf-16be';
  const zeros = [0, 0];
  const length = Math.min(head.length, 2000);
  for (let i = 0; i < length; i += 1) if (head[i] === 0) zeros[i % 2]! += 1;
  const [even, odd] = zeros as [number, number];
  if (odd > length * 0.3 && even < length * 0.05) return 'utf-16le';
  return even > length * 0.3 && odd < length * 0.05 ? 'utf-16be' : false;
}

/** Zeros, or control characters that no text editor writes. */
function looksBinary(head: Buffer): boolean {
  let odd = 0;
  for (const byte of head) {
    if (byte === 0) return true;
    if (byte < 9 || (byte > 13 && byte < 32 && byte !== 26 && byte !== 27)) odd += 1;
  }
  return odd > head.length / 100;
}
