import type { Column, Heading, RawRow } from '../../../platform/sheets/columns.js';
import type { DayContext } from '../../../platform/sheets/reading/dates.js';
import type { DaySurvey } from '../../../platform/sheets/reading/day-survey.js';
import type { Reading } from '../../../platform/sheets/reading/encodings.js';
import type { Mapping } from '../../../platform/sheets/reading/mapping.js';
import type { SheetInfo } from '../../../platform/sheets/messages.js';
import type { CellContext, ParsedRow } from '../../../platform/sheets/reading/parse.js';
import { token } from '../../../platform/tokens.js';

/** Files as sheets. */
export interface SheetReader {
  /** The sheets, their headings and what these probably mean. @throws SheetRefused */
  look(
    file: { path: string; name: string },
    columns: readonly Heading[],
    sheets: string[] | null,
    encoding: string | null,
  ): Promise<Look>;
  guess(headers: readonly string[], columns: readonly Heading[]): Mapping;
  /** @throws SheetRefused, also in the middle */
  read(
    file: { path: string; name: string },
    options: {
      columns: readonly Heading[];
      sheets: string[] | null;
      encoding: string | null;
      signal: AbortSignal;
      onLook(look: Look): Promise<void> | void;
    },
    onRows: (rows: RawRow[]) => Promise<void>,
  ): Promise<void>;
  /** Counts how the days of one column are written. */
  daySurvey(): DaySurvey;
  readDay(text: string, context: DayContext): string | null;
  /** Whether people of this country do. */
  writesMonthFirst(country: string): boolean;
  parser(columns: readonly Column<never>[], mapping: Mapping, context: CellContext): (raw: RawRow) => ParsedRow;
  /** Lets requests have their turn. */
  turn(): Promise<void>;
  /** A copy on the disk for the time of the work. */
  withFile<Result>(body: () => Promise<AsyncIterable<Uint8Array>>, work: (path: string) => Promise<Result>): Promise<Result>;
}

export interface Look {
  sheets: SheetInfo[];
  headers: string[];
  date1904: boolean;
  /** What a CSV file was read in. */
  encoding: string | null;
  /** In what else its letters may be read, where that is in doubt. */
  readings: Reading[];
}

export const SHEET_READER = token<SheetReader>('SheetReader');
