import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { aSchool, type SchoolUnderTest } from '../../support/app.js';
import { sql } from '../../support/database/sql.js';
import type { Browser } from '../../support/browser.js';
import { readAll } from '../../support/sheets/read.js';
import { check, countOf, counts, messyWorkbook, registerDigest, send, settled, textOf, undo, write } from './support.js';

// More than one batch is read and written in.
const messy = messyWorkbook(1100);

describe('a messy workbook on its way into the register', () => {
  let school: SchoolUnderTest;
  let registrar: Browser;
  let first: { path: string; status: string; text: string; html: string };
  let before2: Record<string, string>;
  let rejects: Buffer;

  before(async () => {
    school = await aSchool({ background: true });
    registrar = await school.as('registrar');
    before2 = await registerDigest(school);
  });
  after(() => school.stop());

  it('is looked at first: counts, columns as they were matched, every mistake by row and column, and nothing written', async () => {
    first = await check(registrar, { name: 'Register 2026.xlsx', body: messy.book });
    assert.equal(first.status, 'checked', first.text.slice(0, 2000));
    const found = counts(first.text);
    assert.equal(found.errors, messy.wrong.size);
    assert.equal(found.fresh, messy.rows - messy.wrong.size);
    assert.match(first.text, /D\.O\.B Date of birth/);
    assert.match(first.text, /Mother Tel Guardian 1 phone/);
    assert.match(first.text, /Father Name Guardian 2 name/);
    assert.match(first.text, /Remarks skipped/);
    assert.match(first.text, /sheet “Learners”/);
    assert.deepEqual(await registerDigest(school), before2);
  });

  it('names each wrong row with its words and frames the cell', async () => {
    const seen = new Map<number, string>();
    for (let page = first.html; ;) {
      for (const [line, rowNo] of page.matchAll(/<tr><td class="n faint">(\d+)<\/td>.*?<\/tr>/g)) seen.set(Number(rowNo), line);
      const next = /href="([^"]*)" rel="next"/.exec(page)?.[1]?.replaceAll('&amp;', '&');
      if (!next) break;
      page = (await registrar.get(next)).html;
    }
    assert.deepEqual(
      [...seen.keys()].sort((a, b) => a - b),
      [...messy.wrong.keys()].sort((a, b) => a - b),
    );
    for (const [rowNo, words] of messy.wrong) {
      assert.match(textOf(seen.get(rowNo)!), words);
      assert.match(seen.get(rowNo)!, /class="errcell"/);
    }
  });

  it('gives back the wrong rows with the reason beside each', async () => {
    const answer = await registrar.get(`${first.path}/rejects?format=xlsx`);
    assert.equal(answer.status, 200);
    rejects = answer.body;
    const read = await readAll(rejects, {}, 'rejects.xlsx');
    assert.equal(read.rows.length, messy.wrong.size);
    assert.ok(read.headers[0]!.headers.includes('What to correct'));
    const csv = await registrar.get(`${first.path}/rejects?format=csv`);
    assert.match(csv.html, /There is no class ""Grade 7 North""/);
  });

  it('writes the valid rows: children, guardians who share a phone, classes, numbers and search words', async () => {
    const done = await write(registrar, first.path);
    assert.equal(done.status, 'done', done.text.slice(0, 1500));
    const written = messy.rows - messy.wrong.size;
    assert.equal(await countOf(school, 'students'), written);
    assert.equal(await countOf(school, 'students_enrolments', 'left_on is null'), written);
    assert.equal(await countOf(school, 'students_status_changes'), written);
    assert.ok(
      (await countOf(school, 'students_guardians')) < (await countOf(school, 'students_guardianships')),
      'siblings share a guardian',
    );
    assert.equal(await countOf(school, 'students_guardianships', "relationship = 'mother'"), written);
    assert.equal(
      await countOf(school, 'students', "born_on = '2008-01-01'"),
      await countOf(school, 'students', "born_on = '2008-01-01' and extract(day from born_on) = 1"),
    );
    assert.equal(await countOf(school, 'audit_entries', "action = 'students.import'"), 1);
    const found = await registrar.get(`/students?q=${encodeURIComponent('olanrewaju')}&status=all`);
    assert.match(found.html, /Ọláńrewájú/);
    assert.match((await registrar.get('/students?q=0722000000')).html, /class="name/);
  });

  it('stands in what changed of each child, with the file, who brought it, and a link to it', async () => {
    const [one] = await sql<{ id: string }>(school.database, 'select id from students limit 1');
    const { html } = await registrar.get(`/students/${one!.id}?tab=history`);
    assert.match(html, new RegExp(`<a href="${first.path}">Register 2026\\.xlsx</a>`));
  });

  it('changes nothing when the same file comes again', async () => {
    const now = await registerDigest(school);
    for (const mode of ['create', 'both']) {
      const again = await check(registrar, { name: 'Register 2026.xlsx', body: messy.book, mode });
      const found = counts(again.text);
      assert.equal(found.fresh, 0, mode);
      assert.equal(found.changed, 0, mode);
      assert.equal(found.same + found.errors, messy.rows, mode);
      assert.match(again.text, /nothing to import until the rows below are corrected|in the register already/);
    }
    assert.deepEqual(await registerDigest(school), now);
  });

  it('takes the corrected reject file as it is', async () => {
    const corrected = await correct(rejects);
    const second = await check(registrar, { name: 'corrected.csv', body: corrected });
    assert.equal(counts(second.text).errors, 0, second.text.slice(0, 3000));
    assert.equal(counts(second.text).fresh, messy.wrong.size);
    assert.equal((await write(registrar, second.path)).status, 'done');
    assert.equal(await countOf(school, 'students'), messy.rows);
    const back = await undo(registrar, second.path);
    assert.equal(back.status, 'undone', back.text.slice(0, 1500));
    assert.equal(await countOf(school, 'students'), messy.rows - messy.wrong.size);
  });

  it('is taken back whole, row for row, unless somebody has worked with what it made', async () => {
    const [child] = (await registrar.get('/students?q=khadija')).html.match(/\/students\/[0-9a-f-]{36}/)!;
    await registrar.submit(
      `${child}/status-changes`,
      { step: 'suspend', reason: 'other', on: '2026-11-02' },
      `${child}/status-changes/new?step=suspend`,
    );
    const refused = await undo(registrar, first.path);
    assert.equal(refused.status, 'done');
    assert.match(refused.text, /can’t be undone because of later changes\..* has been changed since/);
    const admin = await school.database.admin();
    await admin.query("delete from students_status_changes where reason <> 'imported'");
    await admin.query("update students set status = 'active' where status = 'suspended'");
    await admin.end();
    const still = await undo(registrar, first.path);
    assert.match(still.text, /has been changed since/, 'a change that was taken back by hand is a change');
  });

  it('leaves every table as it was', async () => {
    const fresh = await aSchool({ background: true });
    try {
      const person = await fresh.as('registrar');
      const sister = await check(person, {
        name: 'a.csv',
        body: 'Adm no,Surname,First name,Sex,Class,Guardian 1 name,Guardian 1 phone\nA1,Mutua,Ann,F,7 East,Mutua John,0722111222\n',
      });
      await write(person, sister.path);
      const untouched = await registerDigest(fresh);
      const { path: at, status } = await check(person, { name: 'Register.xlsx', body: messy.book, mode: 'both' });
      assert.equal(status, 'checked');
      assert.equal((await write(person, at)).status, 'done');
      const update = await check(person, {
        name: 'b.csv',
        mode: 'update',
        body: 'Adm no,Class,Guardian 1 name,Guardian 1 phone,Guardian 1 occupation,Religion\nA1,8 West,Mutua John,0722333444,Farmer,Christian\n',
      });
      assert.match(update.text, /1 update someone/);
      assert.equal((await write(person, update.path)).status, 'done');
      assert.equal(await countOf(fresh, 'students_guardians', "phone = '+254722333444' and occupation = 'Farmer'"), 1);
      assert.equal(await countOf(fresh, 'students_terms', "term = '60722333444'"), 1);
      assert.equal((await undo(person, update.path)).status, 'undone');
      assert.equal((await undo(person, at)).status, 'undone');
      assert.deepEqual(await registerDigest(fresh), untouched);
      assert.equal(await countOf(fresh, 'audit_entries', "action like 'students.import-undo%'"), 2);
    } finally {
      await fresh.stop();
    }
  });

  it('shows all files with what became of them, and throws away what was never written', async () => {
    const sent = await send(registrar, { name: 'thrown away.csv', body: 'Surname,First name,Sex\nMutua,Ann,F\n' });
    await settled(registrar, sent.location!);
    assert.equal((await registrar.submit(`${sent.location!}/discard`, {}, sent.location!)).location, '/imports');
    const list = textOf((await registrar.get('/imports')).html);
    assert.doesNotMatch(list.replace(/The file was discarded[^.]*\./, ''), /thrown away\.csv/);
    assert.match(list, /corrected\.csv Students .* Undone/);
    assert.match(list, /Register 2026\.xlsx Students .* Imported/);
  });
});

