import type { Words } from './context.js';
import type { Pen, SetText } from './pen.js';
import { wordsIn, type Text } from './text.js';
import { INK, INK_2, INK_3, LINE, LINE_2, millimetres, RULE } from './units.js';

/** Where a table is drawn: the part of the page that is left, and how to turn to the next one. All lengths are millimetres. */
interface Place {
  readonly pen: Pen;
  readonly t: Words['t'];
  readonly x: number;
  y: number;
  readonly width: number;
  readonly bottom: number;
  readonly left: number;
  readonly pageLength: number;
  newPage(): void;
  room(height: number): void;
}

export interface Column {
  head: string;
  /** Millimetres; a column without one shares what the others leave. */
  width?: number;
  /** Its part of what is left. */
  grow?: number;
  align?: 'left' | 'right' | 'centre';
  /** Smaller type, down to this size, before a second line is used. */
  oneLineTo?: number;
  /** Left empty and ruled, for writing by hand. */
  entry?: boolean;
  /** A rule on its left, where a group of columns begins. */
  ruled?: boolean;
}

export type Row = { cells: readonly Text[]; strong?: boolean } | { group: string; note?: string };

export interface Table {
  columns: readonly Column[];
  rows: readonly Row[];
  /** Under an ink rule, closed by a double one. */
  totals?: readonly (readonly Text[])[];
  /** A second head above the first, each over the columns `from` to `to`. */
  bands?: readonly { text: string; from: number; to: number }[];
  /** Points. */
  size?: number;
  /** Least height of a row in millimetres; a range is for lists that should fill one page if they can. */
  rowHeight?: number | { from: number; to: number };
  /** What `rows` up to a place among them come to: said at the foot of each page that is left and again at the top of the next. */
  carry?: (done: number, label: string) => readonly Text[];
  /** Said instead of rows where there are none. */
  empty?: string;
  /**
   * What a reader for the blind goes by: cells under their heads, or whole rows, which cost a tenth of the time and
   * room. Rows are for long lists that say themselves what is in them.
   */
  read?: 'cells' | 'rows';
}

interface Placed extends Column {
  x: number;
  wide: number;
}

interface Frame {
  kit: Place;
  table: Table;
  columns: Placed[];
  size: number;
  pad: number;
  rowHeight: number;
  gap: number;
  /** Some columns are ruled: text keeps away from the rules on both sides. */
  grid: boolean;
  heads: SetText[];
  headHeight: number;
  bandHeight: number;
  /** Where the ruled columns of this page begin. */
  ruledFrom: number;
  /** What a page keeps free for the line that is carried forward. */
  carryHeight: number;
}

interface Measured {
  texts: readonly Text[];
  cells: SetText[];
  height: number;
  /** Of the highest cell. */
  text: number;
}

/** Rows are never split, the head and a group that goes on are repeated on each page, a group's name stays with its first row, totals with the last one. */
export function drawTable(kit: Place, table: Table): void {
  const { structure } = kit.pen;
  structure.within(table.read === 'rows' ? 'Sect' : 'Table', () => drawRows(kit, table));
}

function drawRows(kit: Place, table: Table): void {
  const frame = prepare(kit, table);
  const totals = (table.totals ?? []).map((cells) => measure(frame, cells, true));
  const totalHeight = totals.reduce((sum, row) => sum + row.height, 0) + (totals.length > 0 ? 1.5 : 0);
  kit.room(frame.headHeight + frame.bandHeight + frame.rowHeight + (table.rows.length > 1 ? 0 : totalHeight));
  drawHead(frame);
  if (table.rows.length === 0) drawEmpty(frame, table.empty ?? kit.t('None.'));
  let group: Extract<Row, { group: string }> | null = null;
  let under = '';
  table.rows.forEach((row, index) => {
    if ('group' in row) {
      group = row;
      return;
    }
    const measured = measure(frame, row.cells, row.strong ?? false);
    const isLast = index === table.rows.length - 1;
    const needed = measured.height + (group ? 9 : 0) + (isLast ? totalHeight : frame.carryHeight);
    if (needed > kit.left) turn(frame, group ? index - 1 : index, group ? '' : under);
    if (group) drawGroup(frame, group);
    under = group?.group ?? under;
    group = null;
    drawRow(frame, measured);
  });
  totals.forEach((row, index) => drawTotal(frame, row, index === 0));
  if (totals.length > 0) {
    kit.pen.rule(kit.x, kit.y, kit.x + kit.width, kit.y, { width: 0.25 });
    kit.pen.rule(kit.x, kit.y + 0.7, kit.x + kit.width, kit.y + 0.7, { width: 0.25 });
    kit.y += 0.7;
  }
  ruleColumns(frame);
  kit.y += 4;
}

