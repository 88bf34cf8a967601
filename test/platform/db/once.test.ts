import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { RateLimiterPostgres } from 'rate-limiter-flexible';
import { Conflict, Invalid } from '../../../src/kernel/errors.js';
import { newId } from '../../../src/kernel/id.js';
import { once, query, runWith } from '../../../src/platform/db/index.js';
import { platformJobs } from '../../../src/platform/jobs/index.js';
import { freshSchool } from '../../support/database.js';
import type { TestSchool } from '../../support/database.js';

let school: TestSchool;
before(async () => {
  school = await freshSchool({ name: 'once' });
});
after(() => school.drop());
const inSchool = <Result>(work: () => Promise<Result>) => runWith(school.database, work);

describe('a form', () => {
  test('that is sent twice at the same time acts once and gives the same answer', () =>
    inSchool(async () => {
      let acted = 0;
      const submission = { token: newId(), actorId: newId() };
      const send = () =>
        once(submission, async () => {
          acted += 1;
          await new Promise((resolve) => setTimeout(resolve, 30));
          return `/receipts/${acted}`;
        });
      const answers = await Promise.all([send(), send(), send()]);
      assert.equal(acted, 1);
      assert.deepEqual(
        answers.map((answer) => answer.url),
        ['/receipts/1', '/receipts/1', '/receipts/1'],
      );
      assert.equal(answers.filter((answer) => answer.repeated).length, 2);
    }));

  test('that was refused can be corrected and sent again', () =>
    inSchool(async () => {
      const submission = { token: newId(), actorId: null };
      await assert.rejects(
        once(submission, () => Promise.reject(new Invalid({ name: 'is missing' }))),
        Invalid,
      );
      assert.deepEqual(await once(submission, () => Promise.resolve('/done')), { url: '/done', repeated: false });
    }));

  test('of one person shows nothing to another who sends its token', () =>
    inSchool(async () => {
      const token = newId();
      await once({ token, actorId: newId() }, () => Promise.resolve('/private'));
      await assert.rejects(
        once({ token, actorId: newId() }, () => Promise.resolve('/mine')),
        Conflict,
      );
    }));
});

test("the rate limiter's statements work under the policy of the school", async () => {
  const limiter = new RateLimiterPostgres({
    storeClient: school.database.pool,
    storeType: 'pool',
    tableName: 'platform_rate_limits',
    tableCreated: true,
    clearExpiredByTimeout: false,
    points: 2,
    duration: 60,
  });
  await limiter.consume('a');
  await limiter.consume('a');
  await assert.rejects(limiter.consume('a'), (refusal: { msBeforeNext: number }) => refusal.msBeforeNext > 50_000);
  await limiter.delete('a');
  assert.equal((await limiter.consume('a')).remainingPoints, 1);
  const [row] = await inSchool(() => query<{ school_id: string }>('test.limit', 'select school_id from platform_rate_limits'));
  assert.equal(row!.school_id, school.schoolId);
});

test('what nobody asks for again is pruned', () =>
  inSchool(async () => {
    await query('test.old', "insert into platform_form_submissions (id, created_at) values ($1, now() - interval '3 days')", [
      newId(),
    ]);
    await query('test.old-limit', "insert into platform_rate_limits (key, points, expire) values ('old', 1, 1)");
    await platformJobs([])['platform.prune']!({}, { id: '1', attempt: 1, maxAttempts: 1, signal: new AbortController().signal });
    const left = await query(
      'test.left',
      "select 1 from platform_form_submissions where created_at < now() - interval '1 day' union all select 1 from platform_rate_limits where key = 'old'",
    );
    assert.equal(left.length, 0);
  }));
