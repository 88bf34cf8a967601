import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { agesOf, ageingOf, duesOf } from '../../../../src/modules/fees/statements/ageing.rules.js';
import { FEES } from '../../../../src/modules/fees/index.js';
import type { Student } from '../../../../src/modules/students/index.js';
import { aFamily } from '../../../support/build.js';
import type { Browser } from '../../../support/browser.js';
import { textOfPdf } from '../../../support/reading/pdf.js';
import { sql } from '../../../support/database/sql.js';
import { payment } from '../support.js';
import { withTariff, type SchoolWithTariff } from '../billing/billing-support.js';

const text = (html: string): string => html.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ');

describe('how old a debt is', () => {
  it('counts from the day after it was due, in groups of thirty days', () => {
    const items = [
      ['2026-09-01', 1],
      ['2026-08-31', 10],
      ['2026-08-02', 100],
      ['2026-08-01', 1_000],
      ['2026-07-02', 10_000],
      ['2026-06-03', 100_000],
      ['2026-06-02', 1_000_000],
    ] as const;
    const { comingMinor, overdueMinor, totalMinor } = ageingOf(
      items.map(([dueOn, openMinor]) => ({ dueOn, openMinor })),
      '2026-09-01',
    );
    assert.deepEqual(
      { comingMinor, overdueMinor: [...overdueMinor], totalMinor },
      { comingMinor: 1, overdueMinor: [110, 1_000, 110_000, 1_000_000], totalMinor: 1_111_111 },
    );
  });

  it('of brothers and sisters adds up group by group', () => {
    const one = ageingOf([{ dueOn: '2026-08-31', openMinor: 10 }], '2026-09-01');
    const two = ageingOf(
      [
        { dueOn: '2026-09-02', openMinor: 5 },
        { dueOn: '2026-08-20', openMinor: 7 },
      ],
      '2026-09-01',
    );
    assert.deepEqual(agesOf([one, two]), { comingMinor: 5, overdueMinor: [17, 0, 0, 0], totalMinor: 22 });
  });
});

describe('until when it is to be paid', () => {
  it('is each day once, with all that is due on it, the earliest first', () => {
    const items = [
      { dueOn: '2026-10-01', openMinor: 4 },
      { dueOn: '2026-09-15', openMinor: 2 },
      { dueOn: '2026-10-01', openMinor: 3 },
    ];
    assert.deepEqual(duesOf(items), [
      { dueOn: '2026-09-15', openMinor: 2 },
      { dueOn: '2026-10-01', openMinor: 7 },
    ]);
  });
});

