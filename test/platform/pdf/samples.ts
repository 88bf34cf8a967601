import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import type { PrintContext } from '../../../src/platform/pdf/kit.js';

const run = promisify(execFile);

/** Names that a print must survive: long, marked, hooked, Ethiopic, short. */
export const NAMES: readonly { surname: string; otherNames: string; sex: 'F' | 'M' }[] = [
  { surname: 'Hassan', otherNames: 'Amina Wanjiku', sex: 'F' },
  { surname: 'Kariuki-Oduya', otherNames: 'Wilhelmina Nyambura', sex: 'F' },
  { surname: 'Ọlá', otherNames: 'Adébáyọ̀ Tèmítọ́pẹ́', sex: 'M' },
  { surname: 'ተስፋዬ', otherNames: 'አማርኛ አበበ', sex: 'F' },
  { surname: 'Ɗanjuma', otherNames: 'Ƙasimu Ɓala', sex: 'M' },
  { surname: 'Agbeko', otherNames: 'Kɔku Ŋutifafa Ɛsi', sex: 'M' },
  { surname: 'Nwáchúkwu', otherNames: 'Chị́dịébéré Ńkechi', sex: 'F' },
  { surname: "Ng'ang'a", otherNames: 'Li', sex: 'M' },
];

export function person(index: number): { surname: string; otherNames: string; sex: 'F' | 'M'; admissionNo: string } {
  return { ...NAMES[index % NAMES.length]!, admissionNo: `MH22${String(index + 1).padStart(4, '0')}` };
}

export function people(count: number): ReturnType<typeof person>[] {
  return Array.from({ length: count }, (_, index) => person(index));
}

export function context(changes: Partial<PrintContext> = {}): PrintContext {
  return {
    letterhead: {
      schoolName: 'Mwangaza Hills School',
      motto: 'Light for all',
      lines: ['P.O. Box 214 – 20100 Nakuru', '0712 300 400', 'info@mwangaza.ac.ke'],
      colours: { first: '#0f5c43', second: '#e3a62b' },
      signature: { name: 'Grace Njeri Kamau', title: 'Head of school' },
    },
    printedBy: 'Joseph Kiptoo Rono',
    printedAt: new Date('2026-11-24T07:46:00Z'),
    zone: 'Africa/Nairobi',
    language: 'en',
    ...changes,
  };
}

/** What a reader, a search or a screen reader gets out of the file, page by page. */
export async function pagesOf(file: Uint8Array): Promise<string[]> {
  return (await withFile(file, 'pdftotext', (name) => ['-enc', 'UTF-8', name, '-'])).split('\f').slice(0, -1);
}

/** The elements of a tagged file, a line each, indented by their depth, and what is told of the file as a whole. */
export async function structureOf(file: Uint8Array): Promise<{ facts: string; elements: string }> {
  const facts = await withFile(file, 'pdfinfo', (name) => [name]);
  return { facts, elements: await withFile(file, 'pdfinfo', (name) => ['-struct-text', name]) };
}

async function withFile(file: Uint8Array, program: string, args: (name: string) => string[]): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'print-'));
  try {
    const name = path.join(folder, 'print.pdf');
    await writeFile(name, file);
    return (await run(program, args(name), { maxBuffer: 64 * 1024 * 1024 })).stdout;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** One space between words and none at the ends, composed: what is compared. */
export function plain(text: string): string {
  return text.normalize('NFC').replace(/\s+/g, ' ').trim();
}
