import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { newId } from '../../../src/kernel/id.js';
import { Inbox } from '../../../src/modules/callbacks/inbox.js';
import { judge, numberAsked } from '../../../src/modules/callbacks/validation.rules.js';
import { readCall } from '../../../src/platform/link/call.js';
import { keyFor, masterKeys } from '../../../src/platform/link/keys.js';
import { hasPayee, payeeSet } from '../../../src/platform/link/payees.js';
import { aPlatform, type PlatformUnderTest } from '../../support/core.js';
import { connect, testCluster } from '../../support/database.js';
import { raw } from '../../support/raw.js';
import { plantSchool } from '../admindash/support.js';

const MASTERS = masterKeys('k1:a-master-key-of-tests-that-is-long-enough');

describe('whom one can pay for', () => {
  it('is found by a hash of the number, by the school’s own key alone', () => {
    const [key, other] = [keyFor(MASTERS, 'k1', 'one')!, keyFor(MASTERS, 'k1', 'two')!];
    const numbers = Array.from({ length: 4000 }, (_, n) => `KA2026${n}`);
    const set = payeeSet(key, [...numbers, 'KA20261']);
    assert.equal(set.length, 4000 * 8);
    assert.ok(numbers.every((number) => hasPayee(set, key, number)));
    assert.equal(hasPayee(set, key, 'KA20264000'), false);
    assert.equal(hasPayee(set, other, 'KA20261'), false);
    assert.equal(hasPayee(Buffer.alloc(0), key, 'KA20261'), false);
  });

  it('is refused only where it is certain that nobody has the number', () => {
    assert.deepEqual([judge(false).ResultCode, judge(true).ResultCode, judge(null).ResultCode], ['C2B00012', '0', '0']);
    assert.equal(numberAsked('{"BillRefNumber":" ka/2026 0034 "}'), 'KA20260034');
    for (const body of ['', 'null', '{}', '{"BillRefNumber":{}}', '<x/>']) assert.equal(numberAsked(body), null, body);
  });
});

