import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Duplicates } from '../../../../src/modules/students/duplicates/duplicates.js';
import { aStudent } from '../../../support/build.js';
import { hiddenValue, type Browser } from '../../../support/browser.js';
import { countRows, sql } from '../../../support/database/sql.js';
import { withTariff, type SchoolWithTariff } from './billing-support.js';

const text = (html: string): string => html.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ');

describe('a term that is billed twice, since two records became one', () => {
  let school: SchoolWithTariff;
  let bursar: Browser;
  /** Two records with a bill each, merged. */
  const merged = async (): Promise<{ kept: string; other: string; bills: string[] }> => {
    const [kept, other] = [
      await aStudent(school, { joinedOn: '2025-01-06' }),
      await aStudent(school, { joinedOn: '2025-01-06' }),
    ];
    await school.bill(2);
    const bills = (
      await sql(
        school.database,
        'select id from fees_invoices where student_id = any($1::uuid[]) order by (student_id = $2) desc',
        [[kept.id, other.id], kept.id],
      )
    ).map((row) => row.id!);
    await school.run(() => school.get(Duplicates).merge(school.office, kept.id, other.id));
    return { kept: kept.id, other: other.id, bills };
  };
  before(async () => {
    school = await withTariff();
    bursar = await school.as('bursar');
    await school.charge({ TUI: [0, 0, 12_000_00], EXM: [0, 0, 1_000_00] });
  });
  after(() => school.stop());

  it('is said on the child’s page after the merge, on its statement and where terms are billed', async () => {
    const { kept, bills } = await merged();
    for (const path of [`/students/${kept}`, `/fees/students/${kept}`, '/fees/billing'])
      assert.match(
        text((await bursar.get(path)).html),
        /A term was billed twice because two records were merged: INV-\d+, INV-\d+/,
        path,
      );
    const page = (await bursar.get('/fees/double-bills')).html;
    for (const id of bills) assert.ok(page.includes(`/fees/invoices/${id}/notes/new?double=1`));
    const auditor = await school.as('auditor');
    assert.doesNotMatch((await auditor.get('/fees/double-bills')).html, /notes\/new/);
    assert.equal((await auditor.get(`/fees/double-bills/${bills[1]}/keeping`)).status, 403);
    assert.equal((await (await school.as('registrar')).get('/fees/double-bills')).status, 403);
    assert.equal(await school.balance(kept), 26_000_00, 'nothing is taken off by itself');
  });

  it('is put right by a credit note over the whole bill, and not billed again', async () => {
    const [row] = await sql(school.database, "select id, student_id from fees_invoices where source_key like 'merged:%'");
    const form = (await bursar.get(`/fees/invoices/${row!.id}/notes/new?double=1`)).html;
    assert.match(form, /Billed twice after a merge/);
    const fields = Object.fromEntries(
      [...form.matchAll(/name="(amounts\.[^"]+)"/g)].map(([, name]) => [name!, hiddenValue(form, name!)!]),
    );
    assert.deepEqual(Object.values(fields).sort(), ['1,000', '12,000']);
    const saved = await bursar.submit(
      `/fees/invoices/${row!.id}/notes`,
      { kind: 'credit-note', reason: 'Billed twice', ...fields },
      `/fees/invoices/${row!.id}/notes/new?double=1`,
    );
    assert.equal(saved.status, 303, text(saved.html));
    assert.equal(await school.balance(row!.student_id!), 13_000_00);
    for (const path of [`/students/${row!.student_id}`, '/fees/billing'])
      assert.doesNotMatch(text((await bursar.get(path)).html), /billed twice/);
    assert.match(text((await bursar.get('/fees/double-bills')).html), /No duplicate bills/);
    assert.equal((await school.bill(2, { studentIds: [row!.student_id!] })).documents, 0);
    assert.deepEqual(await school.differences(), []);
  });

  it('stays where both are right, with the reason of who says so, once', async () => {
    const { kept, bills } = await merged();
    const path = `/fees/double-bills/${bills[1]}/keeping`;
    assert.equal((await bursar.submit(path, { reason: '' })).status, 422);
    assert.equal((await bursar.submit(path, { reason: 'Day and boarding' })).status, 303);
    assert.doesNotMatch(text((await bursar.get(`/students/${kept}`)).html), /billed twice/);
    assert.equal(
      await countRows(school.database, "audit_entries where action = 'fees.invoice.keep-both' and reason = 'Day and boarding'"),
      1,
    );
    assert.equal((await bursar.get(path)).status, 404);
    assert.equal(await school.balance(kept), 26_000_00);
    assert.equal((await school.bill(2, { studentIds: [kept] })).documents, 0);
    assert.deepEqual(await school.differences(), []);
  });
  it('stands on a list that is paged like any other: each pair once, whatever the page’s length', async () => {
    for (let n = 0; n < 3; n += 1) await merged();
    const pairs = async (path: string): Promise<string[]> =>
      [...(await bursar.get(path)).html.matchAll(/double-bills\/([0-9a-f-]{36})\/keeping/g)].map((match) => match[1]!);
    const all = await pairs('/fees/double-bills');
    assert.equal(all.length, 3);
    const seen: string[] = [];
    for (let path = '/fees/double-bills?limit=2'; path;) {
      seen.push(...(await pairs(path)));
      path = /href="([^"]+)" rel="next"/.exec((await bursar.get(path)).html)?.[1]?.replaceAll('&amp;', '&') ?? '';
    }
    assert.deepEqual(seen, all);
    assert.equal((await bursar.get(`/fees/double-bills/${all[2]}/keeping`)).status, 200);
    assert.match(text((await bursar.get('/fees/billing')).html), /3 terms were billed twice/);
  });
});
