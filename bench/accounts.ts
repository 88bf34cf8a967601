import { Bare } from './floor/bare.js';
import type { BenchLine } from './lines.js';
import { Load, wire, type Shot } from './load/load.js';
import { asAdmin, atRest, type MoneySchool } from './money/money-school.js';
import { around, takeTurns, wordsOf, type Line } from './pages.js';
import { hashFor, type BenchSchool } from './school.js';
import type { Stage } from './stage.js';
import { Visitor } from './load/visitor.js';

const BALANCES = '/fees/defaulters';

/** The account of one child, each time of another, and the list of who owes how much, each beside the bare program. */
export async function benchAccounts(
  stage: Stage,
  school: BenchSchool,
  { bursar, students }: MoneySchool,
  ms: number,
): Promise<BenchLine[]> {
  await overdue(stage, school.school);
  const child = await stage.start(school.school);
  await atRest(stage, school.school);
  const load = Load.start();
  let bare: Bare | null = null;
  try {
    const visitor = new Visitor(child.port, stage.originOf(school.school));
    await visitor.signIn(bursar.email, bursar.password);
    const some = students.filter((_, n) => n % 60 === 0);
    const balances = (await visitor.get(BALANCES)).text;
    const first = /href="\/fees\/students\/([0-9a-f-]{36})"/.exec(balances)![1]!;
    const { host, port, database, user, password } = school.school.connections.app;
    bare = await Bare.start({
      database: { host, port, database, user, password },
      streams: school.streams,
      password: { plain: bursar.password, hash: await hashFor(bursar.password) },
      frames: {
        account: wordsOf((await visitor.get(`/fees/students/${some[0]!}`)).text),
        balances: around(balances, '<tr role="row"><td', '</tbody>'),
      },
    });
    const page = (path: string, marker: string): Shot => ({ request: wire('GET', path, visitor.headers({})), marker });
    const plain = (path: string, marker: string): Shot => ({ request: wire('GET', path, { host: 'bare' }), marker });
    const lines: Line[] = [
      {
        id: 'money.statement',
        bare: some.map((id) => plain(`/account?id=${id}`, '</table>')),
        product: some.map((id) => page(`/fees/students/${id}`, id)),
      },
      { id: 'money.balances', bare: [plain('/balances', first)], product: [page(BALANCES, first)] },
    ];
    const results: BenchLine[] = [];
    for (const line of lines) results.push(await takeTurns(load, line, { bare: bare.port, product: child.port }, ms));
    return results;
  } finally {
    load.stop();
    bare?.stop();
    await child.stop();
  }
}

/** Bills of today are due later: as if two months had gone by. */
export async function overdue(stage: Stage, school: BenchSchool['school']): Promise<void> {
  await asAdmin(stage, school, async (client) => {
    await client.query(
      'set session_replication_role = replica; update fees_invoices set due_on = due_on - 60; update fees_debts set due_on = due_on - 60, due_days = array(select day - 60 from unnest(due_days) as day); set session_replication_role = origin; analyze',
    );
  });
}
