import { query } from '../../../../platform/db/index.js';
import { paperKey, type EntryPaper, type EntryPapers, type Source } from '../../../finance/index.js';

const PAYMENTS = {
  kind: 'fees-payment',
  href: '/fees/payments',
  sql: `select p.id, coalesce(string_agg(r.number, ', ' order by r.number), '') as number from fees_payments p
    left join fees_receipts r on r.school_id = p.school_id and r.payment_id = p.id where p.id = any($1::uuid[]) group by p.id`,
};
const REFUNDS = {
  kind: 'fees-refund',
  href: '/fees/refunds',
  sql: "select id, coalesce(number, '') as number from fees_refunds where id = any($1::uuid[])",
};

/** Receipts and refunds, for books that name the paper behind an entry. */
export const feePapers: EntryPapers = {
  async of(sources) {
    return new Map([...(await papersOf(sources, PAYMENTS)), ...(await papersOf(sources, REFUNDS))]);
  },
};

async function papersOf(sources: readonly Source[], { kind, href, sql }: typeof PAYMENTS): Promise<Map<string, EntryPaper>> {
  const ids = sources.filter((one) => one.kind === kind).map((one) => one.key);
  if (ids.length === 0) return new Map();
  const rows = await query<{ id: string; number: string }>(`fees.entry-papers.${kind}`, sql, [ids]);
  return new Map(rows.map(({ id, number }) => [paperKey({ kind, key: id }), { number, href: `${href}/${id}` }]));
}
