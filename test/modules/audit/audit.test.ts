import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { AUDIT_API, type AuditApi, type Verdict } from '../../../src/modules/audit/index.js';
import { canonical } from '../../../src/modules/audit/chain.rules.js';
import { differencesOf } from '../../../src/modules/audit/differences.rules.js';
import { cleanText, HIDDEN, masked, maskedPair } from '../../../src/modules/audit/mask.rules.js';
import { query, unit } from '../../../src/platform/db/index.js';
import { AUDIT, type AuditTrail } from '../../../src/platform/http/ports.js';
import { place, SYSTEM, type Place } from '../identity/support.js';

let here: Place;
let trail: AuditTrail;
let api: AuditApi;

before(async () => {
  here = await place();
  trail = here.first.container.get(AUDIT);
  api = here.first.container.get(AUDIT_API);
});
after(() => here.stop());

const act = (n: number, more: object = {}) =>
  trail.record(SYSTEM, {
    action: 'students.change',
    entity: 'students',
    entityId: `student-${n}`,
    label: `Child ${n}`,
    before: { surname: 'Old' },
    after: { surname: `New ${n}` },
    ...more,
  });
const verify = (): Promise<Verdict> => here.first.run(() => api.verifyChain());

async function sealed(): Promise<void> {
  for (let tries = 0; tries < 60; tries += 1) {
    const [row] = await here.sql<{ n: number }>(
      'select count(*)::int as n from audit_entries e where not exists (select 1 from audit_seals s where s.entry_id = e.id)',
    );
    if (row!.n === 0) return;
    await pause(100);
  }
  assert.fail('not sealed within six seconds');
}

test('entries of many writers are sealed in order within seconds, and the chain is sound', async () => {
  const began = Date.now();
  await Promise.all(Array.from({ length: 40 }, (_one, n) => here.first.run(() => unit(() => act(n)))));
  await sealed();
  assert.ok(Date.now() - began < 5_000);
  const verdict = await verify();
  assert.ok(verdict.sound);
  assert.equal(verdict.seals, (await here.sql('select 1 from audit_entries')).length);
});

test('an act that is rolled back leaves no entry', async () => {
  await assert.rejects(
    here.first.run(() =>
      unit(async () => {
        await act(900);
        throw new Error('no');
      }),
    ),
  );
  assert.equal((await here.sql(`select 1 from audit_entries where entity_id = 'student-900'`)).length, 0);
});

test('the application’s role can neither change nor remove what is written', async () => {
  for (const table of ['audit_entries', 'audit_seals']) {
    for (const statement of [`update ${table} set id = id`, `delete from ${table}`, `truncate ${table}`]) {
      await assert.rejects(
        here.first.run(() => query(`test.${table}.${statement.slice(0, 4)}`, statement)),
        { code: '42501' },
      );
    }
  }
});

test('five kinds of tampering are all found, and the first broken entry is named', async () => {
  const [seal] = await here.sql<{ entry_id: string; seq: string }>('select entry_id, seq from audit_seals where seq = 7');
  const [other] = await here.sql<{ entry_id: string }>('select entry_id from audit_seals where seq = 12');
  const cases: [name: string, tamper: string, expected: { seq: number; entryId?: string | null }][] = [
    [
      'change',
      `update audit_entries set after = '{"surname":"Forged"}' where id = '${seal!.entry_id}'`,
      { seq: 7, entryId: seal!.entry_id },
    ],
    ['delete', `delete from audit_entries where id = '${seal!.entry_id}'`, { seq: 7, entryId: seal!.entry_id }],
    [
      'insert',
      `insert into audit_entries select school_id, gen_random_uuid(), at, actor_id, actor_name, actor_roles, ip, request_id, action, entity, entity_id, label, before, after, reason, mac from audit_entries where id = '${seal!.entry_id}'`,
      { seq: 41 },
    ],
    [
      'cut tail',
      `with gone as (delete from audit_seals where seq > 30 returning entry_id) delete from audit_entries where id in (select entry_id from gone)`,
      { seq: 31 },
    ],
    [
      'swap',
      `update audit_entries a set label = b.label, entity_id = b.entity_id, after = b.after, before = b.before from audit_entries b where (a.id, b.id) in (('${seal!.entry_id}', '${other!.entry_id}'), ('${other!.entry_id}', '${seal!.entry_id}'))`,
      { seq: 7, entryId: seal!.entry_id },
    ],
  ];
  for (const [name, tamper, expected] of cases) {
    await keepCopy();
    await here.sql(tamper);
    await pause(50);
    const verdict = await verify();
    assert.equal(verdict.sound, false, name);
    if (!verdict.sound) assert.equal(verdict.seq, expected.seq, `${name}: ${verdict.what}`);
    await putBack();
    assert.ok((await verify()).sound, `${name} undone`);
  }
});

