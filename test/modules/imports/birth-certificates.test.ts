import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { withKnex } from '../../../src/modules/provisioning/databases/adapters/schema.store.js';
import { migrationNames, migrationSource } from '../../../src/platform/db/index.js';
import { aSchool, type SchoolUnderTest } from '../../support/app.js';
import { aStudent } from '../../support/build.js';
import type { Browser } from '../../support/browser.js';
import { sql } from '../../support/database/sql.js';
import { check, textOf, write } from './support.js';

describe('the number of a birth certificate', () => {
  let school: SchoolUnderTest;
  let registrar: Browser;
  before(async () => {
    school = await aSchool({ background: true });
    registrar = await school.as('registrar');
  });
  after(() => school?.stop());

  const fields = (html: string): Record<string, string> =>
    Object.fromEntries(
      [...html.matchAll(/<input[^>]*name="([^"]+)"[^>]*value="([^"]*)"/g)].map(([, name, value]) => [name!, value!]),
    );
  const save = async (id: string, changes: Record<string, string>) => {
    const { html } = await registrar.get(`/students/${id}/edit`);
    const { surname, firstName, middleName = '', admissionNo, version, birthCertificateNo = '' } = fields(html);
    const identifiers = Object.fromEntries(Object.entries(fields(html)).filter(([name]) => name.startsWith('identifiers.')));
    return registrar.submit(
      `/students/${id}/edit`,
      {
        surname,
        firstName,
        middleName,
        admissionNo,
        version,
        birthCertificateNo,
        sex: 'F',
        boarding: 'day',
        ...identifiers,
        ...changes,
      } as Record<string, string>,
      `/students/${id}/edit`,
    );
  };

  it('has one column, which also reads what earlier exports had in two, and the next edit leaves it', async () => {
    const template = await registrar.get('/imports/template?kind=students');
    assert.equal(template.status, 200);
    const sheet = await check(registrar, {
      name: 'own.csv',
      body: 'Adm No,Surname,First Name,Gender,Class,Birth certificate number (identifier)\nBC/1,Hassan,Khadija,F,7 East,98765432\n',
    });
    await write(registrar, sheet.path);
    const [child] = await sql(school.database, "select id, birth_certificate_no from students where admission_no = 'BC/1'");
    assert.equal(child!.birth_certificate_no, '98765432');
    assert.equal((await save(String(child!.id), { preferredName: 'Kadi' })).status, 303);
    const [after] = await sql(school.database, 'select birth_certificate_no, preferred_name from students where id = $1', [
      child!.id,
    ]);
    assert.deepEqual(after, { birth_certificate_no: '98765432', preferred_name: 'Kadi' });
  });

  it('moves from its second place into the first; where the two differ both are kept and told', async () => {
    const [empty, same, other, twin] = [
      await aStudent(school, {}),
      await aStudent(school, {}),
      await aStudent(school, {}),
      await aStudent(school, {}),
    ];
    await sql(school.database, "update students set birth_certificate_no = '111222' where id = $1", [same!.id]);
    await sql(school.database, "update students set birth_certificate_no = '333444' where id = $1", [other!.id]);
    const second = async (id: string, value: string, type = 'birth-certificate'): Promise<unknown> =>
      sql(
        school.database,
        'insert into students_identifiers (school_id, id, student_id, type, value) select school_id, gen_random_uuid(), id, $3, $2 from students where id = $1',
        [id, value, type],
      );
    await second(empty!.id, '555666');
    await second(same!.id, '111 222');
    await second(other!.id, '999000');
    await second(twin!.id, '333444');
    await second(other!.id, 'OLD-1', 'emis-local');
    await withKnex(school.database.connections.owner, 'tenant', async (knex) => {
      const { up } = await migrationSource('tenant').getMigration(
        `${migrationNames('tenant').find((name) => name.includes('_students_one_birth_certificate'))!}${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`,
      );
      await knex.transaction(async (trx) => up(trx));
    });
    const kept = async (id: string) =>
      sql(
        school.database,
        "select s.birth_certificate_no as field, i.value as second from students s left join students_identifiers i on i.student_id = s.id and i.type = 'other-birth-certificate' where s.id = $1",
        [id],
      );
    assert.deepEqual(await kept(empty!.id), [{ field: '555666', second: null }]);
    assert.deepEqual(await kept(same!.id), [{ field: '111222', second: null }]);
    assert.deepEqual(await kept(other!.id), [{ field: '333444', second: '999000' }]);
    assert.deepEqual(await kept(twin!.id), [{ field: null, second: '333444' }]);
    const missing = await registrar.get('/imports/missing');
    assert.match(textOf(missing.html), /Students with two birth certificate numbers 2/);
    assert.match((await registrar.get('/students?missing=certificates')).html, new RegExp(other!.admissionNo));
    const page = await registrar.get(`/students/${other!.id}/edit`);
    assert.match(textOf(page.html), /Second birth certificate number/);
    assert.equal(
      (await save(other!.id, { birthCertificateNo: '999000', 'identifiers.other-birth-certificate': '' })).status,
      303,
    );
    assert.deepEqual(await kept(other!.id), [{ field: '999000', second: null }]);
    assert.deepEqual(
      await sql(school.database, 'select type, value from students_identifiers where student_id = $1', [other!.id]),
      [{ type: 'emis-local', value: 'OLD-1' }],
      'numbers of other systems stay',
    );
  });
});
