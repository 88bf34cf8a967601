import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { newId } from '../../src/kernel/id.js';
import { MOST_UNKNOWN } from '../../src/platform/http/routes/tried.js';
import { aSchool, type SchoolUnderTest } from '../support/app.js';
import type { Browser } from '../support/browser.js';
import { admitMany } from '../support/people/learners.js';
import { sql } from '../support/database/sql.js';
import { until } from '../support/waiting.js';

describe('records that are not here', () => {
  let school: SchoolUnderTest;
  let other: SchoolUnderTest;
  let administrator: Browser;
  let foreign: string;
  before(async () => {
    [school, other] = [await aSchool(), await aSchool()];
    foreign = (await admitMany(other, 1))[0]!.id;
    administrator = await school.as('administrator');
  });
  after(() => Promise.all([school.stop(), other.stop()]));

  const entries = () =>
    sql<{ label: string; actor_name: string }>(
      school.database,
      "select label, actor_name from audit_entries where action = 'access.unknown' order by label",
    );

  it('asked for by address stand in the audit with who asked; the answer is the same for a foreign id and an unused one', async () => {
    const plain = (html: string, id: string): string =>
      html.replaceAll(id, 'ID').replace(/Reference: [\w-]+|[0-9a-f]{8}-[\w-]{27}|name="_(?:csrf|once)" value="[^"]*"/g, '');
    const unused = newId();
    const [one, another] = [await administrator.get(`/students/${foreign}`), await administrator.get(`/students/${unused}`)];
    assert.deepEqual([one.status, another.status], [404, 404]);
    assert.equal(plain(one.html, foreign), plain(another.html, unused));
    await until(async () => (await entries()).length === 2, 'both are written down');
    assert.deepEqual(
      await entries(),
      [foreign, unused].sort().map((id) => ({ label: `GET /students/${id}`, actor_name: 'Person 1' })),
    );
  });

  it('leave no trace of a page that nobody has, or of somebody who is not signed in', async () => {
    await administrator.get('/no-such-page');
    await school.stranger().get(`/students/${newId()}`);
    await administrator.get(`/students/${newId()}`);
    await until(async () => (await entries()).length === 3, 'only the last is written down');
  });

  it('are written down so many times, however often somebody goes on', async () => {
    const person = await school.as('head');
    for (let n = 0; n < MOST_UNKNOWN + 15; n += 1) assert.equal((await person.get(`/students/${newId()}`)).status, 404);
    await until(async () => (await entries()).length >= 3 + MOST_UNKNOWN, 'the first twenty');
    await new Promise((resolve) => setTimeout(resolve, 300));
    assert.equal((await entries()).length, 3 + MOST_UNKNOWN);
  });
});
