import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setImmediate } from 'node:timers/promises';
import { DaySurvey } from '../../../../platform/sheets/reading/day-survey.js';
import { parseDay, writesMonthFirst } from '../../../../platform/sheets/reading/dates.js';
import { guessMapping } from '../../../../platform/sheets/reading/mapping.js';
import { rowParser } from '../../../../platform/sheets/reading/parse.js';
import { readSheet } from '../../../../platform/sheets/reading/read.js';
import type { SheetsFound } from '../../../../platform/sheets/messages.js';
import type { Look, SheetReader } from '../../ports.js';

/** Enough to know the headings; the rest is read by the check. */
const FIRST_LOOK = 1;

/** Reads in a process of its own, from a folder for files that are on their way. */
export class ChildProcessReader implements SheetReader {
  constructor(private readonly folder: string) {}

  readonly guess: SheetReader['guess'] = guessMapping;
  readonly parser: SheetReader['parser'] = rowParser;
  readonly readDay: SheetReader['readDay'] = parseDay;
  readonly writesMonthFirst: SheetReader['writesMonthFirst'] = writesMonthFirst;

  daySurvey(): DaySurvey {
    return new DaySurvey();
  }

  async turn(): Promise<void> {
    await setImmediate();
  }

  async look(
    file: { path: string; name: string },
    columns: Parameters<SheetReader['look']>[1],
    sheets: string[] | null,
    encoding: string | null,
  ): Promise<Look> {
    const { headers, ...found } = await readSheet(
      file,
      { columns, take: FIRST_LOOK, ...(sheets && { sheets }), ...(encoding && { encoding }) },
      async () => undefined,
    );
    return lookOf(found, headers);
  }

  async read(
    file: { path: string; name: string },
    options: Parameters<SheetReader['read']>[1],
    onRows: Parameters<SheetReader['read']>[2],
  ): Promise<void> {
    let found: SheetsFound | null = null;
    let told = false;
    await readSheet(
      file,
      {
        columns: options.columns,
        signal: options.signal,
        ...(options.sheets && { sheets: options.sheets }),
        ...(options.encoding && { encoding: options.encoding }),
        onFound: (all) => void (found = all),
        onHeader: async ({ headers }) => {
          if (told || !found) return;
          told = true;
          await options.onLook(lookOf(found, headers));
        },
      },
      onRows,
    );
  }

  async withFile<Result>(
    body: () => Promise<AsyncIterable<Uint8Array>>,
    work: (path: string) => Promise<Result>,
  ): Promise<Result> {
    await mkdir(this.folder, { recursive: true, mode: 0o700 });
    const target = path.join(this.folder, randomUUID());
    try {
      await pipeline(Readable.from(await body()), createWriteStream(target, { mode: 0o600 }));
      return await work(target);
    } finally {
      await rm(target, { force: true });
    }
  }
}

function lookOf(found: Pick<SheetsFound, 'sheets' | 'date1904' | 'encoding' | 'readings'>, headers: string[]): Look {
  return {
    sheets: found.sheets,
    headers,
    date1904: found.date1904,
    encoding: found.encoding ?? null,
    readings: found.readings ?? [],
  };
}
