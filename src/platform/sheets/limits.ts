const MB = 1024 * 1024;

export interface Limits {
  fileBytes: number;
  csvRows: number;
  xlsxRows: number;
  columns: number;
  /** Characters of one CSV record: more means a quote that was never closed. */
  recordChars: number;
  zipEntries: number;
  /** What a workbook may unpack to, all parts together. */
  unpackedBytes: number;
  /** A part over 5 MB may unpack to so many times its packed size; real sheets stay under 60. */
  unpackedRatio: number;
  /** Resident memory of the reading process. */
  childBytes: number;
  /** Time the reading process may work, without the time it waits for the rows to be taken. */
  childSeconds: number;
}

export const LIMITS: Limits = {
  fileBytes: 50 * MB,
  csvRows: 100_000,
  xlsxRows: 50_000,
  columns: 500,
  recordChars: 1_000_000,
  zipEntries: 2_000,
  unpackedBytes: 400 * MB,
  unpackedRatio: 150,
  childBytes: 768 * MB,
  childSeconds: 45,
};
