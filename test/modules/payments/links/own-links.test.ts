import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { VoteHeads } from '../../../../src/modules/fees/structures/vote-heads.js';
import { FEES } from '../../../../src/modules/fees/index.js';
import { CHART_STORE } from '../../../../src/modules/finance/ports.js';
import { IDENTITY } from '../../../../src/modules/identity/index.js';
import type { Student } from '../../../../src/modules/students/index.js';
import { aGuardian, aStudent } from '../../../support/build.js';
import type { Browser } from '../../../support/browser.js';
import { countRows, sql } from '../../../support/database/sql.js';
import { aPayingSchool, type PayingSchool } from '../support.js';

const PASSWORD = 'correct-horse-battery-staple-7';
const text = (html: string): string => html.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ');

describe('a guardian who has signed in pays from the first page', () => {
  let school: PayingSchool;
  let guardian: Browser;
  let own: Student;
  let sibling: Student;
  let stranger: Student;
  before(async () => {
    school = await aPayingSchool({ children: 0 });
    await school.run(async () => {
      const accountId = (await school.get(CHART_STORE).chart()).accounts.find((one) => one.role === 'fees')!.id;
      await school.get(VoteHeads).add(school.office, {
        code: 'TUI',
        name: 'Tuition',
        kind: 'income',
        frequency: 'term',
        mandatory: true,
        priority: 1,
        accountId,
      });
    });
    const mother = { fullName: 'Grace Atieno', phone: '+254722000111' };
    [own, sibling, stranger] = [
      await aStudent(school, { firstName: 'Amina' }),
      await aStudent(school, { firstName: 'Juma' }),
      await aStudent(school, { firstName: 'Zuri' }),
    ];
    for (const one of [own, sibling]) await aGuardian(school, one, mother);
    const [person] = await sql<{ id: string }>(
      school.database,
      "select id from students_guardians where full_name = 'Grace Atieno'",
    );
    await school.run(() =>
      school.get(IDENTITY).createAccount({
        person: { kind: 'guardian', id: person!.id },
        name: 'Grace Atieno',
        email: 'grace@school.test',
        roles: ['guardian'],
        by: { password: PASSWORD },
        actor: school.office,
      }),
    );
    guardian = school.stranger();
    await guardian.signIn('grace@school.test', PASSWORD);
  });
  after(() => school?.stop());

  const charge = (studentId: string, amountMinor: number): Promise<unknown> =>
    school.run(() =>
      school
        .get(FEES)
        .charge(school.office, { studentId, head: 'TUI', amountMinor, description: 'Fees', sourceKey: `test:${studentId}` }),
    );

  it('who owes nothing is asked for nothing; the account numbers stand there once', async () => {
    const { html } = await guardian.get('/');
    assert.doesNotMatch(html, /Pay now/);
    assert.equal(html.split(own.paymentNo).length, 2);
  });

  it('leads to the page that sends the prompt, for all own children, and leaves one link and one line in the audit', async () => {
    await charge(own.id, 500_00);
    const { html } = await guardian.get('/');
    assert.match(text(html), /Your children’s fees KES ?500 Pay now/);
    const answer = await guardian.submit('/payments/own-links', { student: own.id }, '/');
    assert.equal(answer.status, 303);
    const page = await guardian.get(String(answer.headers.location));
    assert.equal(page.status, 200);
    assert.match(page.html, /Send the prompt/);
    for (const one of [own, sibling]) assert.match(page.html, new RegExp(one.paymentNo));
    assert.equal(
      (await guardian.submit('/payments/own-links', { student: own.id }, '/')).headers.location,
      answer.headers.location,
      'the one that is there',
    );
    assert.equal(await countRows(school.database, 'payments_links'), 1);
  });

  it('is for own children alone, and for guardians alone', async () => {
    for (const student of [stranger.id, 'nobody'])
      assert.equal((await guardian.submit('/payments/own-links', { student }, '/')).status, 404);
    const bursar = await school.as('bursar');
    assert.equal((await bursar.submit('/payments/own-links', { student: own.id }, '/')).status, 403);
  });

  it('where mobile money is switched off, nothing leads there', async () => {
    const administrator = await school.as('administrator');
    assert.equal((await administrator.submit('/school/modules', { on: ['finance', 'fees'] }, '/school/modules')).status, 303);
    assert.doesNotMatch((await guardian.get('/')).html, /Pay now/);
    assert.equal((await guardian.submit('/payments/own-links', { student: own.id }, '/')).status, 404);
  });
});
