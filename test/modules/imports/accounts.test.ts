import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { IDENTITY } from '../../../src/modules/identity/index.js';
import { readRoles } from '../../../src/modules/hr/importing/adapters/account-columns.js';
import { aSchool, type SchoolUnderTest } from '../../support/app.js';
import type { Browser } from '../../support/browser.js';
import { sql } from '../../support/database/sql.js';
import { check, countOf, counts, registerDigest, textOf, undo, write } from './support.js';

describe('roles as a list writes them', () => {
  const cases: [string, string[], string[]][] = [
    ['Teacher', ['teacher'], []],
    ['class-teacher; Teacher', ['class-teacher', 'teacher'], []],
    ['HR officer and bursar', ['hr-officer', 'bursar'], []],
    ['teacher, Teacher', ['teacher'], []],
    ['Boss', [], ['Boss']],
    ['guardian', [], ['guardian']],
  ];
  for (const [text, roles, unknown] of cases) it(text, () => assert.deepEqual(readRoles(text), { roles, unknown }));
});

describe('accounts by a list of staff', () => {
  let school: SchoolUnderTest;
  let head: Browser;
  before(async () => {
    school = await aSchool({ background: true });
    head = await school.as('head', 'administrator');
  });
  after(() => school?.stop());

  const HEADS = 'Staff number,Surname,First name,Job,Category,Email,Phone,Account roles,Way in\n';
  const sheet = (...rows: string[]) => ({ name: 'staff.csv', kind: 'staff', body: `${HEADS}${rows.join('\n')}\n` });
  const users = (): Promise<number> => countOf(school, 'identity_users', "person_kind = 'staff'");

  it('makes none where no role stands, and says of each row why it can’t', async () => {
    const found = await check(
      head,
      sheet(
        'A/1,Mutua,Daniel,Teacher,Teaching,a1@example.org,,,',
        'A/2,Auma,Jane,Teacher,Teaching,,,Teacher,',
        'A/3,Kip,Ann,Teacher,Teaching,a3@example.org,,Boss,',
        'A/4,Otieno,Tom,Bursar,Non-teaching,a4@example.org,,Owner,',
        'A/5,Wafula,Ben,Teacher,Teaching,a5@example.org,,Teacher,',
        'A/6,Wafula,Bob,Teacher,Teaching,A5@example.org,,Teacher,',
        'A/7,Omondi,Eve,Teacher,Teaching,a7@example.org,,"Teacher, bursar",',
      ),
    );
    assert.deepEqual([counts(found.text).fresh, counts(found.text).errors], [2, 5]);
    for (const words of [
      /Enter an email address or phone number/,
      /There is no role “Boss”/,
      /Only an owner can add or remove an owner/,
      /only an owner can give or remove it/,
      /Row 6 would sign in with the same address/,
    ])
      assert.match(found.text, words);
    await head.submit(`${found.path}/discard`, {}, found.path);
    assert.equal(await users(), 0);
  });

  it('invites by mail, gives slips to the others, and takes all of it back while nobody has come in', async () => {
    const before = await registerDigest(school);
    const list = sheet(
      'B/1,Mutua,Daniel,Teacher,Teaching,b1@example.org,,"Teacher, librarian",',
      'B/2,Auma,Jane,Teacher,Teaching,,0722 111 002,Teacher,',
      'B/3,Kip,Ann,Cook,Non-teaching,,0722 111 003,,',
      'B/4,Okoth,Joy,Teacher,Teaching,b4@example.org,,Teacher,Slip',
    );
    const found = await check(head, list);
    assert.equal(counts(found.text).errors, 0, found.text);
    const done = await write(head, found.path);
    assert.equal(done.status, 'done', done.text);
    assert.deepEqual(
      (
        await sql(
          school.database,
          "select name, state, must_set_password from identity_users where person_kind = 'staff' order by name",
        )
      ).map((row) => Object.values(row)),
      [
        ['Daniel Mutua', 'invited', false],
        ['Jane Auma', 'active', true],
        ['Joy Okoth', 'active', true],
      ],
    );
    assert.equal(
      await countOf(
        school,
        'audit_entries',
        "action = 'identity.account.create' and label in ('Daniel Mutua', 'Jane Auma', 'Joy Okoth')",
      ),
      3,
    );
    const [, slips] = /href="(\/hr\/staff\/accounts\/slips\/[0-9a-f-]+)"/.exec(done.html)!;
    const page = textOf((await head.get(slips!)).html);
    assert.match(page, /2 accounts are ready/);
    assert.match(page, /Print them within 60 minutes/);
    assert.match(page, /0722 111 002/);
    assert.equal((await head.get(`${slips}/print`)).headers['content-type'], 'application/pdf');
    assert.equal((await (await school.as('owner')).get(slips!)).status, 404, 'slips are for whoever made them');

    const again = await check(head, { ...list, mode: 'both' });
    assert.equal(counts(again.text).changed, 0);
    assert.match(again.text, /already has an account; it will not change/);

    assert.equal((await undo(head, found.path)).status, 'undone');
    assert.equal(await users(), 0);
    assert.deepEqual(await registerDigest(school), { ...before, hr_slips: (await registerDigest(school)).hr_slips });
  });

  it('is not taken back once somebody has changed one of the accounts', async () => {
    const found = await check(head, sheet('C/1,Mutua,Daniel,Teacher,Teaching,c1@example.org,,Teacher,'));
    await write(head, found.path);
    const [account] = await sql<{ id: string; person_id: string }>(
      school.database,
      "select id, person_id from identity_users where email = 'c1@example.org'",
    );
    await school.run(() => school.get(IDENTITY).disableAccountOf('staff', account!.person_id, school.office));
    const refused = await undo(head, found.path);
    assert.equal(refused.status, 'done');
    assert.match(refused.text, /1 of these accounts have been used or changed since/);
  });

  it('gives accounts to people who are here, by the number alone, and never what the sender may not give', async () => {
    const staff = await check(head, sheet('D/1,Barasa,Paul,Teacher,Teaching,d1@example.org,,,'));
    await write(head, staff.path);
    const update = { name: 'accounts.csv', kind: 'staff', mode: 'update', body: 'Staff number,Account roles\nD/1,Teacher\n' };
    const officer = await check(await school.as('hr-officer'), update);
    assert.match(officer.text, /You can’t create accounts/);
    const found = await check(head, update);
    assert.equal(counts(found.text).changed, 1, found.text);
    await write(head, found.path, { confirm: '1' });
    assert.equal(await countOf(school, 'identity_users', "email = 'd1@example.org'"), 1);
  });
});
