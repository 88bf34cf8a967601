import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { aSchool, type SchoolUnderTest } from '../../support/app.js';
import type { Browser } from '../../support/browser.js';
import { sql } from '../../support/database/sql.js';
import { check, textOf, write } from './support.js';

describe('two phone numbers in one cell of a list without a column for the second', () => {
  let school: SchoolUnderTest;
  let registrar: Browser;
  before(async () => {
    school = await aSchool({ background: true });
    registrar = await school.as('registrar');
  });
  after(() => school.stop());

  it('become the guardian’s phone and other phone, and nothing is said of it', async () => {
    const { path, text } = await check(registrar, {
      name: 'two.csv',
      body: 'Surname,First name,Sex,Class,Parent name,Parent phone\nOuma,Ann,F,7 East,Rose Ouma,0722111222 / 0733444555\n',
    });
    assert.doesNotMatch(text, /more than one number/);
    assert.equal((await write(registrar, path)).status, 'done');
    const [rose] = await sql(school.database, "select phone, other_phone from students_guardians where full_name = 'Rose Ouma'");
    assert.deepEqual(rose, { phone: '+254722111222', other_phone: '+254733444555' });
    const [child] = await sql(school.database, "select id from students where surname = 'Ouma'");
    const { html } = await registrar.get(`/students/${child!.id}`);
    assert.match(textOf(html), /Rose Ouma.{0,30}0722 111 222 · 0733 444 555/, 'both are on the child’s page');
  });

  it('name the third in a warning, which refuses nobody', async () => {
    const { path, text } = await check(registrar, {
      name: 'three.csv',
      body: 'Surname,First name,Sex,Class,Parent name,Parent phone\nAkoth,Ann,F,7 East,Mary Akoth,0722111333 / 0733444666 / 0744 555 777\n',
    });
    assert.match(text, /Guardian 1 phone has more than one number\. “0744 555 777” is ignored\./);
    assert.equal((await write(registrar, path)).status, 'done');
    const [mary] = await sql(school.database, "select phone, other_phone from students_guardians where full_name = 'Mary Akoth'");
    assert.deepEqual(mary, { phone: '+254722111333', other_phone: '+254733444666' });
  });
});
