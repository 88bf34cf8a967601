import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RawCell, RawRow } from '../../../src/platform/sheets/columns.js';
import type { SheetHeader, SheetsFound } from '../../../src/platform/sheets/messages.js';
import { readSheet, type ReadOptions, type ReadSummary } from '../../../src/platform/sheets/reading/read.js';
import { SheetRefused } from '../../../src/platform/sheets/reading/refused.js';

export interface WhatWasRead {
  summary: ReadSummary;
  found: SheetsFound;
  headers: SheetHeader[];
  rows: RawRow[];
  cells: RawCell[][];
}

export async function withFile<Result>(
  content: string | Buffer,
  name: string,
  work: (path: string) => Promise<Result>,
): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), 'aims-sheet-'));
  try {
    const path = join(folder, 'upload');
    await writeFile(path, content);
    return await work(path);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The whole file at once, as a test likes it. */
export function readAll(content: string | Buffer, options: ReadOptions = {}, name = 'list.csv'): Promise<WhatWasRead> {
  return withFile(content, name, async (path) => {
    let found: SheetsFound | undefined;
    const headers: SheetHeader[] = [];
    const rows: RawRow[] = [];
    const summary = await readSheet(
      { path, name },
      { ...options, onFound: (told) => void (found = told), onHeader: (header) => void headers.push(header) },
      async (batch) => void rows.push(...batch),
    );
    return { summary, found: found!, headers, rows, cells: rows.map((row) => row.cells) };
  });
}

export interface Refusal {
  sentence: string;
  rows: number;
  milliseconds: number;
}

/** The one sentence that a file is refused with, and how many rows had been handed out by then. */
export function refusalOf(content: string | Buffer, name: string, options: ReadOptions = {}): Promise<Refusal> {
  return withFile(content, name, async (path) => {
    const start = Date.now();
    let rows = 0;
    try {
      await readSheet({ path, name }, options, async (batch) => void (rows += batch.length));
    } catch (error) {
      if (error instanceof SheetRefused) return { sentence: error.sentence, rows, milliseconds: Date.now() - start };
      throw error;
    }
    throw new Error(`${name} was not refused`);
  });
}
