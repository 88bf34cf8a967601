/**
 * Charts drawn on the server. The shapes stretch with the page, the words around them are HTML and do not; the
 * numbers stand in a table beneath.
 */
import { escapeHtml } from '../http/pages/escape.js';
import { linesOf, px, roundScale } from './scale.js';

/** `main` is what happened, `plan` what was meant to (dashed grey), `second` a comparison. */
export type SeriesKind = 'main' | 'plan' | 'second';

export interface Series {
  label: string;
  values: (number | null)[];
  kind: SeriesKind;
}

export interface ChartData {
  /** Under the axis, one for each value. */
  labels: string[];
  /** What stands under the axis instead, where all labels would not fit; an empty one keeps its place. */
  ticks?: string[];
  series: Series[];
  /** What the chart shows, as a sentence: all that a screen reader gets besides the table. */
  finding: string;
  /** How a value is written at the axis and in the table. */
  format(value: number): string;
  t(text: string): string;
}

export interface LineData extends ChartData {
  /** Written at the last value of the main series. */
  mark?: { strong: string; note?: string };
}

export interface BarData extends ChartData {
  /** Columns of the main series that are bad news. */
  bad?: ReadonlySet<number>;
}

const WIDTH = 600;
const HEIGHT = 200;
const LINE: Record<SeriesKind, string> = { main: 'l1', plan: 'l2', second: 'l3' };
const BAR: Record<SeriesKind, string> = { main: 'b1', plan: 'b0', second: 'b2' };

export function lineChart(data: LineData): string {
  const scale = roundScale(highest(data));
  const x = (index: number): number => (data.labels.length > 1 ? (index / (data.labels.length - 1)) * WIDTH : WIDTH / 2);
  const y = (value: number): number => HEIGHT - (value / scale.top) * HEIGHT;
  const main = data.series.find((series) => series.kind === 'main');
  const ordered = [...data.series].sort((one, other) => Number(one.kind === 'main') - Number(other.kind === 'main'));
  const shapes = [
    grid(scale),
    main ? area(main, x, y) : '',
    ...ordered.flatMap((series) =>
      runsOf(series.values).map((run) => `<polyline class="${LINE[series.kind]}" points="${points(run, x, y)}"/>`),
    ),
  ].join('');
  return figure(data, scale, shapes, data.mark && main ? markAt(data.mark, main, x, y) : '', 'x thin');
}

export function barChart(data: BarData): string {
  const scale = roundScale(highest(data));
  const slot = WIDTH / Math.max(1, data.labels.length);
  const bars = data.series.filter((series) => series.kind !== 'plan');
  const width = (slot * 0.64) / Math.max(1, bars.length);
  const shapes = bars.flatMap((series, order) =>
    series.values.map((value, index) => {
      if (!value) return '';
      const height = (value / scale.top) * HEIGHT;
      const style = series.kind === 'main' && data.bad?.has(index) ? 'b3' : BAR[series.kind];
      const left = index * slot + slot * 0.18 + order * width;
      return `<rect class="${style}" x="${px(left)}" y="${px(HEIGHT - height)}" width="${px(width * 0.94)}" height="${px(height)}"/>`;
    }),
  );
  const plan = data.series
    .filter((series) => series.kind === 'plan')
    .map(
      (series) =>
        `<polyline class="l2" points="${points(
          runsOf(series.values).flat(),
          (index) => (index + 0.5) * slot,
          (value) => HEIGHT - (value / scale.top) * HEIGHT,
        )}"/>`,
    );
  return figure(
    data,
    scale,
    grid(scale) + shapes.join('') + plan.join(''),
    '',
    data.labels.length > 8 && !data.ticks ? 'x bars thin' : 'x bars',
  );
}

/** What the colours mean; not needed where there is one series. */
export function key(series: Series[]): string {
  const swatch = (kind: SeriesKind): string =>
    `<svg viewBox="0 0 16 10" class="plot" aria-hidden="true"><path class="${LINE[kind]}" d="M0 5h16"/></svg>`;
  return `<span class="key">${series.map(({ label, kind }) => `<span>${swatch(kind)}${escapeHtml(label)}</span>`).join('')}</span>`;
}

