import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { systemActor } from '../../../src/kernel/actor.js';
import { NotFound, Unavailable } from '../../../src/kernel/errors.js';
import { newId } from '../../../src/kernel/id.js';
import { query, runWith, unit } from '../../../src/platform/db/index.js';
import type { AuditEntry } from '../../../src/platform/http/ports.js';
import { Texts } from '../../../src/platform/i18n/i18n.js';
import { enqueue } from '../../../src/platform/jobs/index.js';
import { refused, tryLater, Unsure, type Mail } from '../../../src/platform/mail/index.js';
import { SmtpMailer } from '../../../src/platform/mail/smtp.js';
import { mailCarrier, smsCarrier } from '../../../src/modules/notifications/adapters/carriers.js';
import { PgMessageStore } from '../../../src/modules/notifications/adapters/message.store.js';
import { DeliverMessage } from '../../../src/modules/notifications/deliver.js';
import { MessageQueue } from '../../../src/modules/notifications/queue.js';
import { SendMessage } from '../../../src/modules/notifications/send.js';
import { afterTry, laneOf, MOST_ATTEMPTS, secondsUntilNextTry } from '../../../src/modules/notifications/message.rules.js';
import type { MessageTemplate, NewMessage } from '../../../src/modules/notifications/index.js';
import { freshSchool, type TestSchool } from '../../support/database.js';
import { startSmtp } from '../../support/outside/smtp.js';

const code: MessageTemplate<{ code: string }> = {
  key: 'identity.code',
  label: 'Sign-in code',
  secret: true,
  subject: (t) => t('Your sign-in code'),
  text: (t, { code: digits }) => t('Your code is {{digits}}.', { digits }),
};
const notice: MessageTemplate<{ child: string }> = {
  key: 'attendance.absent',
  label: 'Absence notice',
  subject: (t) => t('Absent today'),
  text: (t, { child }, channel) =>
    `${t('{{child}} was absent today.', { child })}${channel === 'sms' ? '' : `\n${t('The school office')}`}`,
};

const T0 = new Date('2026-11-24T06:00:00Z');
const store = new PgMessageStore();
const texts = new Texts('/nowhere');
let school: TestSchool;
let now = T0;
let sent: { to: string; text: string; key?: string }[] = [];
let answers: (Error | 'taken')[] = [];
let queued: { payload: { id: string }; runAt?: Date; queue: string }[] = [];
const audited: AuditEntry[] = [];

const clock = { now: () => now };
const later = {
  enqueue: (job: string, payload: object, options: { key: string; queue: string; runAt?: Date }) => {
    queued.push({ payload: payload as { id: string }, runAt: options.runAt, queue: options.queue });
    return enqueue(job, payload, options);
  },
};
const take = (message: { to: string; text: string; key?: string }): Promise<void> => {
  const answer = answers.shift() ?? 'taken';
  if (answer !== 'taken' && !(answer instanceof Unsure)) return Promise.reject(answer);
  sent.push(message);
  return answer === 'taken' ? Promise.resolve() : Promise.reject(answer);
};
const carriers = {
  mail: mailCarrier({ repeatable: false, send: ({ to, text, key }: Mail) => take({ to, text, key }) }),
  sms: smsCarrier({ repeatable: false, send: (sms) => take(sms).then(() => ({ ref: null })) }),
};
const sender = new SendMessage(store, later, unit, clock, (language) => texts.in(texts.choose(language)));
const deliver = new DeliverMessage(store, carriers, later, unit, clock, () => 0);
const queue = new MessageQueue(
  store,
  later,
  { record: (_actor, entry) => Promise.resolve(void audited.push(entry)) },
  unit,
  clock,
);
const registrar = { ...systemActor('registrar'), userId: newId() };

const inSchool = <Result>(work: () => Promise<Result>): Promise<Result> => runWith(school.database, work);
const send = <Params>(message: NewMessage<Params>) => inSchool(() => sender.send(message));
const run = (id: string) => inSchool(() => deliver.run(id));
const aNotice = (change: Partial<NewMessage<{ child: string }>> = {}): NewMessage<{ child: string }> => ({
  channel: 'mail',
  to: 'parent@example.com',
  template: notice,
  params: { child: 'Amina' },
  ...change,
});
const aCode = (): NewMessage<{ code: string }> => ({
  channel: 'sms',
  to: '+254722481903',
  template: code,
  params: { code: '835201' },
});
const row = async (id: string) => {
  const [found] = await inSchool(() =>
    query<{ state: string; content: object | null; reason: string | null; attempts: number; next_try_at: Date | null }>(
      'test.message',
      'select * from notifications_messages where id = $1',
      [id],
    ),
  );
  return found!;
};

before(async () => {
  school = await freshSchool();
});
after(() => school.drop());
beforeEach(() => {
  now = T0;
  sent = [];
  answers = [];
  queued = [];
});

