import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Register } from '../../../../src/modules/students/register/register.js';
import { MISSING_KINDS } from '../../../../src/modules/students/ports.js';
import { aSchool, type SchoolUnderTest } from '../../../support/app.js';
import type { Browser } from '../../../support/browser.js';
import { aStudent } from '../../../support/people/students.js';

describe('the register on the first page', () => {
  let school: SchoolUnderTest;
  let registrar: Browser;

  before(async () => {
    school = await aSchool({ clock: { now: () => new Date('2026-11-24T06:00:00Z') } });
    registrar = await school.as('registrar');
  });
  after(() => school.stop());

  it('says what to do in a school without students', async () => {
    const { html } = await registrar.get('/');
    assert.match(html, /<h1>Tuesday 24 November<\/h1>/);
    assert.match(html, /No students yet/);
  });

  it('counts who is here, girls and boys, and who is expected or put aside', async () => {
    const whole = {
      bornOn: '2013-08-09',
      birthCertificateNo: '1472903881',
      guardians: [{ fullName: 'Mary Otieno', phone: '+254711000001' }],
    };
    await aStudent(school, { ...whole, surname: 'Otieno', firstName: 'Whole' });
    await aStudent(school, {
      surname: 'Kamau',
      firstName: 'Bare',
      sex: 'M',
      place: null,
      guardians: [{ fullName: 'No Phone' }, { fullName: 'Barred Phone', phone: '+254711000002', barred: true }],
    });
    await aStudent(school, { surname: 'Mutua', firstName: 'Coming', status: 'expected' });
    const left = await aStudent(school, { surname: 'Wekesa', firstName: 'Gone' });
    const aside = await aStudent(school, { surname: 'Zuma', firstName: 'Mistake' });
    await school.run(() =>
      school
        .get(Register)
        .changeStatus(school.office, left.id, { key: 'withdraw', reason: 'moved', on: '2026-11-20', note: null }),
    );
    await school.run(() => school.get(Register).putAside(school.office, aside.id, 'twice'));
    const { html } = await registrar.get('/');
    const figure = (label: string): string => html.match(new RegExp(`<dt>${label}</dt><dd><p class="big">(\\d+)`))?.[1] ?? '';
    assert.deepEqual(['Here now', 'Girls', 'Boys', 'Expected'].map(figure), ['2', '1', '1', '1']);
    assert.match(html, /1 archived/);
    assert.match(html, /data-test="finding">[\s\S]*One student has no class/);
    assert.match(html, /Wekesa<\/b> Gone[\s\S]*Withdrawn 20 Nov 2026/);
    assert.match(html, /Girls and boys by class/);
  });

  it('leads to the records that lack something', async () => {
    for (const missing of MISSING_KINDS.filter((kind) => !['guardian', 'certificates', 'number'].includes(kind))) {
      const { html } = await registrar.get(`/students?missing=${missing}`);
      assert.match(html, /Kamau/, missing);
      assert.equal(html.includes('Whole'), missing === 'photo', missing);
    }
    await aStudent(school, { surname: 'Peke', firstName: 'Alone', guardians: [] });
    const { html } = await registrar.get('/students?missing=guardian');
    assert.match(html, /Peke/);
    assert.doesNotMatch(html, /Kamau|Whole/);
  });

  it('shows nothing of the whole school to a teacher', async () => {
    assert.doesNotMatch((await (await school.as('teacher')).get('/')).html, /students-card/);
  });
});
