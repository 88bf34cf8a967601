import { formatMoney } from '../../../../kernel/money.js';
import { query } from '../../../../platform/db/index.js';
import type { PersonalData } from '../../../../kernel/personal-data.js';

/** What a family said about paying; what somebody wrote beside it may name people. */
export const promiseData = (currency: () => Promise<string>): PersonalData => ({
  order: 55,
  sections: async ({ kind, id }, t) => {
    if (kind !== 'student') return [];
    const rows = await query<{ madeOn: string; promisedOn: string; amountMinor: number; note: string; byName: string }>(
      'fees.privacy.promises',
      `select made_on as "madeOn", promised_on as "promisedOn", amount_minor as "amountMinor", note, by_name as "byName" from fees_promises where student_id = $1 order by created_at desc, id limit 1000`,
      [id],
    );
    if (rows.length === 0) return [];
    const unit = await currency();
    const heads = [t('Date'), t('Paid by'), t('Amount'), t('Note'), t('Written down by')];
    return [{ title: t('Promises to pay'), table: { heads, rows: rows.map((row) => [row.madeOn, row.promisedOn, formatMoney(row.amountMinor, unit), row.note, row.byName]) } }];
  },
  erase: async ({ kind, id }) => {
    if (kind !== 'student') return { done: [] };
    const rows = await query('fees.privacy.erase', "update fees_promises set note = '' where student_id = $1 and note <> '' returning id", [id]);
    return { done: rows.length > 0 ? ['Notes beside promises to pay'] : [] };
  },
});