describe('sending a message', () => {
  it('belongs to the transaction around it', async () => {
    const undone = inSchool(() =>
      unit(async () => {
        await sender.send(aNotice({ dedupeKey: 'undone' }));
        throw new Error('no');
      }),
    );
    await assert.rejects(undone);
    const rows = await inSchool(() => query('test.undone', "select id from notifications_messages where dedupe_key = 'undone'"));
    assert.deepEqual(rows, []);
  });

  it('is one message for one key', async () => {
    const first = await send(aNotice({ dedupeKey: 'absent:amina:2026-11-24' }));
    assert.equal(await send(aNotice({ dedupeKey: 'absent:amina:2026-11-24' })), null);
    await run(first!);
    assert.equal(await send(aNotice({ dedupeKey: 'absent:amina:2026-11-24' })), null);
    assert.equal(sent.length, 1);
  });

  it('delivers what was rendered for the channel, and forgets it', async () => {
    const mail = await send(aNotice());
    const sms = await send(aNotice({ channel: 'sms', to: '+254722481903', params: { child: 'Wanjikũ’s son' } }));
    await run(mail!);
    await run(sms!);
    assert.deepEqual(
      sent.map(({ text }) => text),
      ['Amina was absent today.\nThe school office', "Wanjikũ's son was absent today."],
    );
    assert.equal(sent[0]!.key, mail);
    for (const id of [mail!, sms!]) {
      const { state, content } = await row(id);
      assert.deepEqual([state, content], ['sent', null]);
    }
  });
});

describe('delivering a message', () => {
  it('happens once, however often the job comes', async () => {
    const id = await send(aNotice());
    await Promise.all([run(id!), run(id!)]);
    await run(id!);
    await run(newId());
    assert.equal(sent.length, 1);
  });

  it('is tried again with growing pauses until it is taken', async () => {
    const id = await send(aNotice());
    answers = [tryLater('down'), tryLater('down'), tryLater('busy', 300), 'taken'];
    const pauses: number[] = [];
    for (let tries = 0; tries < 3; tries += 1) {
      await run(id!);
      const { state, next_try_at, reason } = await row(id!);
      assert.equal(state, 'queued');
      assert.ok(reason);
      pauses.push((next_try_at!.getTime() - now.getTime()) / 1000);
      assert.deepEqual(queued.at(-1), { payload: { id }, runAt: next_try_at, queue: 'notifications.mail' });
      now = next_try_at!;
    }
    await run(id!);
    assert.deepEqual(pauses, [15, 30, 300]);
    const { state, attempts, reason } = await row(id!);
    assert.deepEqual([state, attempts, reason, sent.length], ['sent', 4, null, 1]);
  });

  it('ends with a refusal, or when nobody knows whether it arrived', async () => {
    for (const problem of [refused('No such number.'), new Unsure()]) {
      const id = await send(aNotice());
      answers = [problem];
      await run(id!);
      const { state, reason, content } = await row(id!);
      assert.deepEqual([state, reason], ['failed', problem.message]);
      assert.ok(content, 'a person may try again');
      await run(id!);
    }
    assert.equal(sent.length, 1, 'the unsure one was handed over once');
  });

  it('forgets a code even when it failed, and sends none that has expired', async () => {
    const id = await send(aCode());
    assert.equal(queued.at(-1)!.queue, 'notifications.codes');
    answers = [refused('No.')];
    await run(id!);
    assert.deepEqual([(await row(id!)).state, (await row(id!)).content], ['failed', null]);
    const late = await send({ ...aCode(), goodUntil: new Date(T0.getTime() + 60_000) });
    answers = [tryLater('down')];
    await run(late!);
    assert.equal((await row(late!)).state, 'queued');
    now = new Date(T0.getTime() + 61_000);
    await run(late!);
    assert.deepEqual([(await row(late!)).state, (await row(late!)).content], ['failed', null]);
    assert.equal(sent.length, 0);
  });

  it('that was under way when the product stopped is repeated only where that is safe', async () => {
    for (const safe of [true, false]) {
      const restarted = new DeliverMessage(
        store,
        { ...carriers, mail: { ...carriers.mail, repeatable: safe } },
        later,
        unit,
        clock,
        () => 0,
      );
      const id = await send(aNotice());
      await inSchool(() => unit(() => store.claim(id!)));
      await inSchool(() => restarted.run(id!));
      assert.equal((await row(id!)).state, safe ? 'sent' : 'failed');
    }
    assert.equal(sent.length, 1);
  });

  it('leaves no code anywhere in the database', async () => {
    const id = await send({ ...aCode(), params: { code: '771904' } });
    await run(id!);
    const rows = await inSchool(() => query<{ all: string }>('test.all', 'select m::text as all from notifications_messages m'));
    assert.ok(rows.every((found) => !found.all.includes('771904')));
  });
});