describe('the inbox of callbacks', () => {
  let platform: PlatformUnderTest;
  let schoolId: string;
  const token = randomBytes(32).toString('hex');
  const accountId = newId();
  const call = (kind: string, body: string, key = token) =>
    raw('POST', `${platform.url}/api/callbacks/${key}/${kind}`, { 'content-type': 'application/json' }, body);
  const stored = async () =>
    platform.sql<{ id: string; kind: string; body: string }>('select id, kind, body from callbacks_messages order by id');

  before(async () => {
    platform = await aPlatform();
    schoolId = (await plantSchool(platform)).id;
    await platform.sql('insert into callbacks_addresses (id, school_id, account_id, token_hash) values ($1, $2, $3, $4)', [
      newId(),
      schoolId,
      accountId,
      createHash('sha256').update(token).digest('base64url'),
    ]);
  });
  after(() => platform?.stop());

  it('stores what was called as it came, and only then says so', async () => {
    const body = '{"Body":{"stkCallback":{"ResultCode":1032}},  "zero":"\u0000"}';
    const answer = await call('stk', body);
    assert.deepEqual([answer.status, JSON.parse(answer.text)], [200, { ResultCode: 0, ResultDesc: 'Accepted' }]);
    await call('confirmation', 'not JSON at all');
    assert.deepEqual(
      (await stored()).map(({ kind, body: kept }) => [kind, kept]),
      [
        ['stk', body.replace('\u0000', '�')],
        ['confirmation', 'not JSON at all'],
      ],
    );
  });

  it('hears nobody at an address that it never gave, of a kind that there is not, or at too great a length', async () => {
    const count = (await stored()).length;
    for (const [kind, key, status] of [
      ['stk', randomBytes(32).toString('hex'), 404],
      ['stk', 'x', 404],
      ['other', token, 404],
    ] as const)
      assert.equal((await call(kind, '{}', key)).status, status);
    assert.equal((await call('stk', 'x'.repeat(70_000))).status, 413);
    assert.equal((await raw('GET', `${platform.url}/api/callbacks/${token}/stk`)).status, 404);
    assert.equal((await stored()).length, count);
  });

  it('D4: says no while the database is away, and takes the same call when it is back', async () => {
    const { admin } = await testCluster();
    const superuser = await connect(admin);
    const count = (await stored()).length;
    await superuser.query(`alter database ${platform.database.name} allow_connections false`);
    await superuser.query('select pg_terminate_backend(pid) from pg_stat_activity where datname = $1', [platform.database.name]);
    const away = await call('confirmation', '{"TransID":"SK1"}');
    await superuser.query(`alter database ${platform.database.name} allow_connections true`);
    await superuser.end();
    assert.ok(away.status >= 500, String(away.status));
    assert.equal((await call('confirmation', '{"TransID":"SK1"}')).status, 200);
    assert.equal((await stored()).length, count + 1);
  });

  it('answers a validation at once, without the school', async () => {
    const ask = async (number: string) =>
      (
        JSON.parse((await call('validation', JSON.stringify({ TransID: 'SK2', BillRefNumber: number }))).text) as {
          ResultCode: string;
        }
      ).ResultCode;
    assert.equal(await ask('KA/2026/0034'), '0', 'as long as the school has put nothing here');
    const hashes = payeeSet(keyFor(MASTERS, 'k1', schoolId)!, ['KA20260034']);
    await platform.sql("insert into callbacks_payees (id, school_id, key_id, hashes, made_at) values ($1, $2, 'k1', $3, now())", [
      newId(),
      schoolId,
      hashes,
    ]);
    const started = performance.now();
    assert.deepEqual([await ask('ka 2026-0034'), await ask('KA/2026/0035'), await ask('')], ['0', 'C2B00012', 'C2B00012']);
    assert.ok(performance.now() - started < 3_000);
  });

  it('calls a school with its key until it has heard, and no more once nothing waits', async () => {
    let heard = 0;
    let status = 503;
    const school = createServer((req, res) => {
      const read = readCall((name) => req.headers[name] as string | undefined);
      let body = '';
      req
        .on('data', (chunk) => (body += String(chunk)))
        .on('end', () => {
          if (req.url === '/api/payments/inbox-calls' && read?.isBy(keyFor(MASTERS, 'k1', beside.schoolId)!, body, new Date()))
            heard += 1;
          res.writeHead(status).end();
        });
    }).listen(0, '127.0.0.1');
    await once(school, 'listening');
    const { port } = school.address() as AddressInfo;
    const beside = await aPlatformAt(`http://localhost:${port}`);
    await assert.rejects(
      beside.run(() => beside.get(Inbox).wake(beside.schoolId)),
      /answered 503/,
    );
    status = 200;
    await beside.run(() => beside.get(Inbox).wake(beside.schoolId));
    assert.equal(heard, 2);
    await beside.sql('update callbacks_messages set taken_at = now()');
    await beside.run(() => beside.get(Inbox).wake(beside.schoolId));
    assert.equal(heard, 2);
    await beside.stop();
    school.close();
  });

  it('keeps its addresses out of the log', async () => {
    const { SecretPaths } = await import('../../../src/platform/http/secret-paths.js');
    const secrets = new SecretPaths();
    assert.equal(secrets.hide(`/api/callbacks/${token}/stk`), '/api/callbacks/…/stk');
    const id = newId();
    assert.equal(secrets.hide(`/students/${id}`), `/students/${id}`);
  });

  async function aPlatformAt(publicUrl: string): Promise<PlatformUnderTest & { schoolId: string }> {
    const other = await aPlatform({ settings: { publicUrl } });
    const { id } = await plantSchool(other);
    await other.sql("insert into callbacks_messages (id, school_id, account_id, kind, body) values ($1, $2, $3, 'stk', '{}')", [
      newId(),
      id,
      accountId,
    ]);
    return { ...other, schoolId: id };
  }
});
