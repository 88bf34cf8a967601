import type { ReportKit } from '../../../../platform/pdf/kit.js';
import type { Text } from '../../../../platform/pdf/text.js';
import type { PayTo } from '../how-to-pay.js';

/** At most so high, in a column of half a page; millimetres. */
export function howToPayHeight({ ways, words }: PayTo): number {
  const lines = ways.length + words.split('\n').reduce((sum, line) => sum + Math.ceil(line.length / 42), 0) + 3;
  return lines * 5.6;
}

/** Beside a bar in the school's second colour: numbers to pay to, and what is written with the payment. Nothing where the school has said nothing. */
export function drawHowToPay(kit: ReportKit, { ways, words }: PayTo, account: string): void {
  if (ways.length === 0 && !words) return;
  const { t, pen } = kit;
  const lines: Text[] = [
    ...ways.map(({ kind, number }): Text => [
      `${kind === 'paybill' ? t('M-Pesa Paybill') : t('M-Pesa till')} `,
      { text: number, face: 'strong' },
    ]),
    ...words.split('\n').filter(Boolean),
    ...(words || ways.some(({ kind }) => kind === 'paybill')
      ? [[`${t('Account number to give with the payment:')} `, { text: account, face: 'strong' as const }]]
      : []),
  ];
  const top = kit.y;
  kit.within(5, kit.width - 5, () => {
    kit.paragraph(t('How to pay'), { face: 'strong', size: 9.5, gap: 0.6 });
    for (const line of lines) kit.paragraph(line, { size: 9.5, gap: 0.4 });
  });
  pen.fill({ x: kit.x, y: top, width: 1.2, height: kit.y - top }, kit.letterhead.colours.second);
}
