import type { Pen } from './pen.js';
import type { Colours } from './pictures.js';
import { INK, INK_2 } from './units.js';

export interface Letterhead {
  schoolName: string;
  /** In whose words it is printed. */
  country?: string;
  motto?: string | null;
  /** Address, phones, email: `P.O. Box 214 – 20100 Nakuru`. */
  lines: string[];
  colours: Colours;
  /** JPEG or PNG. */
  logo?: Uint8Array | null;
  stamp?: Uint8Array | null;
  signature?: Signatory | null;
}

export interface Signatory {
  name: string;
  title: string;
  /** JPEG or PNG, best with a transparent ground. */
  image?: Uint8Array | null;
}

export interface HeadTitle {
  title: string;
  note?: string;
}

const BADGE = { width: 11, height: 12.4 };

/** Stripe, badge, name and address over an ink rule; `right` names the document. Returns where the page goes on. */
export function drawLetterhead(
  pen: Pen,
  letterhead: Letterhead,
  area: { x: number; y: number; width: number },
  right?: HeadTitle,
): number {
  const { x, y, width } = area;
  pen.stripe({ x, y, width, height: 2.1 }, letterhead.colours);
  const top = y + 7;
  pen.logo(letterhead.logo, { x, y: top, ...BADGE }, letterhead.colours);
  const reserved = right ? Math.min(70, width * 0.36) : 0;
  const textWidth = width - BADGE.width - 4 - reserved;
  const name = pen.set(letterhead.schoolName, {
    width: textWidth,
    size: 14,
    face: 'heading',
    lines: 2,
    leading: 1.2,
    prefer: { lines: 1, downTo: 12 },
    shrinkTo: 10,
  });
  const facts = [letterhead.motto, contactLines(pen, letterhead, { width: textWidth, size: 8.5 })].filter(
    (line): line is string => Boolean(line),
  );
  const small = facts.map((fact) => pen.set(fact, { width: textWidth, size: 8.5, colour: INK_2, lines: 2 }));
  const height = name.height + small.reduce((sum, one) => sum + one.height, 0);
  let at = top + Math.max(0, (BADGE.height - height) / 2);
  for (const one of [name, ...small]) {
    pen.place(one, { x: x + BADGE.width + 4, y: at, width: textWidth });
    at += one.height;
  }
  if (right)
    drawRight(pen, right, { x: x + width - reserved, y: top + Math.max(0, (BADGE.height - height) / 2), width: reserved });
  const end = Math.max(top + BADGE.height, at) + 3.4;
  pen.rule(x, end, x + width, end, { width: 0.5, colour: INK });
  return end;
}

/** Address, phones and email, as many on a line as there is room for: a dot stands between two, never at an end. */
export function contactLines(pen: Pen, { lines }: Pick<Letterhead, 'lines'>, style: { width: number; size: number }): string {
  return lines.filter(Boolean).reduce((set, part) => {
    const last = set.slice(set.lastIndexOf('\n') + 1);
    return set === '' ? part : `${set}${pen.set(`${last} · ${part}`, style).lines.length > 1 ? '\n' : ' · '}${part}`;
  }, '');
}

/** On the second and later pages of a sheet. */
export function drawRunningHead(
  pen: Pen,
  letterhead: Letterhead,
  area: { x: number; y: number; width: number },
  title: string,
): void {
  const { x, y, width } = area;
  pen.stripe({ x, y, width, height: 1.2 }, letterhead.colours);
  pen.text(letterhead.schoolName, { x, y: y + 2.6, width: width / 2, size: 8.5, face: 'strong', lines: 1 });
  pen.text(title, { x: x + width / 2, y: y + 2.6, width: width / 2, size: 8.5, colour: INK_2, align: 'right', lines: 1 });
  pen.rule(x, y + 8, x + width, y + 8, { width: 0.25, colour: INK });
}

function drawRight(pen: Pen, right: HeadTitle, place: { x: number; y: number; width: number }): void {
  let height = 0;
  pen.structure.mark('H1', () => {
    height = pen.text(right.title, {
      ...place,
      align: 'right',
      size: 14,
      face: 'heading',
      lines: 2,
      leading: 1.2,
      prefer: { lines: 1, downTo: 12 },
      shrinkTo: 10,
    });
  });
  if (right.note) pen.text(right.note, { ...place, y: place.y + height, align: 'right', size: 8.5, colour: INK_2, lines: 2 });
}
