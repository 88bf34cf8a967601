import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { addDays } from '../../../../src/kernel/clock.js';
import { Charges } from '../../../../src/modules/fees/billing/charges.js';
import { FeeStatements } from '../../../../src/modules/fees/statements/statements.js';
import { Receiving } from '../../../../src/modules/fees/receiving/receive.js';
import type { Browser } from '../../../support/browser.js';
import { TODAY, withFees, type SchoolWithFees } from '../support.js';

const text = (html: string): string => html.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ');
const MONTH_FEE = 1_670_000;

describe('what is charged late, on a bill that is old', () => {
  let school: SchoolWithFees;
  let bursar: Browser;
  before(async () => {
    school = await withFees();
    bursar = await school.as('bursar');
  });
  after(() => school?.stop());

  const note = (invoiceId: string, kind: 'debit-note' | 'credit-note', amountMinor: number) =>
    school.run(() =>
      school.get(Charges).note(school.office, invoiceId, kind, 'Boarder from now on', [{ headId: school.head.TUI, amountMinor }]),
    );
  const overdue = async (id: string): Promise<number> =>
    (await school.run(() => school.get(Receiving).overdueOf([id]))).get(id) ?? 0;
  const ages = async (id: string) => (await school.run(() => school.get(FeeStatements).ofStudent(school.office, id))).ageing;
  const listed = async (surname: string): Promise<boolean> => text((await bursar.get('/fees/defaulters')).html).includes(surname);

  it('is due the school’s days after it was charged: nothing of it is overdue, wherever debts are aged', async () => {
    const [child] = await school.family(1);
    const invoiceId = await school.bill(child!.id, { TUI: 720_000 }, { dueOn: '2026-09-01' });
    await note(invoiceId, 'debit-note', MONTH_FEE);
    assert.deepEqual(await ages(child!.id), {
      comingMinor: MONTH_FEE,
      overdueMinor: [0, 0, 720_000, 0],
      totalMinor: MONTH_FEE + 720_000,
    });
    assert.equal(await overdue(child!.id), 720_000);
    assert.ok(await listed(child!.surname));
    // What is paid settles the old part first.
    await school.pay(child!.id, 720_000);
    assert.deepEqual(await ages(child!.id), { comingMinor: MONTH_FEE, overdueMinor: [0, 0, 0, 0], totalMinor: MONTH_FEE });
    assert.equal(await overdue(child!.id), 0);
    assert.ok(!(await listed(child!.surname)), 'nobody is reminded of it yet');
    assert.match(
      text((await bursar.get(`/fees/students/${child!.id}`)).html),
      /Not due yet 1 to 30 days 31 to 60 61 to 90 Over 90 16,700 0 0 0 0/,
    );
    const { dues } = await school.run(() => school.get(FeeStatements).ofStudent(school.office, child!.id));
    assert.deepEqual(dues, [{ dueOn: addDays(TODAY, 14), openMinor: MONTH_FEE }]);
    assert.match(text((await bursar.get(`/fees/invoices/${invoiceId}`)).html), /Balance due .*Due \d+ \w+ 2026/);
    assert.doesNotMatch(
      text((await bursar.get(`/fees/invoices?q=${encodeURIComponent(child!.surname)}`)).html.split('<tbody')[1]!),
      /Overdue/,
    );
  });

  it('and what is taken off later lowers the part that is due first; more than all of it is no debt', async () => {
    const [child] = await school.family(1);
    const invoiceId = await school.bill(child!.id, { TUI: 720_000, BRD: 100_000 }, { dueOn: '2026-09-01' });
    await note(invoiceId, 'debit-note', MONTH_FEE);
    await note(invoiceId, 'credit-note', 20_000);
    assert.deepEqual(await ages(child!.id), {
      comingMinor: MONTH_FEE,
      overdueMinor: [0, 0, 800_000, 0],
      totalMinor: MONTH_FEE + 800_000,
    });
    assert.equal(await overdue(child!.id), 800_000);
    await school.pay(child!.id, 3_000_000);
    assert.deepEqual([await overdue(child!.id), (await ages(child!.id)).totalMinor], [0, 0]);
  });
});
