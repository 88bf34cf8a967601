import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import test, { after, before } from 'node:test';
import { IDENTITY } from '../../../src/modules/identity/index.js';
import { anOffice, type Office } from '../subjects/support.js';

let office: Office;
before(async () => {
  office = await anOffice();
});
after(() => office.stop());

const text = (html: string) => html.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ');

function words(pdf: Buffer): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'aims-slips-'));
  try {
    writeFileSync(path.join(folder, 'slips.pdf'), pdf);
    return execFileSync('pdftotext', ['-layout', path.join(folder, 'slips.pdf'), '-'], { encoding: 'utf8' });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

test('ticked people get accounts; who has one, has left or can’t be reached is said and left out', async () => {
  const [mail, phone, shared, nothing, gone] = await Promise.all([
    office.hire('Mail', { email: 'mail@example.org' }),
    office.hire('Phone', { phone: '+254722111001' }),
    office.hire('Shared', { phone: '+254722111001' }),
    office.hire('Nothing'),
    office.hire('Gone', { email: 'gone@example.org' }),
  ]);
  office.as('head');
  await office.send(`/hr/staff/${gone.id}/leaving`, { leftOn: '2026-09-01', reason: 'Retired' });
  const ids = [mail, phone, shared, nothing, gone].map((one) => one.id);
  const form = text((await office.visit(`/hr/staff/accounts/new?${ids.map((id) => `staff=${id}`).join('&')}`)).html);
  assert.match(form, /3 of 5 get an account/);
  assert.match(form, /Nothing Jane Teacher Has no email or phone/);
  assert.match(form, /Gone Jane .* Has left/);
  assert.equal((await office.send('/hr/staff/accounts', { staff: ids })).status, 422, 'a role is chosen');
  const refused = await office.send('/hr/staff/accounts', { staff: ids, roles: 'owner' });
  assert.equal(refused.status, 422);
  assert.match(refused.html, /Only an owner can add or remove an owner/);
  assert.equal((await office.run(() => office.get(IDENTITY).accountsOf('staff', ids))).length, 0, 'all or none');

  const made = await office.send('/hr/staff/accounts', { staff: ids, roles: ['teacher', 'guardian'] });
  assert.equal(made.status, 303, text(made.html));
  const accounts = await office.run(() => office.get(IDENTITY).accountsOf('staff', ids));
  assert.equal(accounts.length, 3);
  assert.ok(accounts.every((one) => one.roles.join() === 'teacher'));
  const page = await office.visit(made.location!);
  assert.match(text(page.html), /3 accounts are ready/);
  assert.match(text(page.html), /Print them within 10 minutes/);
  assert.match(text(page.html), /codes to 0722 111 001/);

  const printed = await office.visit(`${made.location}/print`);
  assert.equal(printed.type, 'application/pdf');
  const paper = words(printed.body);
  assert.match(paper, /mail@example\.org/);
  assert.match(paper, /0722 111 001/);
  assert.match(paper, /A code will be sent to this phone/);
  assert.equal((await office.visit(`/hr/staff/accounts/new?staff=${mail.id}`)).html.includes('Already has an account'), true);
  const second = await office.send('/hr/staff/accounts', { staff: [mail.id, phone.id], roles: 'teacher' });
  assert.match(second.html, /None of these people can get an account/);
});

test('a password is on the paper and nowhere in the database; the slips are one person’s, for ten minutes', async () => {
  const staff = await office.hire('Paper', { email: 'paper@example.org' });
  const maker = office.as('owner');
  const made = await office.send('/hr/staff/accounts', { staff: staff.id, roles: 'teacher' });
  const paper = words((await office.visit(`${made.location}/print`)).body);
  const password = /One-time password\s+(\S+(?: \S+)?)/.exec(paper)?.[1]?.trim();
  assert.ok(password && password.length >= 8, paper);
  const tables = await office.sql<{ name: string }>(
    "select quote_ident(table_schema) || '.' || quote_ident(table_name) as name from information_schema.tables where table_schema not in ('pg_catalog', 'information_schema') and table_type = 'BASE TABLE'",
  );
  for (const { name } of tables) {
    const found: unknown[] = await office.sql(
      `select 1 from ${name} t where position($1 in t::text) > 0 or position($2 in t::text) > 0`,
      [password, Buffer.from(password).toString('hex')],
    );
    assert.equal(found.length, 0, name);
  }

  office.as('owner');
  assert.equal((await office.visit(made.location!)).status, 404, 'another owner');
  assert.equal((await office.visit(`${made.location}/print`)).status, 404);
  office.as('hr-officer');
  assert.equal((await office.visit(made.location!)).status, 403);
  const again = await office.sql<{ count: number }>('select count(*)::int as count from hr_slips where user_id = $1', [
    maker.userId,
  ]);
  assert.equal(again[0]!.count, 1);
  office.clock.set('2026-09-08T08:10:01Z');
  await office.job('hr.forget-slips', {});
  assert.equal((await office.sql('select 1 from hr_slips')).length, 0);
});
