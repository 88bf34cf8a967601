import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { SCHOOL, type AcademicYear } from '../../../src/modules/school/index.js';
import { SUBJECTS } from '../../../src/modules/subjects/index.js';
import type { Browser } from '../../support/browser.js';
import { textOfPdf } from '../../support/reading/pdf.js';
import { countRows, sql } from '../../support/database/sql.js';
import { aSchool } from '../../support/app.js';
import { withBooks, type SchoolWithBooks } from '../finance/support.js';

const text = (html: string): string => html.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ');

describe('fee structures', () => {
  let school: SchoolWithBooks;
  let bursar: Browser;
  let grade7: string;
  let year: AcademicYear;
  let tuition: string;
  let admission: string;

  const addHead = async (given: Record<string, string>): Promise<string> => {
    const answer = await bursar.submit(
      '/fees/vote-heads',
      { kind: 'income', frequency: 'term', mandatory: 'on', priority: '1', accountId: school.account('fees'), ...given },
      '/fees/vote-heads/new',
    );
    assert.equal(answer.status, 303, text(answer.html));
    return (await sql(school.database, 'select id from fees_vote_heads where code = $1', [given.code!.toUpperCase()]))[0]!.id!;
  };
  const draft = async (given: Record<string, string | string[]>): Promise<string> => {
    const answer = await bursar.submit('/fees/structures', { yearId: year.id, ...given }, '/fees/structures/new');
    return /structures\/([0-9a-f-]+)\/amounts/.exec(answer.location ?? text(answer.html))![1]!;
  };
  const version = async (id: string): Promise<string> =>
    String(
      (await sql<{ version: number }>(school.database, 'select version from fees_structures where id = $1', [id]))[0]!.version,
    );
  const setAmounts = async (id: string, amounts: Record<string, string>) =>
    bursar.submit(`/fees/structures/${id}/amounts`, { version: await version(id), ...amounts });
  const publish = (id: string) => bursar.submit(`/fees/structures/${id}/publication`, {});
  const box = (head: string, term: number): string => `amounts.${head}.${year.terms[term]!.id}`;

  before(async () => {
    school = await withBooks();
    bursar = await school.as('bursar');
    [grade7, year] = await school.run(async () => [
      (await school.get(SUBJECTS).classList()).classes.find((one) => one.name === 'Grade 7')!.id,
      await school.get(SCHOOL).currentYear(),
    ]);
    tuition = await addHead({ code: 'tui', name: 'Tuition' });
    admission = await addHead({ code: 'ADM', name: 'Admission', frequency: 'once', priority: '2' });
  });
  after(() => school.stop());

  it('are read by the office, written by the bursar, and no business of a teacher', async () => {
    const [teacher, registrar] = [await school.as('teacher'), await school.as('registrar')];
    for (const path of ['/fees', '/fees/vote-heads']) {
      assert.equal((await teacher.get(path)).status, 403, path);
      assert.equal((await registrar.get(path)).status, 200, path);
    }
    for (const path of ['/fees/vote-heads/new', '/fees/structures/new'])
      assert.equal((await registrar.get(path)).status, 403, path);
    assert.doesNotMatch((await registrar.get('/fees/vote-heads')).html, /closing/);
  });

  it('are made of vote heads, each code once, each in an account that fits its kind', async () => {
    const twice = await bursar.submit(
      '/fees/vote-heads',
      { code: 'TUI', name: 'Tuition again', kind: 'income', frequency: 'term', priority: '1', accountId: school.account('fees') },
      '/fees/vote-heads/new',
    );
    assert.match(twice.html, /Another vote head already has this code/);
    const wrong = await bursar.submit(
      '/fees/vote-heads',
      { code: 'CAU', name: 'Caution', kind: 'deposit', frequency: 'once', priority: '1', accountId: school.account('fees') },
      '/fees/vote-heads/new',
    );
    assert.match(wrong.html, /not the school’s/);
    assert.match(wrong.html, /value="Caution"/);
    await addHead({
      code: 'CAU',
      name: 'Caution money',
      kind: 'deposit',
      frequency: 'once',
      priority: '3',
      accountId: school.account('caution'),
    });
    assert.equal(await countRows(school.database, "audit_entries where action = 'fees.head.add'"), 3);
  });

  it('are worked on as drafts: amounts as people write them, mistakes at their box', async () => {
    const id = await draft({ name: 'Whole school' });
    const wrong = await setAmounts(id, { [box(tuition, 0)]: '12,000', [box(tuition, 1)]: 'much', [box(tuition, 2)]: '-5' });
    assert.equal(wrong.status, 422);
    assert.match(wrong.html, /value="12,000"/);
    assert.equal((wrong.html.match(/Enter an amount above zero/g) ?? []).length >= 2, true);
    const twice = await setAmounts(id, { [box(admission, 0)]: '500', [box(admission, 1)]: '500' });
    assert.match(twice.html, /charged once/);
    assert.equal(await countRows(school.database, 'fees_structure_lines'), 0);
    assert.equal(
      (
        await setAmounts(id, {
          [box(tuition, 0)]: '12,000',
          [box(tuition, 1)]: '10 500.50',
          [box(tuition, 2)]: '9000',
          [box(admission, 0)]: '1,500',
        })
      ).status,
      303,
    );
    const page = text((await bursar.get(`/fees/structures/${id}`)).html);
    assert.match(page, /Tuition 12,000 10,500\.50 9,000 31,500\.50/);
    assert.match(page, /Total 13,500 10,500\.50 9,000 33,000\.50/);
    const stale = await bursar.submit(`/fees/structures/${id}/amounts`, { version: '1', [box(tuition, 0)]: '1' });
    assert.equal(stale.status, 409, 'an older page does not overwrite');
    assert.equal((await publish(id)).status, 303);
    assert.match(
      text((await bursar.get('/fees')).html),
      /Grade 7 to Grade 8(, day scholars)? 13,500 10,500\.50 9,000 33,000\.50/,
    );
  });

  it('once published change by a new edition only, one draft at a time; the old one is kept', async () => {
    const [whole] = await sql(school.database, "select id from fees_structures where name = 'Whole school'");
    for (const answer of [await setAmounts(whole!.id!, { [box(tuition, 0)]: '1' }), await publish(whole!.id!)]) {
      assert.equal(answer.status, 422);
      assert.match(answer.html, /can’t be changed\. Make a new edition/);
    }
    const first = await bursar.submit(`/fees/structures/${whole!.id}/editions`, {}, `/fees/structures/${whole!.id}`);
    const second = await bursar.submit(`/fees/structures/${whole!.id}/editions`, {}, `/fees/structures/${whole!.id}`);
    assert.equal(second.location, first.location);
    const id = first.location!.split('/').at(-1)!;
    await setAmounts(id, { [box(tuition, 0)]: '13,000' });
    assert.equal((await publish(id)).status, 303);
    const states = await sql(
      school.database,
      "select edition, state from fees_structures where name = 'Whole school' order by edition",
    );
    assert.deepEqual(states, [
      { edition: 1, state: 'replaced' },
      { edition: 2, state: 'published' },
    ]);
  });

  it('that charge the same learners twice are refused by name, also when two are published at once', async () => {
    const ids = [await draft({ name: 'Grade 7 A', classIds: [grade7] }), await draft({ name: 'Grade 7 B', classIds: [grade7] })];
    for (const id of ids) await setAmounts(id, { [box(tuition, 0)]: '14,000' });
    const answers = await Promise.all(ids.map(publish));
    assert.deepEqual(answers.map((one) => one.status).sort(), [303, 422]);
    assert.match(answers.find((one) => one.status === 422)!.html, /Grade 7 [AB]” already charges the same students for Tuition/);
    assert.match(text((await bursar.get('/fees')).html), /Grade 7(, day scholars)? 14,000/);
  });

  it('are copied to other classes with every amount raised, and a draft can be thrown away', async () => {
    const [from] = await sql(
      school.database,
      "select id from fees_structures where name like 'Grade 7%' and state = 'published'",
    );
    const answer = await bursar.submit(
      `/fees/structures/${from!.id}/copies`,
      { name: 'Grade 8', yearId: year.id, raise: '7.5' },
      `/fees/structures/${from!.id}/copies/new`,
    );
    assert.match(text((await bursar.get(answer.location!)).html), /Tuition 15,050/);
    const wrong = await bursar.submit(
      `/fees/structures/${from!.id}/copies`,
      { name: 'Grade 8', yearId: year.id, raise: '700' },
      `/fees/structures/${from!.id}/copies/new`,
    );
    assert.match(wrong.html, /from −50 to 100/);
    assert.equal((await bursar.submit(`${answer.location}/discarding`, {})).status, 303);
    assert.equal((await bursar.get(answer.location!)).status, 404);
    assert.equal((await bursar.submit(`/fees/structures/${from!.id}/discarding`, {})).status, 422, 'a published one stays');
  });

  it('are copied into the year to come before it is in the calendar', async () => {
    const [from] = await sql(
      school.database,
      "select id from fees_structures where name like 'Grade 7%' and state = 'published'",
    );
    const page = `/fees/structures/${from!.id}/copies/new`;
    const first = /<option value="([\d-]{10})">(\d{4}), not in the calendar yet<\/option>/.exec((await bursar.get(page)).html)!;
    assert.equal(first[2], String(Number(year.name) + 1));
    const answer = await bursar.submit(`/fees/structures/${from!.id}/copies`, { name: 'Next year', yearId: first[1]! }, page);
    assert.equal(answer.status, 303, text(answer.html));
    const next = (await school.run(() => school.get(SCHOOL).years())).at(-1)!;
    assert.deepEqual([next.name, next.terms.length], [first[2], year.terms.length]);
    const lines = await sql(school.database, 'select term_id from fees_structure_lines where structure_id = $1', [
      answer.location!.split('/').at(-1)!,
    ]);
    assert.deepEqual(
      lines.map((line) => line.term_id),
      [next.terms[0]!.id],
    );
    assert.doesNotMatch((await bursar.get(page)).html, /not in the calendar yet/);
    const gone = await bursar.submit(`/fees/structures/${from!.id}/copies`, { name: 'Nowhere', yearId: '2044-01-01' }, page);
    assert.equal(gone.status, 404);
  });

  it('are printed for families, a draft marked as one', async () => {
    const [whole] = await sql(
      school.database,
      "select id from fees_structures where name = 'Whole school' and state = 'published'",
    );
    const print = textOfPdf((await bursar.get(`/fees/structures/${whole!.id}/print.pdf`)).body);
    assert.match(print, /Fee structure/);
    assert.match(print, /Tuition\s+13,000/);
    assert.doesNotMatch(print, /draft/);
    const id = await draft({ name: 'Not yet' });
    assert.match(textOfPdf((await bursar.get(`/fees/structures/${id}/print.pdf`)).body), /draft/);
  });

  it('keep their accounts: one that a vote head books to is not switched off', async () => {
    const added = await bursar.submit(
      '/finance/accounts',
      { code: '4055', name: 'Swimming', kind: 'income' },
      '/finance/accounts/new',
    );
    const id = added.location!.split('/').at(-1)!;
    await addHead({ code: 'SWIM', name: 'Swimming', mandatory: '', accountId: id });
    const refused = await bursar.submit(`/finance/accounts/${id}/closing`, {});
    assert.equal(refused.status, 422);
    assert.match(text(refused.html), /vote head SWIM Swimming posts to this account/);
  });

  it('switched-off vote heads are offered no more and keep what is charged', async () => {
    assert.equal((await bursar.submit(`/fees/vote-heads/${admission}/closing`, {}, '/fees/vote-heads')).status, 303);
    const id = await draft({ name: 'Later' });
    assert.doesNotMatch((await bursar.get(`/fees/structures/${id}/amounts`)).html, new RegExp(admission));
    assert.match(text((await bursar.get('/fees/vote-heads?state=closed')).html), /Admission/);
    assert.equal((await bursar.submit(`/fees/vote-heads/${admission}/opening`, {}, '/fees/vote-heads?state=closed')).status, 303);
  });
});

describe('before the books are open', () => {
  it('vote heads lead there first', async () => {
    const school = await aSchool();
    try {
      assert.match((await (await school.as('bursar')).get('/fees/vote-heads')).html, /Open them first/);
    } finally {
      await school.stop();
    }
  });
});
