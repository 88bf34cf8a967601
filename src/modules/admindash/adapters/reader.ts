import { addDays } from '../../../kernel/clock.js';
import { fold } from '../../../kernel/people/names.js';
import { decodeCursor, toPage, type Page } from '../../../kernel/page.js';
import { query } from '../../../platform/db/index.js';
import type { Day } from '../period.rules.js';
import { LOOKS } from '../standing.rules.js';
import type {
  Course,
  FunnelStep,
  ListAsk,
  Reader,
  RunRow,
  RunsFilter,
  SchoolRow,
  SchoolsFilter,
  Times,
  Totals,
} from '../ports.js';
import { COURSE, DAYS, TOTALS, VERSIONS } from './figures.js';
import { RUNS, schoolsStatement } from './lists.js';

interface CourseRow {
  signup: number;
  code: number;
  ready: number;
  class: number;
  student: number;
  receipt: number;
  unfinished: number;
  codeTime: number | null;
  readyTime: number | null;
  classTime: number | null;
  studentTime: number | null;
  receiptTime: number | null;
  whole: Omit<Times, 'name'>;
  steps: Times[];
}

type ListRow = Omit<SchoolRow, 'look' | 'course'> & {
  folded: string;
  key: number;
  rank: number;
  course: [day: string, signIns: number][];
};

export class PgReader implements Reader {
  constructor(private readonly today: () => string) {}

  async totals(newestSchema: string): Promise<Totals> {
    const [row] = await query<Totals & Record<string, unknown>>('admindash.totals', TOTALS, [newestSchema]);
    return row!;
  }

  days(since: string): Promise<Day[]> {
    return query<Day & Record<string, unknown>>('admindash.days', DAYS, [since]);
  }

  async course(since: string): Promise<Course> {
    const [row] = await query<CourseRow & Record<string, unknown>>('admindash.course', COURSE, [since]);
    const { whole, steps, unfinished } = row!;
    return { funnel: funnelOf(row!), unfinished, whole: { name: 'whole', ...whole }, steps };
  }

  async schools(filter: SchoolsFilter, ask: ListAsk, newestSchema: string): Promise<Page<SchoolRow>> {
    const [key, name, id] = ask.cursor ? decodeCursor(ask.cursor, 3) : [null, null, null];
    const rows = await query<ListRow & Record<string, unknown>>(`admindash.schools-${ask.sort}`, schoolsStatement(ask.sort), [
      newestSchema,
      likeText(filter.q),
      filter.state ?? null,
      filter.country ?? null,
      filter.version ?? null,
      filter.look ? LOOKS.indexOf(filter.look) : null,
      filter.silent ?? false,
      key,
      name,
      id,
      ask.limit + 1,
    ]);
    const page = toPage(rows, ask.limit, (row) => [row.key, row.folded, row.schoolId]);
    return { rows: page.rows.map((row) => this.schoolOf(row)), next: page.next };
  }

  async versions(): Promise<string[]> {
    return (await query<{ version: string }>('admindash.versions', VERSIONS, [])).map(({ version }) => version);
  }

  async runs(filter: RunsFilter, cursor: string | null, limit: number): Promise<Page<RunRow>> {
    const [at, id] = cursor ? decodeCursor(cursor, 2) : [null, null];
    const rows = await query<RunRow & { stamp: string }>('admindash.runs', RUNS, [
      likeText(filter.q),
      filter.state ?? null,
      filter.kind ?? null,
      at,
      id,
      limit + 1,
    ]);
    return toPage(rows, limit, (row) => [row.stamp, row.runId]);
  }

  private schoolOf({ folded: _folded, key: _key, rank, course, ...row }: ListRow): SchoolRow {
    const known = new Map(course);
    const today = this.today();
    const week = Array.from({ length: 7 }, (_none, index) => known.get(addDays(today, index - 6)) ?? 0);
    return { ...row, look: LOOKS[rank]!, course: week };
  }
}

function funnelOf(row: CourseRow): FunnelStep[] {
  return [
    { key: 'signup', reached: row.signup, median: null },
    { key: 'code', reached: row.code, median: row.codeTime },
    { key: 'ready', reached: row.ready, median: row.readyTime },
    { key: 'class', reached: row.class, median: row.classTime },
    { key: 'student', reached: row.student, median: row.studentTime },
    { key: 'receipt', reached: row.receipt, median: row.receiptTime },
  ];
}

function likeText(text: string | undefined): string | null {
  return text ? fold(text).replace(/[\\%_]/g, '\\$&') : null;
}