describe('what is seen of messages', () => {
  it('lists them newest first, by state and channel, page by page', async () => {
    now = new Date(T0.getTime() + 3_600_000);
    const ids: string[] = [];
    for (let at = 0; at < 5; at += 1) {
      now = new Date(now.getTime() + 1000);
      ids.unshift((await send(aNotice({ channel: 'sms', to: '+254722481903' })))!);
    }
    const first = await inSchool(() => queue.page({ state: 'queued', channel: 'sms' }, null, 3));
    const second = await inSchool(() => queue.page({ state: 'queued', channel: 'sms' }, first.next, 3));
    assert.deepEqual([...first.rows, ...second.rows].map((line) => line.id).slice(0, 5), ids);
    assert.ok((await inSchool(() => queue.counts())).queued >= 5);
  });

  it('lets a person try a failed one again, with a trace, but no code and no sent one', async () => {
    const id = await send(aNotice());
    const secret = await send(aCode());
    answers = [refused('Full mailbox.'), refused('No.')];
    await run(id!);
    await run(secret!);
    const line = (await inSchool(() => queue.page({ state: 'failed' }, null, 200))).rows.find((each) => each.id === id);
    assert.deepEqual([line!.canRetry, line!.reason], [true, 'Full mailbox.']);
    await inSchool(() => queue.retry(registrar, id!));
    assert.deepEqual(audited.at(-1), {
      action: 'notifications.retry',
      entity: 'notifications_messages',
      entityId: id,
      label: 'Absence notice',
    });
    await run(id!);
    assert.equal((await row(id!)).state, 'sent');
    for (const no of [id!, secret!, newId(), 'x'])
      await assert.rejects(
        inSchool(() => queue.retry(registrar, no)),
        NotFound,
      );
  });

  it('is forgotten after half a year', async () => {
    const id = await send(aNotice());
    await run(id!);
    const waiting = await send(aNotice());
    now = new Date(T0.getTime() + 181 * 86_400_000);
    await inSchool(() => queue.prune());
    assert.equal(
      await inSchool(() =>
        query('test.pruned', 'select id from notifications_messages where id = any($1)', [[id, waiting]]),
      ).then((rows) => rows.length),
      1,
    );
  });
});

it('while the mail server is down nothing waits, and afterwards each message arrives once', async () => {
  const smtp = await startSmtp();
  const closed = await startSmtp();
  await closed.stop();
  const make = (url: string) =>
    new DeliverMessage(
      store,
      { ...carriers, mail: mailCarrier(new SmtpMailer({ url, from: 'a@b.example' })) },
      later,
      unit,
      clock,
      () => 0,
    );
  const started = Date.now();
  const ids = await Promise.all(Array.from({ length: 10 }, (_, at) => send(aNotice({ to: `parent${at}@example.com` }))));
  assert.ok(Date.now() - started < 2000);
  for (const id of ids) await inSchool(() => make(closed.url).run(id!));
  for (const id of ids) assert.equal((await row(id!)).state, 'queued');
  now = new Date(T0.getTime() + 60_000);
  for (const id of [...ids, ...ids]) await inSchool(() => make(smtp.url).run(id!));
  assert.deepEqual(
    smtp.recipients.sort(),
    ids.map((_, at) => `parent${at}@example.com`),
  );
  await smtp.stop();
});

describe('pauses between tries', () => {
  it('double from 15 seconds to an hour, never below what the service asks', () => {
    assert.deepEqual(
      [1, 2, 3, 8, 9, 24].map((attempt) => secondsUntilNextTry(attempt, 0, 0)),
      [15, 30, 60, 1920, 3600, 3600],
    );
    assert.equal(secondsUntilNextTry(1, 900, 0), 900);
    assert.equal(secondsUntilNextTry(1, 0, 1), 18);
  });

  it('end after the last try, and before a message is of no use', () => {
    const down = { kind: 'later', afterSeconds: 1, reason: 'down' } as const;
    assert.equal(afterTry({ attempts: MOST_ATTEMPTS, goodUntil: null }, down, T0, 0).state, 'failed');
    assert.equal(afterTry({ attempts: MOST_ATTEMPTS - 1, goodUntil: null }, down, T0, 0).state, 'queued');
    assert.equal(afterTry({ attempts: 1, goodUntil: new Date(T0.getTime() + 14_000) }, down, T0, 0).state, 'failed');
  });

  it('never hold up a code', () => {
    assert.notEqual(laneOf({ channel: 'sms', secret: true }), laneOf({ channel: 'sms', secret: false }));
    assert.equal(
      laneOf({ channel: 'sms', secret: true, family: true }),
      laneOf({ channel: 'sms', secret: false }),
      'a reminder with a link is no code',
    );
    assert.ok(tryLater('x') instanceof Unavailable);
  });
});
