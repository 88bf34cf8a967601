import { demandSnapshot, query } from '../context.js';

const ROWS = 1_000;

/**
 * All rows of one statement, some at a time, from one cursor of the database: what is summed on the way is summed once,
 * however many rows there are. Within `snapshot(…)`.
 * @param name belongs to the text for good, as with `query`
 */
export async function* fetched<Row>(name: string, text: string, values: readonly unknown[]): AsyncGenerator<readonly Row[]> {
  demandSnapshot();
  const cursor = `"${name}"`;
  await query(`${name}.declare`, `declare ${cursor} no scroll cursor for ${text}`, values);
  for (;;) {
    const rows = await query<Row>(`${name}.fetch`, `fetch forward ${ROWS} from ${cursor}`);
    if (rows.length > 0) yield rows;
    if (rows.length < ROWS) break;
  }
  await query(`${name}.close`, `close ${cursor}`);
}
