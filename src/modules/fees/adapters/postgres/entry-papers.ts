import { query } from '../../../../platform/db/index.js';
import { paperKey, type EntryPapers } from '../../../finance/index.js';

const PAYMENT = 'fees-payment';

/** The receipts of payments, for books that name the paper behind an entry. */
export const receiptPapers: EntryPapers = {
  async of(sources) {
    const ids = sources.filter((one) => one.kind === PAYMENT).map((one) => one.key);
    if (ids.length === 0) return new Map();
    const rows = await query<{ id: string; number: string }>(
      'fees.entry-papers',
      `select p.id, coalesce(string_agg(r.number, ', ' order by r.number), '') as number from fees_payments p
        left join fees_receipts r on r.school_id = p.school_id and r.payment_id = p.id where p.id = any($1::uuid[]) group by p.id`,
      [ids],
    );
    return new Map(rows.map(({ id, number }) => [paperKey({ kind: PAYMENT, key: id }), { number, href: `/fees/payments/${id}` }]));
  },
};
