import { can } from '../../../kernel/actor.js';
import { formatMoney } from '../../../kernel/money.js';
import { registerName } from '../../../kernel/people/names.js';
import { formatDay } from '../../../kernel/day-words.js';
import type { Search } from '../../../platform/module.js';
import type { SchoolApi } from '../../school/index.js';
import type { StudentsApi } from '../../students/index.js';
import type { FormerReceiptStore, NumberFound, NumberStore } from '../ports.js';
import { SEES_ACCOUNTS } from '../documents/document.rules.js';

type Kind = NumberFound['kind'] | 'former';
const KINDS: Record<Kind, { group: string; path: string }> = {
  receipt: { group: 'Receipts', path: '/fees/payments' },
  document: { group: 'Invoices', path: '/fees/invoices' },
  reference: { group: 'Payments by their code', path: '/fees/payments' },
  former: { group: 'Receipts from before AIMS', path: '/fees/former-receipts' },
};
/** What is shorter or has no digit is no number of ours, and a name is not looked for among papers. */
const NUMBER = /^(?=.*\d)[a-z0-9][a-z0-9/-]{3,}$/i;

export interface FeeSearchParts {
  numbers: NumberStore;
  former: Pick<FormerReceiptStore, 'beginningWith'>;
  students: StudentsApi;
  school: SchoolApi;
}

/** Receipts and invoices by their number, those of an earlier system too, payments by the code of M-Pesa or the number of a slip. */
export function feeSearch({ numbers, former, students, school }: FeeSearchParts): Search {
  return async (text, actor, limit) => {
    if (!NUMBER.test(text)) return [];
    const kinds = (['receipt', 'document', 'reference'] as const).filter((kind) =>
      can(actor, kind === 'document' ? SEES_ACCOUNTS : 'fees.payments.read'),
    );
    const [ours, theirs] = await Promise.all([
      numbers.beginningWith(text.toUpperCase(), kinds, limit),
      can(actor, SEES_ACCOUNTS) ? former.beginningWith(text, limit) : [],
    ]);
    const found = [...ours, ...theirs.map((one) => ({ ...one, kind: 'former' as const, on: one.receivedOn }))];
    if (found.length === 0) return [];
    const [holders, { currency }] = await Promise.all([
      students.holders(found.flatMap(({ studentId }) => studentId ?? [])),
      school.profile(),
    ]);
    const names = new Map(holders.map((one) => [one.id, registerName(one)]));
    return found.map(({ kind, number, id, studentId, amountMinor, on }) => ({
      kind: KINDS[kind].group,
      label: number,
      note: [studentId && names.get(studentId), formatMoney(amountMinor, currency), formatDay(on, 'en', 'short')]
        .filter(Boolean)
        .join(' · '),
      href: `${KINDS[kind].path}/${id}`,
    }));
  };
}