describe('a statement', () => {
  let school: SchoolWithTariff;
  let bursar: Browser;
  let kids: Student[];
  const path = (): string => `/fees/students/${kids[0]!.id}`;

  before(async () => {
    school = await withTariff();
    bursar = await school.as('bursar');
    kids = (await aFamily(school, 2, { joinedOn: '2025-01-06' })).students;
    await school.charge({ TUI: [12_000_00, 12_000_00, 20_000_00] });
    await school.bill(1);
    await school.bill(2);
    await school.run(() => school.get(FEES).receive(school.office, payment(kids[0]!.id, 5_000_00, { receivedOn: '2026-09-01' })));
  });
  after(() => school.stop());

  it('is no business of a teacher or registrar', async () => {
    for (const role of ['teacher', 'registrar'] as const) {
      const person = await school.as(role);
      for (const end of ['', '/family', '/statement.pdf', '/links/new'])
        assert.equal((await person.get(path() + end)).status, 403, role + end);
      assert.doesNotMatch((await person.get(`/students/${kids[0]!.id}`)).html, /data-test="fees"/);
    }
    assert.equal((await (await school.api('registrar'))(`/students/${kids[0]!.id}/account`)).status, 403);
  });

  it('shows what was charged and paid, the balance after each, and how old the rest is', async () => {
    const page = text((await bursar.get(path())).html);
    assert.match(
      page,
      /Balance brought forward 0 .*Invoice INV-\d+, Term 2, 2026 12,000 12,000 .*Invoice INV-\d+, Term 3, 2026 20,000 32,000 .*Receipt R-\d+ 5,000 27,000 .*Total 32,000 5,000 27,000/,
    );
    assert.match(page, /To pay KES 27,000 by \d+ \w+ 2026 Student/);
    assert.match(page, /Cash · Receipt R-\d+/);
    assert.match(page, /Not due yet 1 to 30 days 31 to 60 61 to 90 Over 90 27,000 0 0 0 0/);
    assert.match(text((await bursar.get(`/students/${kids[0]!.id}`)).html), /Owes KES 27,000/);
    const print = textOfPdf((await bursar.get(`${path()}/statement.pdf`)).body);
    assert.match(print, /To pay/);
    assert.match(print, /KES 27,000/);
    assert.equal((await bursar.get(`${path()}?format=csv`)).html.split('\n').filter(Boolean).length, 4);
  });

  it('begins with what stood before its first day', async () => {
    const page = text((await bursar.get(`${path()}?from=2026-09-02&to=2026-09-30`)).html);
    assert.match(page, /Balance brought forward 27,000 Total 0 0 27,000/);
  });

  it('of the family adds its children up', async () => {
    const page = text((await bursar.get(`${path()}/family`)).html);
    assert.match(page, /To pay KES 59,000 .*Children here 2/);
  });

  it('shows a bill that was taken back and its mirror, and owes nothing by it', async () => {
    const [invoice] = await sql(school.database, 'select id, number from fees_invoices where student_id = $1 and term_id = $2', [
      kids[1]!.id,
      school.year.terms[1]!.id,
    ]);
    await bursar.submit(`/fees/invoices/${invoice!.id}/reversal`, { reason: 'Was away' });
    assert.match(
      text((await bursar.get(`/fees/students/${kids[1]!.id}`)).html),
      new RegExp(`Invoice ${invoice!.number}.* 12,000 .*${invoice!.number} reversed: Was away −12,000 20,000`),
    );
  });

  it('is read over the API', async () => {
    const account = (await (await school.api('bursar'))(`/students/${kids[0]!.id}/account`)).json<{
      balance_minor: number;
      currency: string;
      lines: { amount_minor: number }[];
    }>();
    assert.deepEqual(
      { balance: account.balance_minor, currency: account.currency, lines: account.lines.map((line) => line.amount_minor) },
      { balance: 27_000_00, currency: 'KES', lines: [12_000_00, 20_000_00, -5_000_00] },
    );
  });

  it('is read by whoever has its address, until it is revoked; the token is kept nowhere', async () => {
    const auditor = await school.as('auditor');
    const seen = await auditor.get(path());
    assert.equal(seen.status, 200);
    assert.doesNotMatch(seen.html, /links\/new/, 'who only looks is offered no link');
    assert.equal((await auditor.get(`${path()}/links/new`)).status, 403);
    assert.equal((await auditor.submit(`${path()}/links`, {}, '/profile')).status, 403);
    const answer = await bursar.submit(`${path()}/links`, {}, `${path()}/links/new`);
    const shown = (await bursar.get(answer.location!)).html;
    const address = /href="(\/statement\/[^"]+)"/.exec(shown)![1]!;
    const stranger = school.stranger();
    const page = await stranger.get(address);
    assert.match(text(page.html), /To pay KES 27,000/);
    assert.match(text((await stranger.get(`${address}?lang=sw`)).html), /Ya kulipa KES 27,000/);
    assert.doesNotMatch(page.html, new RegExp(kids[1]!.firstName));
    assert.equal(page.headers['cache-control'], 'no-store');
    assert.equal(
      (await sql(school.database, 'select token_hash from fees_statement_links'))[0]!.token_hash!.includes(address.slice(11)),
      false,
    );
    assert.doesNotMatch((await bursar.get(path())).html, new RegExp(address));
    const [link] = await sql(school.database, 'select id from fees_statement_links');
    assert.equal((await bursar.submit(`${path()}/links/${link!.id}/revocation`, {}, path())).status, 303);
    assert.equal((await stranger.get(address)).status, 404);
    assert.equal((await stranger.get('/statement/AAAA-BBBB-CCCC')).status, 404);
  });

  it('of what is optional: a child takes it from a term to a term, and the next bill has it', async () => {
    await school.charge({ TUI: [12_000_00, 12_000_00, 20_000_00], LUN: [0, 0, 7_000_00] });
    const at = `/fees/students/${kids[1]!.id}`;
    const wrong = await bursar.submit(
      `${at}/subscriptions`,
      { headId: school.heads.TUI!, fromTermId: school.year.terms[2]!.id },
      `${at}/subscriptions/new`,
    );
    assert.match(wrong.html, /vote head that is optional/);
    assert.equal(
      (
        await bursar.submit(
          `${at}/subscriptions`,
          { headId: school.heads.LUN!, fromTermId: school.year.terms[2]!.id },
          `${at}/subscriptions/new`,
        )
      ).status,
      303,
    );
    assert.equal(
      (
        await bursar.submit(
          `${at}/subscriptions`,
          { headId: school.heads.LUN!, fromTermId: school.year.terms[2]!.id },
          `${at}/subscriptions/new`,
        )
      ).status,
      409,
    );
    await school.bill(2);
    assert.equal(await school.balance(kids[1]!.id), 27_000_00);
    const [subscription] = await sql(school.database, 'select id from fees_subscriptions');
    await bursar.submit(`${at}/subscriptions/${subscription!.id}/ending`, { lastTermId: '' });
    await school.bill(2);
    assert.equal(await school.balance(kids[1]!.id), 20_000_00);
    assert.deepEqual(await school.differences(), []);
  });
});