/** The values behind a chart, as a table that opens on demand. */
export function numbers({ labels, series, format, t }: Omit<ChartData, 'finding'>): string {
  const head = series.map(({ label }) => `<th scope="col" class="n">${escapeHtml(label)}</th>`).join('');
  const rows = labels.map((label, index) => {
    const cells = series.map(({ values }) => `<td class="n">${written(values[index], format)}</td>`).join('');
    return `<tr><th scope="row">${escapeHtml(label)}</th>${cells}</tr>`;
  });
  return (
    `<details class="small"><summary class="mute">${escapeHtml(t('Show the numbers'))}</summary>` +
    `<table class="tbl flush tight still"><thead><tr><td></td>${head}</tr></thead><tbody>${rows.join('')}</tbody></table></details>`
  );
}

function written(value: number | null | undefined, format: (value: number) => string): string {
  return value === null || value === undefined ? '' : escapeHtml(format(value));
}

function highest({ series }: ChartData): number {
  return Math.max(0, ...series.flatMap(({ values }) => values.filter((value) => value !== null)));
}

function figure(data: ChartData, scale: { top: number; step: number }, shapes: string, mark: string, axis: string): string {
  const lines = linesOf(scale).map((value) => `<span>${escapeHtml(data.format(value))}</span>`);
  return (
    `<figure class="chart"><div class="y" aria-hidden="true">${lines.join('')}</div>` +
    `<div class="area"><svg class="plot" viewBox="0 0 ${WIDTH} ${HEIGHT}" preserveAspectRatio="none" role="img" aria-label="${escapeHtml(data.finding)}">${shapes}</svg>${mark}</div>` +
    `<div class="${axis}" aria-hidden="true">${(data.ticks ?? data.labels).map((label) => `<span>${escapeHtml(label)}</span>`).join('')}</div></figure>` +
    numbers(data)
  );
}

function grid(scale: { top: number; step: number }): string {
  return linesOf(scale)
    .map((value) => {
      const y = px(HEIGHT - (value / scale.top) * HEIGHT);
      return `<line${value === 0 ? ' class="base"' : ''} x1="0" x2="${WIDTH}" y1="${y}" y2="${y}"/>`;
    })
    .join('');
}

type Point = [index: number, value: number];

/** A gap in the values is a gap in the line. */
function runsOf(values: (number | null)[]): Point[][] {
  const runs: Point[][] = [[]];
  for (const [index, value] of values.entries()) {
    if (value === null) runs.push([]);
    else runs[runs.length - 1]!.push([index, value]);
  }
  return runs.filter((run) => run.length > 0);
}

function points(run: Point[], x: (index: number) => number, y: (value: number) => number): string {
  return run.map(([index, value]) => `${px(x(index))},${px(y(value))}`).join(' ');
}

function area(main: Series, x: (index: number) => number, y: (value: number) => number): string {
  return runsOf(main.values)
    .map((run) => {
      const [first, last] = [run[0]!, run[run.length - 1]!];
      return `<polygon class="a1" points="${px(x(first[0]))},${HEIGHT} ${points(run, x, y)} ${px(x(last[0]))},${HEIGHT}"/>`;
    })
    .join('');
}

/** Two empty drawings push the words to the point: as wide as the line is long, as high as it lies below the top. */
function markAt(
  mark: { strong: string; note?: string },
  main: Series,
  x: (index: number) => number,
  y: (value: number) => number,
): string {
  const last = runsOf(main.values).at(-1)?.at(-1);
  if (!last) return '';
  const [left, top] = [(x(last[0]) / WIDTH) * 100, (y(last[1]) / HEIGHT) * 100];
  const words = `<b>${escapeHtml(mark.strong)}</b>${mark.note ? `<br>${escapeHtml(mark.note)}` : ''}`;
  const style = left > 86 ? 'mark before' : 'mark';
  return `<span class="${style}"><svg class="down" height="${px(Math.min(top, 78))}%" width="1" aria-hidden="true"></svg><span class="at"><svg class="along" width="${px(left)}%" height="1" aria-hidden="true"></svg><span>${words}</span></span></span>`;
}
