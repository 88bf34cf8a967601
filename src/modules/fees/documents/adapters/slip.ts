import type { Pen } from '../../../../platform/pdf/pen.js';
import { INK, INK_2, INK_3 } from '../../../../platform/pdf/units.js';

/** The sum of a receipt or voucher, in a frame. */
export function drawSum(
  pen: Pen,
  box: { x: number; y: number; width: number; height: number },
  currency: string,
  sum: string,
): void {
  pen.frame(box, { width: 0.3, colour: INK });
  const place = { x: box.x + 2, width: box.width - 4, align: 'right' as const };
  const set = pen.set(
    [
      { text: `${currency} `, size: 9, colour: INK_2 },
      { text: sum, size: 16, face: 'strong' },
    ],
    { ...place, lines: 1, shrinkTo: 9 },
  );
  pen.place(set, { ...place, y: box.y + (box.height - set.height) / 2 });
}

const LABEL_WIDE = 30;
/** Beside the facts stands the sum in its frame. */
const SUM_WIDE = 50;

/**
 * What a receipt or voucher says, a line each: its label, the value, and whether it stands out.
 * @returns where the next line begins
 */
export function drawFacts(
  pen: Pen,
  { x, y, width }: { x: number; y: number; width: number },
  facts: readonly (readonly [label: string, value: string, strong: boolean])[],
): number {
  for (const [label, value, strong] of facts) {
    if (!value) continue;
    pen.text(label, { x, y, width: LABEL_WIDE, size: 9.5, colour: INK_3, lines: 1 });
    const place = { x: x + LABEL_WIDE, y, width: width - LABEL_WIDE - SUM_WIDE };
    y += Math.max(6.4, pen.text(value, { ...place, size: 10, face: strong ? 'strong' : 'regular', lines: 2, shrinkTo: 8 }) + 1);
  }
  return y;
}
