import pg from 'pg';
import { benchBilling } from './money/billing.js';
import { overdue } from './accounts.js';
import { median, type BenchLine } from './lines.js';
import { atRest, moneySchool, type MoneySchool } from './money/money-school.js';
import type { BenchSchool } from './school.js';
import type { Stage } from './stage.js';
import { Visitor } from './load/visitor.js';

const ROUNDS = 5;
const LOOKS = 6;
/** A statement's plan is kept from its sixth call on, on each of four connections. */
const WARM = 40;

/**
 * What the database itself spends on each page: planning and running, in milliseconds a look, with the statements that
 * the application's role sent. A ratio to a bare program hides a slow statement, since both sides send it.
 */
export async function benchSql(stage: Stage, school: BenchSchool, money: MoneySchool, suffix: string): Promise<BenchLine[]> {
  await overdue(stage, school.school);
  const child = await stage.start(school.school);
  await atRest(stage, school.school);
  try {
    const visitors = {
      registrar: await signedIn(stage, child.port, school, school.registrar),
      bursar: await signedIn(stage, child.port, school, money.bursar),
    };
    const lines: BenchLine[] = [];
    for (const { id, by, paths } of pagesOf(money.students)) {
      lines.push({ id: `${id}${suffix}`, ...(await lookedAt(stage, school, visitors[by], paths)) });
    }
    return lines;
  } finally {
    await child.stop();
  }
}

/** A school as large as is said, with a term billed, beside the bench's own: what grows with the school shows there. */
export async function billedSchool(stage: Stage, school: BenchSchool): Promise<MoneySchool> {
  const money = await moneySchool(stage, school);
  await benchBilling(stage, school, { ...money, terms: money.terms.slice(0, 1) });
  return money;
}

interface Page {
  id: string;
  by: 'registrar' | 'bursar';
  /** Looked at in turn, so that no two looks ask for the same child. */
  paths: readonly string[];
}

function pagesOf(students: readonly string[]): Page[] {
  const some = students.filter((_, n) => n % Math.ceil(students.length / LOOKS) === 0);
  return [
    { id: 'sql.home', by: 'registrar', paths: ['/'] },
    { id: 'sql.list', by: 'registrar', paths: ['/students'] },
    { id: 'sql.search', by: 'registrar', paths: ['kam', 'oti', 'wan', 'mut'].map((letters) => `/search?q=${letters}`) },
    { id: 'sql.profile', by: 'registrar', paths: some.map((id) => `/students/${id}`) },
    { id: 'sql.balances', by: 'bursar', paths: ['/fees/defaulters'] },
    { id: 'sql.statement', by: 'bursar', paths: some.map((id) => `/fees/students/${id}`) },
  ];
}

async function signedIn(
  stage: Stage,
  port: number,
  { school }: BenchSchool,
  account: { email: string; password: string },
): Promise<Visitor> {
  const visitor = new Visitor(port, stage.originOf(school));
  await visitor.signIn(account.email, account.password);
  return visitor;
}

async function lookedAt(
  stage: Stage,
  { school }: BenchSchool,
  visitor: Visitor,
  paths: readonly string[],
): Promise<Omit<BenchLine, 'id'>> {
  let looked = 0;
  const look = (): Promise<{ text: string }> => visitor.get(paths[looked++ % paths.length]!);
  const bytes = Buffer.byteLength((await look()).text);
  for (let warm = 1; warm < WARM; warm += 1) await look();
  return atServer(stage, async (client) => {
    const rounds: { ms: number; calls: number }[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      await client.query('select pg_stat_statements_reset()');
      for (let n = 0; n < LOOKS; n += 1) await look();
      rounds.push(await spent(client, school.connections.app.user));
    }
    const ms = median(rounds.map((round) => round.ms));
    return { unit: 'ms', product: ms, limit: ms, ratio: 1, statements: median(rounds.map((round) => round.calls)), bytes };
  });
}

/** The statements of all databases are counted in one place. */
async function atServer<Result>({ admin }: Stage, work: (client: pg.Client) => Promise<Result>): Promise<Result> {
  const client = new pg.Client(admin);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

async function spent(client: pg.Client, user: string): Promise<{ ms: number; calls: number }> {
  const { rows } = await client.query<{ ms: number; calls: number }>(
    `select coalesce(sum(s.total_exec_time + s.total_plan_time), 0) / $2::float8 as ms, coalesce(sum(s.calls), 0)::float8 / $2::float8 as calls
      from pg_stat_statements s join pg_roles r on r.oid = s.userid where r.rolname = $1 and s.query !~* '^(begin|commit|rollback|listen)'`,
    [user, LOOKS],
  );
  return rows[0]!;
}
