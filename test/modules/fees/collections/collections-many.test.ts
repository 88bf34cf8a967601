import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Browser } from '../../../support/browser.js';
import { aStudent } from '../../../support/build.js';
import { withFees, type SchoolWithFees } from '../support.js';

/** Payments of a school in a term, each over three vote heads: with a plan that compares all with all a page ends at the statement’s time limit. */
const PAYMENTS = 3_000;

describe('collections of a school with thousands of payments', () => {
  let school: SchoolWithFees;
  let bursar: Browser;
  before(async () => {
    school = await withFees();
    bursar = await school.as('bursar');
    const child = await aStudent(school, { stream: 'Grade 7 East' });
    await school.bill(child.id, { TUI: 10_000_00, BRD: 5_000_00 });
    await school.pay(child.id, 12_000_00, { receivedOn: '2026-11-20' });
    await copied();
  });
  after(() => school.stop());

  for (const path of [
    '/fees/collections?from=2026-11-01&to=2026-11-24&by=class&across=head',
    '/fees/collections/receipts?from=2026-11-01&to=2026-11-24&method=cash',
    '/finance/general-ledger',
  ]) {
    it(`${path.split('?')[0]} is answered, also once PostgreSQL keeps its plan`, async () => {
      for (let times = 0; times < 7; times += 1) {
        const answer = await bursar.get(path);
        assert.equal(answer.status, 200, `look no. ${times + 1}: ${answer.html.slice(0, 300)}`);
      }
    });
  }

  /** The one payment so many times: its rows are copied as they are, with keys of their own. */
  async function copied(): Promise<void> {
    const admin = await school.database.admin();
    const copy = (table: string, own: string, where = 'true'): Promise<unknown> =>
      admin.query(
        `insert into ${table} select (jsonb_populate_record(r, jsonb_build_object(${own}))).* from ${table} r cross join more m where ${where}`,
      );
    try {
      await admin.query('set session_replication_role = replica');
      await admin.query(
        `create temp table more as select n, gen_random_uuid() as payment, gen_random_uuid() as entry from generate_series(1, ${PAYMENTS}) n`,
      );
      await copy(
        'finance_lines',
        "'id', gen_random_uuid(), 'entry_id', m.entry",
        'r.entry_id = (select entry_id from fees_payments)',
      );
      await copy('finance_entries', "'id', m.entry, 'source_key', m.payment", "r.source_kind = 'fees-payment'");
      await copy('fees_receipts', "'id', gen_random_uuid(), 'payment_id', m.payment, 'number', 'M-' || m.n, 'code', 'm' || m.n");
      await copy('fees_payments', "'id', m.payment, 'entry_id', m.entry, 'client_key', gen_random_uuid()");
      await admin.query('analyze');
    } finally {
      await admin.end();
    }
  }
});
