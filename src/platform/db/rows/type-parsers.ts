import pg from 'pg';

const { builtins } = pg.types;
const TEXT_ARRAY = 1009;
const DATE_ARRAY = 1182;
const INT8_ARRAY = 1016;

/**
 * How values arrive: a school day as `YYYY-MM-DD` (a Date would shift it with the process's zone), a bigint
 * as a number while that is exact and as text beyond, numeric as text.
 */
export const typeParsers = new pg.TypeOverrides();
const textArray = pg.types.getTypeParser(TEXT_ARRAY as never) as (text: string) => (string | null)[];

typeParsers.setTypeParser(builtins.DATE, (text: string) => text);
typeParsers.setTypeParser(builtins.INT8, exactNumber);
typeParsers.setTypeParser(DATE_ARRAY as never, textArray);
typeParsers.setTypeParser(INT8_ARRAY as never, (text: string) =>
  textArray(text).map((item) => (item === null ? null : exactNumber(item))),
);

function exactNumber(text: string): number | string {
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : text;
}
