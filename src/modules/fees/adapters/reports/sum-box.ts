import type { Pen } from '../../../../platform/pdf/pen.js';
import { INK, INK_2 } from '../../../../platform/pdf/units.js';

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
