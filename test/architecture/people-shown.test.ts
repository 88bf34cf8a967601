import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { PeopleShown } from '../../src/platform/people-shown.js';
import { aSchool, type SchoolUnderTest } from '../support/app.js';
import type { Browser } from '../support/browser.js';
import { aFamily } from '../support/build.js';
import { sql } from '../support/database/sql.js';

/** Nobody else is called so: an answer in which the name stands shows this child or its parent. */
const CHILD = 'Zuberinyota';
const PARENT = 'Mwakatundu';

/** Where the name stands and need not count: what somebody typed or sent themselves, and one's own files. */
const NOT_COUNTED = new Set(['/imports/:id']);

describe('every answer in which people are named says whom it names', () => {
  let school: SchoolUnderTest;
  let owner: Browser;
  let ids: string[];
  let admissionNo: string;
  const counted = new Set<string>();
  before(async () => {
    school = await aSchool();
    owner = await school.as('owner');
    const { students } = await aFamily(school, 1, {
      surname: CHILD,
      guardians: [{ fullName: `Grace ${PARENT}`, phone: '0722000903', relationship: 'mother' }],
    } as never);
    const child = students[0]!;
    admissionNo = child.admissionNo;
    const guardians = await sql<{ id: string }>(
      school.database,
      `select guardian_id as id from students_guardianships where student_id = '${child.id}'`,
    );
    ids = [child.id, child.streamId!, child.classId!, ...guardians.map((one) => one.id)];
    school.app.express.set('read-count', {
      shows: (_actor: unknown, people: PeopleShown) => {
        for (const id of people.named) counted.add(id);
        return true;
      },
    });
  });
  after(() => school.stop());

  it('pages, fragments, the API and prints: none forgets', async (t) => {
    const { email } = (
      await sql<{ email: string }>(school.database, "select email from identity_users where name = 'Person 1'")
    )[0]!;
    const token = await school.stranger().token(email, 'correct-horse-battery-staple-7');
    const forgotten: string[] = [];
    let naming = 0;
    for (const { path, kind } of school.app.declared.filter((one) => one.method === 'get')) {
      for (const id of path.includes(':') ? ids : ['']) {
        counted.clear();
        const address = `${path.replace(':kind', 'student').replace(/:\w+/g, id)}?${new URLSearchParams({ q: admissionNo, status: 'all' })}`;
        const answer = await owner.get(address, kind === 'api' ? { authorization: `Bearer ${token}` } : {});
        const type = String(answer.headers['content-type']);
        if (answer.status !== 200 || !/html|json/.test(type)) continue;
        const text = answer.html;
        if (!text.includes(CHILD) && !text.includes(PARENT)) continue;
        naming += 1;
        if (!ids.some((one) => counted.has(one)) && !NOT_COUNTED.has(path)) forgotten.push(path);
      }
    }
    t.diagnostic(`${naming} answers name the child or its parent`);
    assert.deepEqual(forgotten, []);
    assert.ok(naming >= 20, `${naming} answers`);
  });
});
