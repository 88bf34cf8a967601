import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { OFFERS } from '../../../../src/platform/tokens.js';
import type { Student } from '../../../../src/modules/students/index.js';
import type { Answer, Browser } from '../../../support/browser.js';
import { sql } from '../../../support/database/sql.js';
import { aStudent } from '../../../support/people/students.js';
import { withFees, type SchoolWithFees } from '../../fees/support.js';

const BEARERS = 11;
const textOf = (html: string): string =>
  html
    .replace(/<[^>]+>/g, ' ')
    .replace(/&#39;/g, "'")
    .replace(/\s+/g, ' ');

describe('a search', () => {
  let school: SchoolWithFees;
  let bursar: Browser;
  let bearers: Student[];

  before(async () => {
    school = await withFees();
    bursar = await school.as('bursar', 'registrar');
    // Those who are merely called so by another name, or have a guardian of that name, come first by the alphabet.
    for (let n = 0; n < 10; n += 1)
      await aStudent(school, {
        surname: 'Abdi',
        firstName: `Amina${'abcdefghij'[n]!}`,
        guardians: [{ fullName: 'Peter Otieno', phone: `+2547224819${10 + n}` }],
      });
    await aStudent(school, { surname: 'Achieng', firstName: 'Otieno' });
    await aStudent(school, { surname: 'Akinyi', firstName: 'Beryl', middleName: 'Otieno' });
    bearers = [];
    for (let n = 0; n < BEARERS; n += 1)
      bearers.push(await aStudent(school, { surname: 'Otieno', firstName: `Zawadi${'abcdefghijk'[n]!}` }));
    await aStudent(school, {
      surname: "Ng'ang'a",
      firstName: 'James',
      guardians: [{ fullName: 'Ruth “Mama” O’Brien', phone: '+254733123456' }],
    });
  });
  after(() => school?.stop());

  const order = (html: string): string[] =>
    [...html.matchAll(/<b>(Otieno|Achieng|Akinyi|Abdi)<\/b>/g)].map(([, surname]) => surname!);
  const expected = [
    ...Array.from({ length: BEARERS }, () => 'Otieno'),
    'Achieng',
    'Akinyi',
    ...Array.from({ length: 10 }, () => 'Abdi'),
  ];

  it('for a surname with eleven bearers shows them first in the palette, and the way to all', async () => {
    const { html } = await bursar.get('/search?q=otieno');
    assert.deepEqual(order(html), expected.slice(0, 8));
    assert.match(html, /by surname/);
    const all = /href="(\/students\?q=otieno[^"]*)"/.exec(html)![1]!.replaceAll('&amp;', '&');
    assert.deepEqual(order((await bursar.get(all)).html), expected);
  });

  it('the same at the cashier’s', async () => {
    const { html } = await bursar.get('/fees/cashier?q=otieno');
    assert.deepEqual(order(html), expected.slice(0, 8));
    const all = await bursar.get('/fees/cashier?q=otieno&all=1');
    assert.match(html, /q=otieno&amp;all=1/);
    assert.deepEqual(order(all.html), expected);
    assert.match(textOf(all.html), /by a guardian’s name/);
  });

  it('the same in the list, page by page, each with what was found', async () => {
    const seen: string[] = [];
    let path: string | null = '/students?q=otieno&limit=5';
    for (let page = 0; path; page += 1) {
      const { html }: { html: string } = await bursar.get(path);
      seen.push(...order(html));
      path = /href="([^"]*cursor=[^"]*)" rel="next"/.exec(html)?.[1]?.replaceAll('&amp;', '&') ?? null;
      assert.ok(page < 10);
    }
    assert.deepEqual(seen, expected);
    const { html } = await bursar.get('/students?q=otieno');
    for (const why of ['by surname', 'by first name', 'by another name', 'by a guardian’s name'])
      assert.match(textOf(html), new RegExp(why));
    assert.deepEqual(
      order((await bursar.get('/students?q=otieno&sort=name')).html),
      [...expected].sort(),
      'whoever sorts by name gets the names',
    );
  });

  it('the same in the API', async () => {
    const token = await bursar.token('person1@school.test', 'correct-horse-battery-staple-7');
    const found: { surname: string; found_by: string }[] = [];
    let cursor: string | null = null;
    do {
      const answer: Answer = await bursar.json(
        'GET',
        `/api/v1/students?q=otieno&limit=9${cursor ? `&cursor=${cursor}` : ''}`,
        undefined,
        { authorization: `Bearer ${token}` },
      );
      const page = answer.json<{ data: { surname: string; found_by: string }[]; next: string | null }>();
      found.push(...page.data);
      cursor = page.next;
    } while (cursor !== null);
    assert.deepEqual(
      found.map(({ surname }) => surname),
      expected,
    );
    assert.deepEqual([...new Set(found.map(({ found_by }) => found_by))], ['surname', 'first-name', 'other-name', 'guardian']);
  });

  it('with more words takes those whom all of them mean most', async () => {
    const { html } = await bursar.get('/search?q=zawadic%20otieno');
    assert.deepEqual(order(html), ['Otieno']);
    assert.deepEqual(
      order((await bursar.get('/students?q=amina%20otieno')).html),
      Array.from({ length: 10 }, () => 'Abdi'),
    );
  });

  it('works with every filter at once, whatever words are looked for', async () => {
    const stream = bearers[0]!.streamId!;
    for (const words of ['otieno', 'otieno zawadia', 'zawadib otieno 2026', '2026', '123'])
      for (const rest of [
        `stream=${stream}&class=${bearers[0]!.classId}&status=active&boarding=day&sex=F&missing=photo`,
        `stream=${stream}&class=${bearers[0]!.classId}&status=active&boarding=day&sex=F&sort=-admission_no`,
      ])
        for (const path of ['/students', '/students/guardians'])
          assert.equal(
            (await bursar.get(`${path}?q=${encodeURIComponent(words)}&${rest}`)).status,
            200,
            `${path} ${words} ${rest}`,
          );
    assert.deepEqual(
      order(
        (
          await bursar.get(
            `/students?q=zawadic%20otieno&stream=${stream}&class=${bearers[0]!.classId}&status=active&boarding=day&sex=F&missing=photo`,
          )
        ).html,
      ),
      ['Otieno'],
    );
  });

  it('finds names by their letters, and phones by their last digits', async () => {
    for (const typed of [
      'nganga',
      "ng'ang'a",
      'Ng’ang’a',
      '"nganga"',
      'obrien',
      '3456',
      '123456',
      '0733 123 456',
      '+254 733 123456',
    ])
      for (const path of ['/search', '/students', '/fees/cashier'])
        assert.match(
          (await bursar.get(`${path}?q=${encodeURIComponent(typed)}`)).html,
          /<b>Ng(&#39;|')ang(&#39;|')a<\/b>/,
          `${path} ${typed}`,
        );
    for (const typed of ['456', '9999'])
      assert.doesNotMatch((await bursar.get(`/students?q=${typed}`)).html, /ang(&#39;|')a<\/b>/, typed);
    assert.match((await bursar.get('/students/guardians?q=obrien')).html, /Brien/);
    assert.match((await bursar.get('/students/guardians?q=3456')).html, /Brien/);
  });

  it('by a guardian is for those who see guardians', async () => {
    const cashier = await school.as('bursar');
    assert.match((await cashier.get('/fees/cashier?q=733123456')).html, /ang(&#39;|')a<\/b>/);
    await sql(
      school.database,
      "insert into identity_role_permissions (school_id, id, role, permission, granted) select school_id, gen_random_uuid(), 'bursar', 'students.contacts', false from identity_settings",
    );
    await sql(school.database, 'update identity_settings set permissions_version = permissions_version + 1');
    const alone = await school.as('bursar');
    for (const typed of ['733123456', '3456', 'obrien', 'peter'])
      assert.match((await alone.get(`/fees/cashier?q=${typed}`)).html, /No one with that name/, typed);
    assert.match((await alone.get('/fees/cashier?q=nganga')).html, /ang(&#39;|')a<\/b>/, 'its own name still leads to the child');
  });

  it('finds pages and things to do by their names, as far as somebody may open them', async () => {
    const owner = await school.as('owner');
    const teacher = await school.as('teacher');
    const { html } = await owner.get('/search?q=fees');
    assert.match(html, /href="\/fees"/);
    assert.match(html, /href="\/fees\/cashier"/);
    assert.doesNotMatch((await teacher.get('/search?q=fees')).html, /href="\/fees/);
    assert.match((await owner.get('/search?q=new%20stud')).html, /href="\/students\/new"/);
    const wrong: string[] = [];
    for (const { href, label } of school.get(OFFERS)) {
      const shown = (await owner.get(`/search?q=${encodeURIComponent(label)}`)).html.includes(`href="${href}"`);
      const { status } = await owner.get(href);
      if (!shown || ![200, 303].includes(status)) wrong.push(`${label} ${href} ${status} ${shown}`);
    }
    assert.deepEqual(wrong, []);
  });

  it('finds receipts, invoices and codes by their numbers', async () => {
    const [child] = bearers;
    const invoice = await school.bill(child!.id, { TUI: 720_000 });
    const paid = await school.pay(child!.id, 100_000, {
      method: 'mobile',
      references: [{ scheme: 'mpesa', issuer: '', value: 'SLP9XYZ123' }],
    });
    const number = (
      await sql<{ number: string }>(school.database, `select number from fees_receipts where payment_id = '${paid.paymentId}'`)
    )[0]!.number;
    const owner = await school.as('owner');
    assert.match((await owner.get(`/search?q=${number}`)).html, new RegExp(`/fees/payments/${paid.paymentId}`));
    assert.match((await owner.get('/search?q=slp9xyz')).html, new RegExp(`/fees/payments/${paid.paymentId}`));
    assert.match((await owner.get('/search?q=t0001')).html, new RegExp(`/fees/invoices/${invoice}`));
    const registrar = await school.as('registrar');
    for (const typed of [number, 'slp9xyz', 't0001'])
      assert.doesNotMatch((await registrar.get(`/search?q=${typed}`)).html, /\/fees\/(payments|invoices)\//, typed);
  });

  it('finds words again that were written before they had ranks', async () => {
    await sql(school.database, "update students_terms set term = substr(term, 2), sort_name = ''");
    assert.deepEqual(order((await bursar.get('/search?q=otieno')).html), []);
    const { rankTerms } = await import('../../../../src/modules/students/search/adapters/terms.js');
    const { STUDENT_STORE } = await import('../../../../src/modules/students/ports.js');
    const { UNIT } = await import('../../../../src/platform/tokens.js');
    await school.run(() => rankTerms(school.get(STUDENT_STORE), school.get(UNIT)));
    assert.deepEqual(order((await bursar.get('/search?q=otieno')).html), expected.slice(0, 8));
  });
});
