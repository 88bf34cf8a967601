import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Notices, TELL } from '../../../src/modules/approvals/notices.js';
import { sql } from '../../support/database/sql.js';
import { withRefunds, type Member, type SchoolWithRefunds } from './support.js';

const minutes = (n: number): Date => new Date(Date.parse('2026-11-24T09:00:00Z') + n * 60_000);

describe('mails to who may decide', () => {
  let school: SchoolWithRefunds;
  let bursar: Member;
  let head: Member;
  let now = minutes(0);
  before(async () => {
    school = await withRefunds({ clock: { now: () => now } });
    bursar = await school.person('Beatrice Bursar', 'bursar');
    head = await school.person('Henry Head', 'head');
    await school.person('Olive Owner', 'owner');
    await school.person('Tom Teacher', 'teacher');
  });
  after(() => school.stop());

  const mails = () =>
    sql<{ recipient: string; text: string }>(
      school.database,
      "select recipient, content->>'text' as text from notifications_messages where template = 'approvals.waiting' order by created_at, recipient",
    );
  const dueAt = async (): Promise<Date> =>
    (await sql<{ run_at: Date }>(school.database, 'select run_at from graphile_worker.jobs where key = $1', [TELL]))[0]!.run_at;
  const tell = () => school.run(() => school.get(Notices).tell());

  it('name what waits and where, and go to nobody else', async () => {
    await school.ask(bursar);
    assert.deepEqual(await dueAt(), minutes(0), 'at once, since nobody was told before');
    await tell();
    assert.deepEqual(
      (await mails()).map((mail) => mail.recipient),
      ['henry.head@school.test', 'olive.owner@school.test'],
    );
    assert.match(
      (await mails())[0]!.text,
      /These requests are waiting for your decision:\s+– Refund of payment \w{6}\s+http:\S+\/approvals$/,
    );
    assert.doesNotMatch((await mails())[0]!.text, /KES|Otieno|twice/, 'no amounts, names or reasons in a mail');
  });

  it('come at most twice an hour: what is asked meanwhile goes into one', async () => {
    now = minutes(5);
    await school.ask(bursar);
    now = minutes(12);
    await school.ask(bursar, { amountMinor: 900_000 });
    assert.deepEqual(await dueAt(), minutes(30));
    now = minutes(30);
    await tell();
    await tell();
    const fresh = (await mails()).slice(2);
    assert.deepEqual(
      fresh.map((mail) => [mail.recipient, mail.text.match(/– /g)!.length]),
      [
        ['henry.head@school.test', 1],
        ['olive.owner@school.test', 2],
      ],
      'above the limit the owner alone',
    );
  });

  it('tell who asked what became of it, once, without the reason', async () => {
    now = minutes(40);
    const [yes, no] = [await school.ask(bursar), await school.ask(bursar)];
    await head.browser.submit(`/approvals/${yes}/decision`, { decision: 'approve' }, `/approvals/${yes}`);
    await head.browser.submit(
      `/approvals/${no}/decision`,
      { decision: 'refuse', note: 'The first payment bounced' },
      `/approvals/${no}`,
    );
    const told = await sql<{ recipient: string; text: string }>(
      school.database,
      "select recipient, content->>'text' as text from notifications_messages where template = 'approvals.decided' order by id",
    );
    assert.deepEqual(
      told.map((mail) => mail.recipient),
      ['beatrice.bursar@school.test', 'beatrice.bursar@school.test'],
    );
    assert.match(told[0]!.text, new RegExp(`^Approved and carried out: Refund of payment .*${yes}$`, 's'));
    assert.match(told[1]!.text, new RegExp(`^Refused: Refund of payment .*${no}$`, 's'));
    assert.doesNotMatch(told[1]!.text, /bounced/);
  });

  it('don’t come for what was decided before', async () => {
    now = minutes(65);
    const id = await school.ask(bursar);
    await bursar.browser.submit(`/approvals/${id}/withdrawal`, {}, `/approvals/${id}`);
    await tell();
    assert.equal((await mails()).length, 4);
  });
});
