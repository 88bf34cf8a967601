/** By what collections are told apart: each may be the rows of a table, or its columns. */
export const COLLECTED_BY = ['head', 'class', 'method', 'cashier', 'day'] as const;
export type CollectedBy = (typeof COLLECTED_BY)[number];

/** What came in for one row and one column, in minor units; below zero where more was taken back. Null is money that names none. */
export interface Collected {
  row: string | null;
  column: string | null;
  minor: number;
}

export interface CrossRow {
  key: string | null;
  label: string;
  /** One for each column. */
  cells: number[];
  totalMinor: number;
}

export interface CrossTable {
  columns: { key: string | null; label: string }[];
  rows: CrossRow[];
  /** The same of all rows together. */
  totals: number[];
  totalMinor: number;
}

/** What a key is called and where it stands among the others; a key without words comes last. */
export type Labels = ReadonlyMap<string | null, string>;

/** Rows and columns stand in the order of their labels; those without any money are left out. */
export function crossTable(facts: readonly Collected[], rows: Labels, columns: Labels): CrossTable {
  const columnKeys = inOrder(
    facts.map((fact) => fact.column),
    columns,
  );
  const sumOf = (of: (fact: Collected) => boolean): number => facts.reduce((sum, fact) => sum + (of(fact) ? fact.minor : 0), 0);
  return {
    columns: columnKeys.map((key) => ({ key, label: columns.get(key) ?? '' })),
    rows: inOrder(
      facts.map((fact) => fact.row),
      rows,
    ).map((key) => {
      const own = facts.filter((fact) => fact.row === key);
      const cells = columnKeys.map((column) => own.reduce((sum, fact) => sum + (fact.column === column ? fact.minor : 0), 0));
      return { key, label: rows.get(key) ?? '', cells, totalMinor: cells.reduce((sum, cell) => sum + cell, 0) };
    }),
    totals: columnKeys.map((key) => sumOf((fact) => fact.column === key)),
    totalMinor: sumOf(() => true),
  };
}

function inOrder(keys: readonly (string | null)[], labels: Labels): (string | null)[] {
  const order = [...labels.keys()];
  const place = (key: string | null): number => (labels.has(key) ? order.indexOf(key) : order.length);
  return [...new Set(keys)].sort((a, b) => place(a) - place(b));
}

/** What was billed of one head to one class in a term, in minor units. */
export interface Expected {
  headId: string;
  classId: string | null;
  /** Charges with the notes that correct them. */
  billedMinor: number;
  /** The school's own discounts, above zero. */
  discountMinor: number;
  /** What receipts settle of it today. */
  settledMinor: number;
}

type ExpectedPart = Omit<Expected, 'headId' | 'classId'>;

export interface ExpectedSums extends ExpectedPart {
  /** Billed less discounts. */
  expectedMinor: number;
  openMinor: number;
  /** Hundredths of a per cent of what is expected; null where nothing is. */
  basisPoints: number | null;
}

export function sumsOf(facts: readonly ExpectedPart[]): ExpectedSums {
  const sum = (of: (fact: ExpectedPart) => number): number => facts.reduce((total, fact) => total + of(fact), 0);
  const [billedMinor, discountMinor, settledMinor] = [
    sum((one) => one.billedMinor),
    sum((one) => one.discountMinor),
    sum((one) => one.settledMinor),
  ];
  const expectedMinor = billedMinor - discountMinor;
  return {
    billedMinor,
    discountMinor,
    settledMinor,
    expectedMinor,
    openMinor: expectedMinor - settledMinor,
    basisPoints: expectedMinor > 0 ? Math.round((settledMinor * 10_000) / expectedMinor) : null,
  };
}

/** `84.2`; the sign stands at the head of its column. */
export function percentOf({ basisPoints }: Pick<ExpectedSums, 'basisPoints'>): string {
  return basisPoints === null ? '' : (basisPoints / 100).toFixed(1);
}

/** The parts of a term's bills, by class with its vote heads, by class, or by head. */
export const EXPECTED_BY = ['class-head', 'class', 'head'] as const;
export type ExpectedBy = (typeof EXPECTED_BY)[number];

export interface ExpectedGroup {
  /** Empty where the rows stand in no group. */
  name: string;
  rows: (ExpectedSums & { key: string; label: string })[];
  sums: ExpectedSums;
}

/** In the order of the labels. */
export function expectedGroups(facts: readonly Expected[], by: ExpectedBy, heads: Labels, classes: Labels): ExpectedGroup[] {
  const rowsOf = (of: readonly Expected[], keyOf: (fact: Expected) => string | null, labels: Labels): ExpectedGroup['rows'] =>
    inOrder(of.map(keyOf), labels).map((key) => ({
      key: key ?? '',
      label: labels.get(key) ?? '',
      ...sumsOf(of.filter((fact) => keyOf(fact) === key)),
    }));
  if (facts.length === 0) return [];
  if (by === 'head') return [{ name: '', rows: rowsOf(facts, (fact) => fact.headId, heads), sums: sumsOf(facts) }];
  if (by === 'class') return [{ name: '', rows: rowsOf(facts, (fact) => fact.classId, classes), sums: sumsOf(facts) }];
  return inOrder(
    facts.map((fact) => fact.classId),
    classes,
  ).map((classId) => {
    const own = facts.filter((fact) => fact.classId === classId);
    return { name: classes.get(classId) ?? '', rows: rowsOf(own, (fact) => fact.headId, heads), sums: sumsOf(own) };
  });
}

const DAY_MS = 86_400_000;
const WEEK = 7;

/** What had come in by the end of each week from a day on, up to the week of `to`, in minor units. */
export function byWeeks(days: readonly { on: string; minor: number }[], { from, to }: { from: string; to: string }): number[] {
  const weekOf = (day: string): number => Math.floor((Date.parse(day) - Date.parse(from)) / DAY_MS / WEEK);
  const weeks = Array.from({ length: weekOf(to) + 1 }, () => 0);
  for (const { on, minor } of days) weeks[weekOf(on)]! += minor;
  let sum = 0;
  return weeks.map((minor) => (sum += minor));
}
