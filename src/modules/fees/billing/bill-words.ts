import type { MessageTemplate, Translate } from '../../notifications/index.js';
import { fillGaps } from '../reminders/gaps.rules.js';

export const BILL_GAPS = ['student', 'term', 'amount', 'due', 'balance', 'link'] as const;

/** What fills the gaps for one family, in its language; `balance` is null where nothing is to pay. */
export interface BillTold extends Omit<Record<(typeof BILL_GAPS)[number], string>, 'balance'> {
  balance: string | null;
  school: string;
  /** Whether one can pay where the link leads to. */
  pays: boolean;
  /** What somebody wrote instead of the usual words. */
  words: string | null;
}

export const BILL: MessageTemplate<BillTold> = {
  key: 'fees.bill',
  label: 'Bill of a term',
  // It may hold the address of a statement, or of a page that leads to it.
  secret: true,
  subject: (t, { term }) => t('Fees of {{term}}', { term }),
  text: (t, { words, school, pays, balance, ...gaps }) =>
    fillGaps(words ?? usualWords(school, pays, t), { ...gaps, balance: balance ?? t('nothing') }),
};

/** The words as they are unless somebody writes others; the gaps stay. */
export function usualWords(school: string, pays: boolean, t: Translate): string {
  const gaps = Object.fromEntries(BILL_GAPS.map((gap) => [gap, `{{${gap}}}`]));
  if (pays)
    return t(
      '{{school}}: fees for {{student}}, {{term}}: {{amount}}, due {{due}}. Total balance: {{balance}}. Pay and see your statement here: {{link}}',
      { ...gaps, school },
    );
  return t(
    '{{school}}: fees for {{student}}, {{term}}: {{amount}}, due {{due}}. Total balance: {{balance}}. Statement and how to pay: {{link}}',
    { ...gaps, school },
  );
}