/** As a person would: put right what the last column says, and send the rest as it came. */
async function correct(workbook: Buffer): Promise<string> {
  const { headers, rows } = await readAll(workbook, {}, 'rejects.xlsx');
  const heads = headers[0]!.headers;
  const at = (words: RegExp): number => heads.findIndex((head) => words.test(head));
  const reason = at(/What to correct/);
  const lines = rows.map(({ cells }, index) => {
    const said = String(cells[reason]);
    if (/not a date/.test(said)) cells[at(/D\.O\.B/)] = '28/02/2014';
    if (/no class/.test(said)) cells[at(/Stream/)] = 'Grade 7 East';
    if (/First name is missing/.test(said)) cells[at(/First/)] = `Pendo${String.fromCharCode(97 + (index % 26))}`;
    if (/phone/.test(said)) cells[at(/Mother Tel/)] = `0744 ${String(100_000 + index)}`;
    if (/admission number/.test(said)) cells[at(/ADM/)] = `MH/9${String(index).padStart(3, '0')}`;
    if (/Sex/.test(said)) cells[at(/Gender/)] = 'F';
    return cells.map((cell) => `"${String(cell ?? '').replaceAll('"', '""')}"`).join(';');
  });
  return [heads.map((head) => `"${head}"`).join(';'), ...lines].join('\r\n');
}
