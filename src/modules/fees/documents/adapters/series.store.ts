import { newId } from '../../../../kernel/id.js';
import { query } from '../../../../platform/db/index.js';
import type { Series, SeriesStore } from '../../ports.js';

const PREFIXES: Record<Series, string> = {
  invoice: 'INV-',
  'debit-note': 'DN-',
  'credit-note': 'CN-',
  receipt: 'RCT-',
  refund: 'RF-',
};
const DIGITS = 6;

export class PostgresSeriesStore implements SeriesStore {
  async take(series: Series, count: number): Promise<string[]> {
    if (count === 0) return [];
    const [row] = await query<{ prefix: string; last: number }>(
      'fees.series.take',
      `insert into fees_series as s (id, key, prefix, last) values ($1, $2, $3, $4)
        on conflict (school_id, key) do update set last = s.last + excluded.last returning prefix, last`,
      [newId(), series, PREFIXES[series], count],
    );
    const first = row!.last - count + 1;
    return Array.from({ length: count }, (_, n) => `${row!.prefix}${String(first + n).padStart(DIGITS, '0')}`);
  }
}
