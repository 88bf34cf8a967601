import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { aStudent } from '../../../support/build.js';
import type { Browser } from '../../../support/browser.js';
import type { Student } from '../../../../src/modules/students/index.js';
import { withFees, type SchoolWithFees } from '../../fees/support.js';

const text = (html: string): string => html.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ');

describe('before something is printed the page names letters that no font has', () => {
  let school: SchoolWithFees;
  let registrar: Browser;
  let child: Student;
  let plain: Student;
  before(async () => {
    school = await withFees();
    child = await aStudent(school, { surname: '李', firstName: 'Mei', middleName: null });
    plain = await aStudent(school, { surname: 'Ọláwálé', firstName: 'አበበ', middleName: null });
    registrar = await school.as('registrar', 'bursar', 'administrator');
  });
  after(() => school?.stop());

  it('on the page of the child, its statement, the cashier and the prints of classes, where only those are named', async () => {
    assert.match(text((await registrar.get(`/students/${child.id}`)).html), /The letters of Mei 李 can’t be printed yet: 李/);
    assert.match(
      text((await registrar.get(`/fees/students/${child.id}`)).html),
      /The letters of Mei 李 can’t be printed yet: 李/,
    );
    assert.match(
      text((await registrar.get(`/fees/cashier?student=${child.id}`)).html),
      /The letters of Mei 李 can’t be printed yet: 李/,
    );
    const prints = (await registrar.get('/students/prints')).html;
    assert.match(text(prints), /The letters of 李 Mei can’t be printed yet: 李/);
    assert.doesNotMatch(prints, /Ọláwálé/);
    for (const path of [`/students/${plain.id}`, `/fees/students/${plain.id}`])
      assert.doesNotMatch((await registrar.get(path)).html, /can’t be printed/);
  });

  it('names the field of the school’s profile', async () => {
    const { html } = await registrar.get('/school/profile');
    assert.doesNotMatch(html, /can’t be printed/);
    const answer = await registrar.submit(
      '/school/profile',
      { name: 'Test School', shortName: 'Test', type: 'day', town: 'Nairobi', motto: '光 for all' },
      '/school/profile',
    );
    assert.equal(answer.status, 303, answer.html.slice(0, 200));
    assert.match(text((await registrar.get('/school/profile')).html), /The letters of Motto can’t be printed yet: 光/);
  });
});
