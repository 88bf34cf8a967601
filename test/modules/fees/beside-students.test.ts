import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Student } from '../../../src/modules/students/index.js';
import { withFees, type SchoolWithFees } from './support.js';

describe('fees on the pages of the register', () => {
  let school: SchoolWithFees;
  let owing: Student;
  let clear: Student;
  before(async () => {
    school = await withFees();
    [owing, clear] = (await school.family(2)) as [Student, Student];
    await school.bill(owing.id, { TUI: 7_654_00 }, { dueOn: '2026-09-01' });
  });
  after(() => school?.stop());

  const TAKE = (id: string): RegExp => new RegExp(`href="/fees/cashier\\?student=${id}"`);
  const WRITE = (id: string): RegExp => new RegExp(`href="/fees/defaulters/reminders/new\\?student=${id}"`);

  it('the list of students says what each owes, to those who may see accounts', async () => {
    const { html } = await (await school.as('bursar')).get('/students');
    assert.match(html, />Owes</);
    assert.match(html, /7,654/);
    for (const role of ['teacher', 'librarian', 'registrar'] as const) {
      const page = (await (await school.as(role)).get('/students')).html;
      assert.doesNotMatch(page, />Owes<|7,654/, role);
    }
  });

  it('payment and message are one press away on the student, the statement and the overdue list, for those who may', async () => {
    const bursar = await school.as('bursar');
    for (const page of [`/students/${owing.id}`, `/fees/students/${owing.id}`, '/fees/defaulters']) {
      const { html } = await bursar.get(page);
      assert.match(html, TAKE(owing.id), page);
      assert.match(html, WRITE(owing.id), page);
    }
    const settled = (await bursar.get(`/students/${clear.id}`)).html;
    assert.match(settled, TAKE(clear.id));
    assert.doesNotMatch(settled, WRITE(clear.id), 'nothing is overdue');
    const auditor = await school.as('auditor');
    for (const page of [`/students/${owing.id}`, `/fees/students/${owing.id}`, '/fees/defaulters']) {
      const { html } = await auditor.get(page);
      assert.doesNotMatch(html, TAKE(owing.id), page);
      assert.doesNotMatch(html, WRITE(owing.id), page);
    }
  });
});