function prepare(kit: Place, table: Table): Frame {
  const size = table.size ?? 9;
  const gap = Math.min(3, size / 3);
  const columns = place(kit, table.columns);
  const style = { size: Math.min(8, size), face: 'strong', colour: INK_2, leading: 1.25 } as const;
  const heads = columns.map((column) =>
    kit.pen.set(column.head, { ...style, width: column.wide - gapOf({ gap }, column), lines: 3, shrinkTo: 5.5 }),
  );
  const headHeight = Math.max(...heads.map((head) => head.height)) + 2.4;
  const bandHeight = table.bands ? 5 : 0;
  const rowHeight = heightOfRows(kit, table, headHeight + bandHeight);
  const pad = table.rowHeight ? 0.3 : 1.2;
  const grid = columns.some((column) => column.ruled || column.entry);
  const frame = {
    kit,
    table,
    columns,
    size,
    gap,
    pad,
    rowHeight,
    grid,
    heads,
    headHeight,
    bandHeight,
    ruledFrom: kit.y,
    carryHeight: 0,
  };
  return table.carry
    ? { ...frame, carryHeight: measure(frame, table.carry(table.rows.length, kit.t('Carried forward')), true).height + 0.5 }
    : frame;
}

/** As high as the range allows on as few pages as it allows. */
function heightOfRows(kit: Place, table: Table, headHeight: number): number {
  if (typeof table.rowHeight !== 'object') return table.rowHeight ?? 0;
  const { from, to } = table.rowHeight;
  const totals = table.totals?.length ?? 0;
  const rows = table.rows.length + totals + (totals > 0 ? 0.5 : 0);
  for (let pages = 1; ; pages++) {
    for (let height = to; height >= from; height -= 0.05) {
      const first = Math.max(0, Math.floor((kit.left - headHeight) / height));
      const others = Math.floor((kit.pageLength - headHeight) / height);
      if (first + others * (pages - 1) >= rows) return height;
    }
  }
}

function lineHeightOf(size: number): number {
  return millimetres(size * 1.35);
}

function place(kit: Place, columns: readonly Column[]): Placed[] {
  const fixed = columns.reduce((sum, column) => sum + (column.width ?? 0), 0);
  const parts = columns.reduce((sum, column) => sum + (column.width === undefined ? (column.grow ?? 1) : 0), 0);
  let x = kit.x;
  return columns.map((column) => {
    const wide = column.width ?? ((kit.width - fixed) * (column.grow ?? 1)) / parts;
    const placed = { ...column, x, wide };
    x += wide;
    return placed;
  });
}

function measure(frame: Frame, cells: readonly Text[], strong: boolean): Measured {
  const { kit, columns, size } = frame;
  const most = Math.floor((kit.bottom - 14 - 13 - frame.headHeight) / lineHeightOf(size));
  const face = strong ? 'strong' : 'regular';
  const set = columns.map((column, index) => {
    const prefer = column.oneLineTo === undefined ? undefined : { lines: 1, downTo: column.oneLineTo };
    return kit.pen.set(cells[index] ?? '', { width: column.wide - gapOf(frame, column), size, face, lines: most, prefer });
  });
  const text = Math.max(...set.map((cell) => cell.height));
  // Several lines need air above and below them; one has it by the height of its row.
  const pad = set.some((cell) => cell.lines.length > 1) ? Math.max(frame.pad, 0.9) : frame.pad;
  return { texts: cells, cells: set, height: Math.max(text + 2 * pad, frame.rowHeight), text };
}

function turn(frame: Frame, done: number, goesOn: string): void {
  const { kit, table } = frame;
  const carried = (label: string): Measured | null =>
    table.carry && done > 0 ? measure(frame, table.carry(done, kit.t(label)), true) : null;
  const foot = carried('Carried forward');
  if (foot) kit.pen.structure.decoration(() => drawTotal(frame, foot, true));
  ruleColumns(frame);
  kit.newPage();
  // Whoever listens has heard it.
  kit.pen.structure.decoration(() => {
    drawHead(frame);
    const top = carried('Brought forward');
    if (top) drawRow(frame, top);
    if (goesOn) drawGroup(frame, { group: goesOn });
  });
}