test('a chain that somebody with all database rights wrote anew differs from the head kept outside', async () => {
  const file = path.join(here.config.data, 'audit', here.school.schoolId, 'head.json');
  const kept = readFileSync(file, 'utf8');
  const { seq } = JSON.parse(kept) as { seq: number };
  writeFileSync(file, JSON.stringify({ seq, hash: 'f'.repeat(64) }));
  const verdict = await verify();
  assert.ok(!verdict.sound);
  assert.equal(verdict.seq, seq);
  writeFileSync(file, kept);
  assert.ok((await verify()).sound);
});

test('what changed on one thing, newest first, field by field', async () => {
  await here.first.run(async () => {
    await act(7, {
      before: { surname: 'New 7', guardians: [{ phone: '1' }] },
      after: { surname: 'Newer', guardians: [{ phone: '2' }] },
    });
    await trail.record(SYSTEM, { action: 'students.read', entity: 'students', entityId: 'student-7' });
    const [newest, older, none] = await api.trailOf('students', 'student-7', 10);
    assert.deepEqual(newest!.differences, [
      { field: 'surname', before: 'New 7', after: 'Newer' },
      { field: 'guardians.0.phone', before: '1', after: '2' },
    ]);
    assert.equal(older!.after!.surname, 'New 7');
    assert.equal(none, undefined);
  });
});

test('secrets never get in; sensitive values are hidden but their change is not', () => {
  const given = {
    name: 'Amina',
    password: 'x1',
    passwordHash: 'x2',
    otp_code: 'x3',
    totpSecret: 'x4',
    refreshToken: 'x5',
    medicalNotes: 'x6',
    nationalId: 'x7',
    bank: { accountNumber: 'x8' },
    mustSetPassword: true,
    when: new Date(0),
    list: [{ secret: 'x9' }],
  };
  const text = JSON.stringify(masked(given));
  for (let n = 1; n <= 9; n += 1) assert.ok(!text.includes(`x${n}`), `x${n} in ${text}`);
  assert.match(text, /Amina/);
  assert.match(text, /"mustSetPassword":true/);
  const { before, after } = maskedPair({ medicalNotes: 'asthma' }, { medicalNotes: 'none' });
  assert.equal(before!.medicalNotes, HIDDEN);
  assert.equal(differencesOf(before, after).length, 1);
  assert.equal(cleanText('a\0b\ud800c'), 'ab\ufffdc');
});

test('awkward texts survive the way through the database and still prove genuine', async () => {
  await here.first.run(() =>
    unit(() =>
      act(55, {
        label: 'Ọ̀rọ̀ \ud800 \0 "q" 😀',
        after: { a: 1e21, b: 0.1, c: 'x\0y', d: '\udfff', e: [null, undefined, Number.NaN], é: 'ü', z: {}, Z: [] },
        reason: '<script>',
      }),
    ),
  );
  await sealed();
  assert.ok((await verify()).sound);
});

test('the canonical text does not depend on the order of keys', () => {
  assert.equal(canonical({ b: [1, { y: null, x: 'é' }], a: undefined, c: true }), '{"b":[1,{"x":"é","y":null}],"c":true}');
});

async function keepCopy(): Promise<void> {
  for (const table of ['audit_entries', 'audit_seals'])
    await here.sql(`create table if not exists kept_${table} as table ${table}`);
}

async function putBack(): Promise<void> {
  for (const table of ['audit_seals', 'audit_entries']) {
    await here.sql(`delete from ${table}`);
    await here.sql(`insert into ${table} select * from kept_${table}`);
    await here.sql(`drop table kept_${table}`);
  }
}
