import { can } from '../../../../kernel/actor.js';
import { formatMoney } from '../../../../kernel/money.js';
import { registerName } from '../../../../kernel/names.js';
import type { Search } from '../../../../platform/module.js';
import type { SchoolApi } from '../../../school/index.js';
import type { StudentsApi } from '../../../students/index.js';
import type { NumberFound, NumberStore } from '../../ports.js';
import { SEES_ACCOUNTS } from '../../domain/document.js';

const KINDS: Record<NumberFound['kind'], { group: string; path: string }> = {
  receipt: { group: 'Receipts', path: '/fees/payments' },
  document: { group: 'Invoices', path: '/fees/invoices' },
  reference: { group: 'Payments by their code', path: '/fees/payments' },
};
/** What is shorter or has no digit is no number of ours, and a name is not looked for among papers. */
const NUMBER = /^(?=.*\d)[a-z0-9][a-z0-9/-]{3,}$/i;

/** Receipts and invoices by their number, payments by the code of M-Pesa or the number of a slip. */
export function feeSearch(store: NumberStore, students: StudentsApi, school: SchoolApi): Search {
  return async (text, actor, limit) => {
    if (!NUMBER.test(text)) return [];
    const kinds = (['receipt', 'document', 'reference'] as const).filter((kind) => can(actor, kind === 'document' ? SEES_ACCOUNTS : 'fees.payments.read'));
    const found = await store.beginningWith(text.toUpperCase(), kinds, limit);
    if (found.length === 0) return [];
    const [holders, { currency }] = await Promise.all([students.holders(found.flatMap(({ studentId }) => studentId ?? [])), school.profile()]);
    const names = new Map(holders.map((one) => [one.id, registerName(one)]));
    return found.map(({ kind, number, id, studentId, amountMinor, on }) => ({
      kind: KINDS[kind].group,
      label: number,
      note: [studentId && names.get(studentId), formatMoney(amountMinor, currency), on].filter(Boolean).join(' · '),
      href: `${KINDS[kind].path}/${id}`,
    }));
  };
}
