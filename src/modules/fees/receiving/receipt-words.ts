import type { MessageTemplate } from '../../notifications/index.js';

/** What one family is told of one payment, in its language. */
export interface ReceiptTold {
  /** `received`, or what has become of it since. */
  kind: 'received' | 'taken-back' | 'bounced';
  school: string;
  /** First names. */
  student: string;
  numbers: string;
  amount: string;
  day: string;
  /** What the family owes now, or what it has paid ahead; null where it is nothing. */
  owes: string | null;
  ahead: string | null;
  link: string;
}

export const RECEIPT: MessageTemplate<ReceiptTold> = {
  key: 'fees.receipt',
  label: 'Receipt of a payment',
  // It holds the address of a statement.
  secret: true,
  subject: (t, { kind, numbers }) =>
    kind === 'received' ? t('Receipt {{numbers}}', { numbers }) : t('Receipt {{numbers}} is no longer valid', { numbers }),
  text: (t, { kind, school, student, numbers, amount, day, owes, ahead, link }) => {
    const said = { school, student, numbers, amount, day };
    const happened =
      kind === 'received'
        ? t('{{school}}: {{amount}} received for {{student}} on {{day}}, receipt {{numbers}}.', said)
        : kind === 'bounced'
          ? t(
              '{{school}}: the cheque for {{amount}} for {{student}} was returned unpaid. Receipt {{numbers}} is no longer valid.',
              said,
            )
          : t('{{school}}: receipt {{numbers}} for {{amount}} for {{student}} was reversed and is no longer valid.', said);
    const standing =
      owes !== null
        ? t('Balance: {{owes}}.', { owes })
        : ahead !== null
          ? t('Paid ahead: {{ahead}}.', { ahead })
          : t('Nothing more to pay.');
    return `${happened} ${standing} ${t('Statement: {{link}}', { link })}`;
  },
};
