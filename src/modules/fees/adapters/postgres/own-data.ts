import { formatMoney } from '../../../../kernel/money.js';
import { query } from '../../../../platform/db/index.js';
import type { PersonalData } from '../../../../kernel/personal-data.js';

/** What a family said about paying and agreed to; what somebody wrote beside it may name people. */
export const promiseData = (currency: () => Promise<string>): PersonalData => ({
  order: 55,
  sections: async ({ kind, id }, t) => {
    if (kind !== 'student') return [];
    const rows = await query<{ madeOn: string; promisedOn: string; amountMinor: number; note: string; byName: string }>(
      'fees.privacy.promises',
      `select made_on as "madeOn", promised_on as "promisedOn", amount_minor as "amountMinor", note, by_name as "byName" from fees_promises where student_id = $1 order by created_at desc, id limit 1000`,
      [id],
    );
    const plans = await query<{ agreedOn: string; totalMinor: number; agreedWith: string; note: string; endedWhy: string; byName: string }>(
      'fees.privacy.plans',
      `select agreed_on as "agreedOn", total_minor as "totalMinor", agreed_with as "agreedWith", note, ended_why as "endedWhy", by_name as "byName" from fees_plans where student_id = $1 order by created_at desc, id limit 1000`,
      [id],
    );
    const unit = await currency();
    const heads = [t('Date'), t('Paid by'), t('Amount'), t('Note'), t('Written down by')];
    const promised = rows.length === 0 ? [] : [{ title: t('Promises to pay'), table: { heads, rows: rows.map((row) => [row.madeOn, row.promisedOn, formatMoney(row.amountMinor, unit), row.note, row.byName]) } }];
    const agreed = [t('Date'), t('Amount'), t('Agreed with'), t('Note'), t('Taken back, why'), t('Written down by')];
    const planned = plans.length === 0 ? [] : [{ title: t('Instalment plans'), table: { heads: agreed, rows: plans.map((row) => [row.agreedOn, formatMoney(row.totalMinor, unit), row.agreedWith, row.note, row.endedWhy, row.byName]) } }];
    return [...promised, ...planned];
  },
  erase: async ({ kind, id }) => {
    if (kind !== 'student') return { done: [] };
    const rows = await query('fees.privacy.erase', "update fees_promises set note = '' where student_id = $1 and note <> '' returning id", [id]);
    const plans = await query('fees.privacy.erase-plans', "update fees_plans set note = '', agreed_with = '', ended_why = '' where student_id = $1 and (note <> '' or agreed_with <> '' or ended_why <> '') returning id", [id]);
    return { done: [...(rows.length > 0 ? ['Notes beside promises to pay'] : []), ...(plans.length > 0 ? ['Names and notes of instalment plans'] : [])] };
  },
});
