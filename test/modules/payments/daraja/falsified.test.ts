import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type pg from 'pg';
import { sql } from '../../../support/database/sql.js';
import { aPayingSchool, type PayingSchool } from '../support.js';

/** What a superuser does to the rows, behind every trigger and policy, and what the check says of it. */
const FALSIFIED: readonly [what: string, statement: string, key: 'booked' | 'waiting' | 'matched', says: RegExp][] = [
  [
    'an amount in suspense',
    'update payments_suspense set amount_minor = amount_minor + 100 where trans_id = $1',
    'waiting',
    /The suspense money of {code} doesn’t agree/,
  ],
  [
    'the number that was written with it',
    "update payments_suspense set bill_ref = 'ADM1' where trans_id = $1",
    'waiting',
    /The suspense money of {code} doesn’t agree/,
  ],
  [
    'its day',
    'update payments_suspense set paid_on = paid_on - 1 where trans_id = $1',
    'waiting',
    /The suspense money of {code} doesn’t agree/,
  ],
  [
    'its state',
    "update payments_suspense set state = 'matched', payment_id = gen_random_uuid(), settled_at = now() where trans_id = $1",
    'waiting',
    /The suspense money of {code} doesn’t agree/,
  ],
  [
    'the payment that it became',
    'update payments_suspense set payment_id = gen_random_uuid() where trans_id = $1',
    'matched',
    /The suspense money of {code} doesn’t agree/,
  ],
  [
    'money that waits again although it was given',
    "update payments_suspense set state = 'open', payment_id = null, settled_at = null where trans_id = $1",
    'matched',
    /The suspense money of {code} doesn’t agree/,
  ],
  [
    'a row of suspense that is gone',
    'delete from payments_suspense where trans_id = $1',
    'waiting',
    /The journal has money of {code} in suspense/,
  ],
  [
    'an outcome that turns booked money down',
    "update payments_outcomes set outcome = 'rejected', reason = 'x', payment_id = null where outcome = 'booked' and message_id in (select id from payments_messages where trans_id = $1)",
    'booked',
    /{code} is in the books as told by M-Pesa, and no message/,
  ],
  [
    'an outcome with another payment',
    "update payments_outcomes set payment_id = gen_random_uuid() where outcome = 'booked' and message_id in (select id from payments_messages where trans_id = $1)",
    'booked',
    /The outcome of a message about {code} doesn’t agree/,
  ],
  [
    'an outcome that turns a known message down',
    "update payments_outcomes set outcome = 'rejected', reason = 'x', payment_id = null where outcome = 'duplicate' and message_id in (select id from payments_messages where trans_id = $1)",
    'booked',
    /The outcome of a message about {code} doesn’t agree/,
  ],
  [
    'an outcome that takes money out of suspense',
    "update payments_outcomes set outcome = 'rejected', reason = 'x', suspense_id = null where outcome = 'suspense' and message_id in (select id from payments_messages where trans_id = $1)",
    'waiting',
    /The suspense money of {code} doesn’t agree/,
  ],
  [
    'a message of the list that is gone',
    "delete from payments_messages where source = 'list' and trans_id = $1",
    'booked',
    /{code} (was credited, and the second source|is in the books as told)/,
  ],
  [
    'a proof that is taken off',
    "update payments_outcomes set proof = null, proof_message_id = null where outcome = 'booked' and message_id in (select id from payments_messages where trans_id = $1)",
    'booked',
    /{code} was credited, and the second source/,
  ],
  [
    'a proof that names another sum',
    "update payments_messages set amount_minor = 1 where source = 'list' and trans_id = $1",
    'booked',
    /{code}|A message/,
  ],
  [
    'a claim of the school that is gone',
    'delete from payments_claims where trans_id = $1',
    'booked',
    /{code} is booked here, and the platform doesn’t know/,
  ],
];

describe('what a superuser falsifies in payments', () => {
  let school: PayingSchool;
  let superuser: pg.Client;
  const codes = { booked: '', waiting: '', matched: '' };
  before(async () => {
    school = await aPayingSchool({ children: 2 });
    const [child, other] = school.children;
    const pays = async (amount: string, billRef: string) =>
      (await school.daraja.payTo(school.account.shortcode, { amount, billRef }))!.transId;
    codes.booked = await pays('100.00', child!.paymentNo);
    codes.waiting = await pays('200.00', 'NOBODY');
    codes.matched = await pays('300.00', 'NOBODY');
    await school.readLists();
    await school.look();
    const bursar = await school.as('bursar');
    const [item] = await sql(school.database, 'select id from payments_suspense where trans_id = $1', [codes.matched]);
    assert.equal(
      (
        await bursar.submit(
          `/payments/suspense/${item!.id}/matches`,
          { 'shares.0.number': other!.paymentNo },
          `/payments/suspense/${item!.id}`,
        )
      ).status,
      303,
    );
    superuser = await school.database.admin();
    assert.deepEqual(await school.differences(), []);
  });
  after(async () => {
    await superuser?.end();
    await school?.stop();
  });

  for (const [what, statement, key, says] of FALSIFIED) {
    it(`is named by the check: ${what}`, async () => {
      const tables = ['payments_suspense', 'payments_outcomes', 'payments_messages', 'payments_claims'];
      await superuser.query("set session_replication_role = 'replica'");
      for (const table of tables) await superuser.query(`create temp table kept_${table} as select * from ${table}`);
      try {
        assert.ok((await superuser.query(statement, [codes[key]])).rowCount! > 0, 'something was falsified');
        assert.match((await school.differences()).join('\n'), new RegExp(says.source.replaceAll('{code}', codes[key])));
      } finally {
        for (const table of tables) {
          await superuser.query(`delete from ${table}`);
          await superuser.query(`insert into ${table} select * from kept_${table}`);
          await superuser.query(`drop table kept_${table}`);
        }
        await superuser.query('reset session_replication_role');
      }
      assert.deepEqual(await school.differences(), []);
    });
  }

  it('is named by the check: a claim that is missing at the platform', async () => {
    const rows = await school.core.sql('delete from callbacks_references where value = $1 returning *', [codes.booked]);
    assert.equal(rows.length, 1);
    assert.match(
      (await school.differences()).join('\n'),
      new RegExp(`${codes.booked} is booked here, and the platform doesn’t know that it is this school’s`),
    );
    await school.core.sql(
      'insert into callbacks_references select * from json_populate_recordset(null::callbacks_references, $1)',
      [JSON.stringify(rows)],
    );
    assert.deepEqual(await school.differences(), []);
  });
});
