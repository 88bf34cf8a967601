/** Drawings that stand in a row of a table or beside a number. */
import { escapeHtml } from '../http/pages/escape.js';
import { px } from './scale.js';

/** One stroke for each learner away, in fives: absent at full height, late at half. Nothing for nobody. */
export function tally(absent: number, late: number): string {
  const strokes = Array.from({ length: absent + late }, (_none, index) => {
    const x = index * 7 + Math.floor(index / 5) * 4;
    return index < absent ? `<rect x="${x}" width="4" height="16"/>` : `<rect class="t" x="${x}" y="8" width="4" height="8"/>`;
  });
  if (strokes.length === 0) return '';
  const last = strokes.length - 1;
  const width = last * 7 + Math.floor(last / 5) * 4 + 7;
  return `<svg class="tally" width="${width}" height="16" viewBox="0 0 ${width} 16" aria-hidden="true">${strokes.join('')}</svg>`;
}

/** A value on its way to the most there is, with a tick for the average. */
export function meter(value: number, most = 100, average?: number, low = false): string {
  const share = (part: number): string => `${px(Math.min(100, Math.max(0, (part / most) * 100)))}%`;
  const tick = average === undefined ? '' : `<rect class="av" x="${share(average)}" y="0" width="2" height="100%"/>`;
  return `<svg class="meter" aria-hidden="true"><rect class="tr" y="37%" width="100%" height="26%"/><rect class="${low ? 'lo' : 'hi'}" y="37%" width="${share(value)}" height="26%"/>${tick}</svg>`;
}

export interface Share {
  kind?: 'ok' | 'warn' | 'bad' | 'off';
  /** Of the whole, 0 to 1. */
  part: number;
}

/** One bar of one or several shares, from the start. */
export function progressBar(shares: Share[], thick = false): string {
  let from = 0;
  const parts = shares.map(({ kind, part }) => {
    const rect = `<rect x="${px(from * 100)}%" width="${px(part * 100)}%" height="100%"${kind ? ` class="${kind}"` : ''}/>`;
    from += part;
    return rect;
  });
  return `<svg class="bar${thick ? ' thick' : ''}" preserveAspectRatio="none" aria-hidden="true">${parts.join('')}</svg>`;
}

/** The course of a few values, without an axis; lies on the ground when all are zero. */
export function sparkline(values: number[], finding: string): string {
  const highest = Math.max(...values, 0) || 1;
  const step = values.length > 1 ? 100 / (values.length - 1) : 0;
  const points = values.map((value, index) => `${px(index * step)},${px(19 - (Math.max(0, value) / highest) * 18)}`);
  return `<svg class="spark" viewBox="0 0 100 20" preserveAspectRatio="none" role="img" aria-label="${escapeHtml(finding)}"><polyline points="${points.join(' ')}"/></svg>`;
}

export type HeatKind = 'none' | 'low' | 'middle' | 'full' | 'late' | 'away';
const HEAT: Record<HeatKind, string> = { none: 'h0', low: 'h1', middle: 'h2', full: 'h3', late: 'late', away: 'away' };

/** One cell for each day, in groups (weeks). Shapes differ in height too, so that it can be read without colour. */
export function heatStrip(days: HeatKind[], finding: string, group = 5): string {
  const gaps = Math.max(0, Math.ceil(days.length / group) - 1);
  const width = days.length * 10 + gaps * 6;
  const cells = days.map((kind, index) => {
    const x = index * 10 + Math.floor(index / group) * 6;
    const [y, height] = kind === 'late' ? [12, 12] : kind === 'none' ? [20, 4] : kind === 'away' ? [0, 24] : [4, 20];
    return `<rect class="${HEAT[kind]}" x="${x}" y="${y}" width="8" height="${height}"/>`;
  });
  return `<svg class="heat" viewBox="0 0 ${Math.max(1, width)} 24" preserveAspectRatio="none" role="img" aria-label="${escapeHtml(finding)}">${cells.join('')}</svg>`;
}