function drawHead(frame: Frame): void {
  const { kit, columns, heads, headHeight, bandHeight } = frame;
  const { pen } = kit;
  frame.ruledFrom = kit.y;
  for (const band of frame.table.bands ?? []) {
    const from = columns[band.from]!;
    const to = columns[band.to]!;
    const width = to.x + to.wide - from.x;
    pen.text(band.text, {
      x: from.x,
      y: kit.y + 0.6,
      width,
      size: Math.min(8, frame.size),
      face: 'strong',
      colour: INK_2,
      align: 'centre',
      lines: 1,
      shrinkTo: 5.5,
    });
    pen.rule(from.x + 0.6, kit.y + bandHeight - 0.4, to.x + to.wide - 0.6, kit.y + bandHeight - 0.4, { colour: LINE });
  }
  kit.y += bandHeight;
  const names = columns.map((column) => column.head);
  asRow(frame, names, () =>
    columns.forEach((column, index) => {
      const head = heads[index]!;
      const place = { ...inside(frame, column), y: kit.y + headHeight - head.height - 1.2, align: column.align };
      pen.structure.mark('TH', () => pen.place(head, place), { scope: 'Column' });
    }),
  );
  kit.y += headHeight;
  pen.rule(kit.x, kit.y, kit.x + kit.width, kit.y, { width: 0.25, colour: LINE_2 });
}

function asRow({ kit, table }: Frame, cells: readonly Text[], draw: () => void): void {
  if (table.read === 'rows') kit.pen.structure.mark('P', draw, { actual: cells.map(wordsIn).filter(Boolean).join(', ') });
  else kit.pen.structure.within('TR', draw);
}

function drawRow(frame: Frame, row: Measured): void {
  drawCells(frame, row);
  const { kit } = frame;
  kit.pen.rule(kit.x, kit.y, kit.x + kit.width, kit.y, { width: 0.15, colour: LINE });
}

function drawCells(frame: Frame, row: Measured): void {
  const { kit, columns } = frame;
  const alone = row.cells.every((cell) => cell.lines.length <= 1);
  asRow(frame, row.texts, () =>
    row.cells.forEach((cell, index) => {
      const column = columns[index]!;
      const shift = alone ? (row.height - cell.height) / 2 : (row.height - row.text) / 2;
      const place = { ...inside(frame, column), y: kit.y + shift, align: column.align };
      kit.pen.structure.mark('TD', () => kit.pen.place(cell, place));
    }),
  );
  kit.y += row.height;
}

function drawGroup(frame: Frame, row: { group: string; note?: string }): void {
  const { kit } = frame;
  kit.y += 1.6;
  const noteWidth = row.note ? kit.width / 2 : 0;
  asRow(frame, [row.group, row.note ?? ''], () => {
    const name = { x: kit.x, y: kit.y, width: kit.width - noteWidth };
    kit.pen.structure.mark('TH', () => void kit.pen.text(row.group, { ...name, size: 9.5, face: 'strong', lines: 1 }), {
      scope: 'Row',
    });
    if (!row.note) return;
    const place = { x: kit.x + kit.width - noteWidth, y: kit.y, width: noteWidth, align: 'right' as const };
    kit.pen.structure.mark('TD', () => void kit.pen.text(row.note!, { ...place, size: 8.5, colour: INK_3, lines: 1 }));
  });
  kit.y += 5.6;
  kit.pen.rule(kit.x, kit.y, kit.x + kit.width, kit.y, { width: 0.25, colour: LINE_2 });
}

function drawTotal(frame: Frame, row: Measured, first: boolean): void {
  const { kit } = frame;
  if (first) kit.pen.rule(kit.x, kit.y, kit.x + kit.width, kit.y, { width: 0.3, colour: INK });
  drawCells(frame, row);
}

function drawEmpty({ kit }: Frame, text: string): void {
  kit.y += 1.6 + kit.pen.text(text, { x: kit.x, y: kit.y + 1.6, width: kit.width, size: 9.5, colour: INK_3 }) + 1.6;
  kit.pen.rule(kit.x, kit.y, kit.x + kit.width, kit.y, { width: 0.15, colour: LINE });
}

/** The entry grid of the page that is being left. */
function ruleColumns({ kit, columns, ruledFrom }: Frame): void {
  columns.forEach((column, index) => {
    if (column.entry || column.ruled) kit.pen.rule(column.x, ruledFrom, column.x, kit.y, { width: 0.15, colour: RULE });
    const last = index === columns.length - 1;
    if (column.entry && last)
      kit.pen.rule(column.x + column.wide, ruledFrom, column.x + column.wide, kit.y, { width: 0.15, colour: RULE });
  });
}

function inside(frame: { gap: number; grid: boolean }, column: Placed): { x: number; width: number } {
  const gap = gapOf(frame, column);
  const middle = column.entry || column.align === 'centre' || (frame.grid && (column.align === 'right' || column.ruled));
  const shift = middle ? gap / 2 : column.align === 'right' ? gap : 0;
  return { x: column.x + shift, width: column.wide - gap };
}

/** Columns to write in are narrow: their heads may come near the rules. */
function gapOf(frame: { gap: number }, column: Column): number {
  return column.entry ? 1 : frame.gap;
}
