import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { RECEIVING_SETTINGS } from '../../../../src/modules/fees/ports.js';
import type { Browser } from '../../../support/browser.js';
import { sql } from '../../../support/database/sql.js';
import { withFees, type SchoolWithFees } from '../support.js';

let school: SchoolWithFees;
let bursar: Browser;
let owner: Browser;
before(async () => {
  school = await withFees();
  bursar = await school.as('bursar');
  owner = await school.as('owner');
});
after(() => school?.stop());

const PATH = '/fees/settings';
const read = () => school.run(() => school.get(RECEIVING_SETTINGS).read());
const value = (html: string, name: string): string => new RegExp(`name="${name}"[^>]*value="([^"]*)"`).exec(html)![1]!;
async function save(who: Browser, given: Record<string, string>) {
  const { html } = await who.get(PATH);
  const billing = {
    joiners: 'days',
    leavers: 'keep',
    dueDays: '14',
    planGraceDays: '5',
    howToPay: '',
    version: value(html, 'version'),
  };
  return who.submit(PATH, {
    ...billing,
    allocationOrder: 'priority',
    receivingVersion: value(html, 'receivingVersion'),
    ...given,
  });
}

describe('how money is received', () => {
  it('is set by who sets fees up, and read by nobody else', async () => {
    for (const role of ['teacher', 'head', 'auditor'] as const)
      assert.equal((await (await school.as(role)).get(PATH)).status, 403, role);
  });

  it('changes with an entry in the audit: the next payment settles heads in that order', async () => {
    const [child] = await school.family(1);
    await school.bill(child!.id, { TUI: 10_000, BRD: 30_000 });
    const spread = async () =>
      (
        await sql<{ minor: number }>(
          school.database,
          'select a.amount_minor::int as minor from fees_allocations a join fees_invoices i on i.id = a.invoice_id join fees_vote_heads h on h.id = a.head_id where i.student_id = $1 order by a.created_at, h.priority',
          [child!.id],
        )
      ).map((row) => row.minor);
    await school.pay(child!.id, 4_000);
    assert.equal((await save(owner, { allocationOrder: 'pro-rata', reversalLimit: '1,500' })).status, 303);
    assert.deepEqual(await read(), {
      allocationOrder: 'pro-rata',
      reversalLimitMinor: 150_000,
      receiptPaper: 'roll',
      tellFamilies: false,
      version: 1,
    });
    await school.pay(child!.id, 3_600);
    assert.deepEqual(await spread(), [4_000, 600, 3_000]);
    const [entry] = await sql<{ before: string; after: string }>(
      school.database,
      "select before::text, after::text from audit_entries where action = 'fees.receiving-settings.change'",
    );
    assert.match(entry!.after, /150000/);
  });

  it('says what is wrong beside the field, and keeps what was typed', async () => {
    for (const [wrong, at] of [
      [{ reversalLimit: 'a lot' }, 'reversalLimit'],
      [{ reversalLimit: '-5' }, 'reversalLimit'],
      [{ allocationOrder: 'random', reversalLimit: '1' }, 'allocationOrder'],
    ] as const) {
      const { status, html } = await save(owner, wrong as Record<string, string>);
      assert.equal(status, 422);
      assert.match(html, at === 'reversalLimit' ? /Enter an amount of zero or more/ : /Choose one/);
      if (at === 'reversalLimit') assert.equal(value(html, 'reversalLimit'), (wrong as { reversalLimit: string }).reversalLimit);
    }
    assert.equal((await read()).reversalLimitMinor, 150_000);
  });

  it('leaves the limit to owners: who takes money does not say how much of it takes one person', async () => {
    const { html } = await bursar.get(PATH);
    assert.doesNotMatch(html, /name="reversalLimit"/);
    assert.match(html, /KES 1,500/);
    assert.equal((await save(bursar, { allocationOrder: 'priority' })).status, 303);
    assert.deepEqual(await read(), {
      allocationOrder: 'priority',
      reversalLimitMinor: 150_000,
      receiptPaper: 'roll',
      tellFamilies: false,
      version: 2,
    });
    await save(bursar, { allocationOrder: 'priority', reversalLimit: '999,999' });
    assert.equal((await read()).reversalLimitMinor, 150_000);
  });

  it('is not overwritten by who has looked before somebody else changed it', async () => {
    const { html } = await owner.get(PATH);
    const old = value(html, 'receivingVersion');
    assert.equal((await save(owner, { allocationOrder: 'pro-rata', reversalLimit: '0' })).status, 303);
    assert.equal((await save(owner, { allocationOrder: 'priority', reversalLimit: '7', receivingVersion: old })).status, 409);
    assert.deepEqual(await read(), {
      allocationOrder: 'pro-rata',
      reversalLimitMinor: 0,
      receiptPaper: 'roll',
      tellFamilies: false,
      version: 3,
    });
  });
});
