import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { sql } from '../support/database/sql.js';
import type { Browser } from '../support/browser.js';
import { watchStatements, type Watch } from '../support/database/statements.js';
import { withFees, type SchoolWithFees } from '../modules/fees/support.js';

/** Statements of pages with bills and payments on them, when the caches are warm. */
const STATEMENTS: Record<string, number> = {
  '/fees': 4,
  '/fees/students/:student': 6,
  '/fees/students/:student/family': 6,
  '/fees/invoices': 3,
  '/fees/invoices/:invoice': 6,
  '/fees/payments': 3,
  '/fees/payments/:payment': 6,
  '/fees/cashier': 6,
  '/fees/defaulters': 5,
  '/fees/collections': 6,
  '/fees/register': 6,
  '/fees/plans': 4,
  '/fees/refunds': 4,
  '/students/:student': 6,
  '/finance': 6,
  '/finance/journal': 3,
  '/finance/cash-book': 6,
  '/finance/general-ledger': 4,
};
const MORE_CHILDREN = 24;
const ROUNDS = 6;
const PAUSE_MS = 60;

describe('statements of money pages', () => {
  let school: SchoolWithFees;
  let person: Browser;
  let watch: Watch;
  let ids: Record<string, string>;
  before(async () => {
    school = await withFees({});
    await billed(2);
    person = await school.as('owner', 'bursar');
    watch = watchStatements(school.database.connections.app.database);
    const one = async (text: string): Promise<string> => (await sql<{ id: string }>(school.database, text))[0]!.id;
    const student = await one('select student_id as id from fees_invoices limit 1');
    ids = {
      student,
      invoice: await one('select id from fees_invoices limit 1'),
      payment: await one('select id from fees_payments limit 1'),
    };
  });
  after(async () => {
    watch?.stop();
    await school?.stop();
  });

  it('stay in their budget and are no more when there is more on them', async (t) => {
    const few = await countAll();
    await billed(MORE_CHILDREN);
    const many = await countAll();
    t.diagnostic(
      Object.entries(many)
        .map(([route, found]) => `${route}: ${found.length}`)
        .join(', '),
    );
    const over = Object.entries(STATEMENTS)
      .filter(([route, most]) => many[route]!.length > Math.min(most, few[route]!.length))
      .map(
        ([route, most]) => `${route}: ${few[route]!.length}, then ${many[route]!.length} of ${most}\n${many[route]!.join('\n')}`,
      );
    assert.deepEqual(over, []);
  });

  /** Each child with a bill that is overdue and a payment of a part of it. */
  async function billed(children: number): Promise<void> {
    for (const child of await school.family(children)) {
      await school.bill(child.id, { TUI: 50_000, LUN: 8_000 });
      await school.pay(child.id, 20_000);
    }
  }

  /** The least of several: what bills and payments set going in the background may fall into the first ones. */
  async function countAll(): Promise<Record<string, string[]>> {
    const found: Record<string, string[]> = {};
    for (const route of Object.keys(STATEMENTS)) {
      const path = route.replace(/:(\w+)/, (_, name: string) => ids[name]!);
      assert.equal((await person.get(path)).status, 200, path);
      const counts: string[][] = [];
      for (let round = 0; round < ROUNDS; round += 1) {
        counts.push([...(await watch.during(() => person.get(path)))]);
        await pause(PAUSE_MS);
      }
      found[route] = counts.sort((a, b) => a.length - b.length)[0]!;
    }
    return found;
  }
});
