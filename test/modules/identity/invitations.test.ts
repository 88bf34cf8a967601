import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { IDENTITY } from '../../../src/modules/identity/index.js';
import { LocalMailbox } from '../../../src/platform/mail/index.js';
import { aSchool, type SchoolUnderTest } from '../../support/app.js';
import { hiddenValue } from '../../support/browser.js';
import { sql } from '../../support/database/sql.js';
import { until } from '../../support/waiting.js';

const EMAIL = 'new.teacher@school.test';

describe('an invitation that is pressed again and again', () => {
  let school: SchoolUnderTest;
  before(async () => {
    school = await aSchool({ background: true });
  });
  after(() => school.stop());

  const letters = async (): Promise<string[]> =>
    (await school.get(LocalMailbox).list()).filter((letter) => letter.to === EMAIL).map((letter) => letter.text);
  const openLinks = () =>
    sql<{ id: string }>(school.database, 'select id from identity_links where used_at is null and expires_at > now()');

  it('is one message and one link that works, and says so', async () => {
    const { userId } = await school.run(() =>
      school
        .get(IDENTITY)
        .createAccount({ name: 'New Teacher', email: EMAIL, roles: ['teacher'], by: 'invite', actor: school.office }),
    );
    const page = `/identity/users/${userId}`;
    const administrator = await school.as('administrator');
    await until(async () => (await letters()).length > 0, 'the invitation was sent');
    const token = { _csrf: hiddenValue((await administrator.get(page)).html, '_csrf')! };
    for (let n = 0; n < 5; n += 1)
      await Promise.all(Array.from({ length: 10 }, () => administrator.post(`${page}/invitation`, token)));
    assert.match((await administrator.get(page)).html, /An invitation has just been sent\. Wait ten minutes/);
    await until(
      async () =>
        (
          await sql(
            school.database,
            "select 1 from graphile_worker._private_jobs j join graphile_worker._private_tasks t on t.id = j.task_id where t.identifier = 'identity.send-link'",
          )
        ).length === 0,
      'no message waits',
    );
    assert.equal((await letters()).length, 1);
    assert.equal((await openLinks()).length, 1);
    const link = /\/login\/invitation\?token=[\w-]+/.exec((await letters())[0]!)![0];
    assert.equal((await school.stranger().get(link)).status, 200, 'the one in the mail');
    assert.equal((await sql(school.database, "select 1 from audit_entries where action = 'identity.account.invite'")).length, 0);
  });

  it('goes out anew after ten minutes, once, and the older one ends', async () => {
    const [{ id }] = (await sql<{ id: string }>(
      school.database,
      'select user_id as id from identity_links where used_at is null',
    )) as [{ id: string }];
    const page = `/identity/users/${id}`;
    await sql(school.database, "update identity_links set created_at = now() - interval '11 minutes'");
    const before = /\/login\/invitation\?token=[\w-]+/.exec((await letters())[0]!)![0];
    const administrator = await school.as('administrator');
    const token = { _csrf: hiddenValue((await administrator.get(page)).html, '_csrf')! };
    const answers = await Promise.all(Array.from({ length: 10 }, () => administrator.post(`${page}/invitation`, token)));
    assert.deepEqual([...new Set(answers.map((answer) => answer.status))], [303]);
    await until(async () => (await letters()).length === 2, 'another one was sent');
    assert.equal((await openLinks()).length, 1);
    assert.equal((await school.stranger().get(before)).status, 410);
  });
});
