/** One line of the result; its shape is relied on by scripts. */
export interface BenchLine {
  id: string;
  unit: string;
  product: number;
  limit: number;
  ratio: number;
  p50_ms?: number;
  p99_ms?: number;
  p99_ratio?: number;
  /** Before compression. */
  bytes?: number;
  /** Sent by the application's role for one look at the page. */
  statements?: number;
  /** Requests per second as a multiple of `hello` in the same run: for comparing machines. */
  hello?: number;
}

interface Goal {
  aim: number;
  floor: number;
  /**
   * What counts: the ratio, the multiple of `hello`, the ratio of the 99th percentiles (less is better), or the
   * product's own figure (less is better).
   */
  by?: 'hello' | 'p99_ratio' | 'product';
}

/** What PERFORMANCE.md asks for. */
const GOALS: Record<string, Goal> = {
  'page.signin': { aim: 0.15, floor: 0.08 },
  'page.home': { aim: 0.4, floor: 0.3 },
  'page.list': { aim: 0.45, floor: 0.3 },
  'page.list.deep': { aim: 0.45, floor: 0.3 },
  'page.list.filtered': { aim: 0.45, floor: 0.3 },
  // The bare program finds a few rows without a session: 0.3 of it is more than Express answers with one and no page.
  'page.search': { aim: 0.8, floor: 0.6, by: 'hello' },
  'page.profile': { aim: 0.4, floor: 0.3 },
  'api.list': { aim: 0.45, floor: 0.3 },
  'p99.list': { aim: 2.5, floor: 4, by: 'p99_ratio' },
  'sheet.import': { aim: 0.18, floor: 0.1 },
  'import.csv.time': { aim: 30, floor: 60, by: 'product' },
  'import.csv.wait': { aim: 50, floor: 100, by: 'product' },
  'import.csv.memory': { aim: 48, floor: 64, by: 'product' },
  'import.xlsx.time': { aim: 30, floor: 60, by: 'product' },
  'import.xlsx.wait': { aim: 50, floor: 100, by: 'product' },
  'import.xlsx.memory': { aim: 48, floor: 64, by: 'product' },
  'sheet.export.csv': { aim: 0.8, floor: 0.6 },
  'sheet.export.xlsx': { aim: 0.8, floor: 0.6 },
  'pdf.batch': { aim: 0.85, floor: 0.7 },
  signin: { aim: 0.9, floor: 0.8 },
  'start.school': { aim: 0.4, floor: 0.8, by: 'product' },
  'start.new-school': { aim: 1, floor: 2, by: 'product' },
  'start.signup': { aim: 3, floor: 5, by: 'product' },
  'start.signup.slowest': { aim: 4, floor: 5, by: 'product' },
  'start.cold': { aim: 0.5, floor: 1, by: 'product' },
  'money.payment': { aim: 0.3, floor: 0.2 },
  'money.statement': { aim: 0.4, floor: 0.3 },
  'money.balances': { aim: 0.4, floor: 0.3 },
  ...databaseTimes({ home: 0.5, list: 0.6, search: 0.6, profile: 0.8, statement: 1, balances: 1.5 }),
  'memory.idle': { aim: 40, floor: 60, by: 'product' },
};

/** Requests per second of a widely used peer in PHP on the machine of the aims, with the same students. */
const PEER: Record<string, number> = {
  'page.signin': 479,
  'page.home': 16,
  'page.list': 129,
  'page.search': 222,
  'page.profile': 138,
  'money.balances': 6,
};

/** In ms with 2,000 students; with 10,000 at most twice that. */
function databaseTimes(aims: Record<string, number>): Record<string, Goal> {
  const goals = Object.entries(aims).flatMap(([page, aim]): [string, Goal][] => [
    [`sql.${page}`, { aim, floor: aim * 2, by: 'product' }],
    [`sql.${page}.10k`, { aim: aim * 2, floor: aim * 4, by: 'product' }],
  ]);
  return Object.fromEntries(goals);
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return sorted.length % 2 === 1 ? sorted[Math.floor(middle)]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** `good` reaches the aim, `fair` the floor. */
export function verdictOf(line: BenchLine): 'good' | 'fair' | 'BELOW' | '' {
  const goal = GOALS[line.id];
  if (!goal) return '';
  const value = goal.by ? line[goal.by]! : line.ratio;
  const lessIsBetter = goal.by === 'p99_ratio' || goal.by === 'product';
  const reaches = (limit: number): boolean => (lessIsBetter ? value <= limit : value >= limit);
  return reaches(goal.aim) ? 'good' : reaches(goal.floor) ? 'fair' : 'BELOW';
}

export function tableOf(lines: readonly BenchLine[]): string {
  const head = [
    '',
    'product',
    'limit',
    'ratio',
    'p50 ms',
    'p99 ms',
    'p99 ratio',
    'bytes',
    'statements',
    'of hello',
    'of peer',
    'aim',
    'floor',
    '',
  ];
  const rows = lines.map((line) => {
    const goal = GOALS[line.id];
    return [
      line.id,
      `${figure(line.product)} ${line.unit}`,
      figure(line.limit),
      line.ratio.toFixed(2),
      figure(line.p50_ms),
      figure(line.p99_ms),
      figure(line.p99_ratio),
      line.bytes === undefined ? '' : String(line.bytes),
      figure(line.statements),
      figure(line.hello),
      figure(PEER[line.id] && line.product / PEER[line.id]!),
      figure(goal?.aim),
      figure(goal?.floor),
      verdictOf(line),
    ];
  });
  const all = [head, ...rows];
  const widths = head.map((_, column) => Math.max(...all.map((row) => row[column]!.length)));
  return all
    .map((row) =>
      row
        .map((cell, column) => (column === 0 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function figure(value: number | undefined): string {
  if (value === undefined) return '';
  if (value >= 100) return String(Math.round(value));
  return value >= 10 ? value.toFixed(1) : value.toFixed(2);
}
