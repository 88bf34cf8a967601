import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Invalid } from '../../../src/kernel/errors.js';
import { newId } from '../../../src/kernel/id.js';
import { Charges } from '../../../src/modules/fees/billing/charges.js';
import { VoteHeads } from '../../../src/modules/fees/structures/vote-heads.js';
import { Checker } from '../../../src/modules/finance/books/checker.js';
import { grantParts } from '../../../src/modules/finance/grants/grant.rules.js';
import { CHART_STORE } from '../../../src/modules/finance/ports.js';
import type { Browser } from '../../support/browser.js';
import { aStudent } from '../../support/build.js';
import { textOfPdf } from '../../support/reading/pdf.js';
import { figuresOf } from '../../support/sheets/figures.js';
import { countRows, sql } from '../../support/database/sql.js';
import { withBooks, type SchoolWithBooks } from './support.js';

const text = (html: string): string => html.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ');

describe('the heads of a grant', () => {
  const row = (perLearnerMinor: number | null, amountMinor: number | null, headId = 'h') => ({
    headId,
    perLearnerMinor,
    amountMinor,
  });
  it('are an amount, or so much for each learner, and come to the sum', () => {
    assert.deepEqual(grantParts([row(5, null, 'a'), row(null, 70, 'b'), row(null, null, 'c')], 10, 120, 'KES'), [
      { headId: 'a', perLearnerMinor: 5, amountMinor: 50 },
      { headId: 'b', perLearnerMinor: null, amountMinor: 70 },
    ]);
  });
  for (const [what, rows, learners, total, field] of [
    ['both', [row(5, 50)], 10, 50, 'heads.h.amount'],
    ['learners nobody counted', [row(5, null)], null, 50, 'learners'],
    ['another sum', [row(null, 49)], null, 50, 'total'],
    ['nothing', [], null, 50, 'total'],
  ] as const) {
    it(`are refused with ${what}`, () =>
      assert.throws(
        () => grantParts(rows, learners, total, 'KES'),
        (error: Invalid) => error.problems.some((one) => one.field === field),
      ));
  }
});

describe('a grant of the state in a public school', () => {
  let school: SchoolWithBooks;
  let bursar: Browser;
  let funds: Record<string, string>;
  let heads: Record<string, string>;
  let bank: string;
  const account = async (code: string): Promise<string> =>
    (await sql(school.database, 'select id from finance_accounts where code = $1', [code]))[0]!.id!;
  const form = (given: Record<string, string> = {}): Record<string, string> => ({
    key: newId(),
    giver: 'Ministry of Education',
    reference: 'FDSE/2026/3',
    receivedOn: '2026-11-20',
    fundId: funds.OPS!,
    accountId: bank,
    learners: '400',
    total: '1,000,000.50',
    [`heads.${heads.RMI}.perLearner`]: '2,000',
    [`heads.${heads.LTT}.amount`]: '200,000.50',
    note: '',
    ...given,
  });
  const send = (fields: Record<string, string>) => bursar.submit('/finance/grants', fields, '/finance/grants/new');
  before(async () => {
    school = await withBooks({ variant: 'public' });
    bursar = await school.as('bursar');
    const chart = await school.run(() => school.get(CHART_STORE).chart());
    funds = Object.fromEntries(chart.funds.map((one) => [one.code, one.id]));
    bank = chart.accounts.find((one) => one.role === 'bank' && one.fundId === funds.OPS)!.id;
    assert.match(text((await bursar.get('/finance/grants/new')).html), /No vote heads for grants yet/);
    heads = {};
    for (const code of ['RMI', 'LTT'])
      heads[code] = await school.run(() =>
        school.get(VoteHeads).add(school.office, {
          code,
          name: code,
          kind: 'grant',
          frequency: 'year',
          mandatory: true,
          priority: 40,
          accountId: school.account('grants'),
        }),
      );
  });
  after(() => school.stop());

  it('is for those who keep the books: others see no page, an auditor writes none', async () => {
    for (const path of ['/finance/grants', '/finance/grants/new'])
      assert.equal((await (await school.as('teacher')).get(path)).status, 403, path);
    const auditor = await school.as('auditor');
    assert.equal((await auditor.get('/finance/grants')).status, 200);
    assert.equal((await auditor.get('/finance/grants/new')).status, 403);
    assert.match(text((await auditor.get('/finance/grants')).html), /No grants yet/);
  });

  for (const [what, given, sentence] of [
    [
      'heads that come to more than the sum',
      { total: '1,000,000' },
      /The vote heads add up to KES 1,000,000\.50: KES 0\.50 too much/,
    ],
    [
      'heads that come to less than the sum',
      { total: '1,500,000' },
      /The vote heads add up to KES 1,000,000\.50: KES 499,999\.50 too little/,
    ],
    ['no number of learners', { learners: '' }, /number of learners/],
    ['a bank account of another fund', { accountId: '' }, /belongs to another fund/],
    ['no reference', { reference: '' }, /advice number/],
    ['a day to come', { receivedOn: '2026-11-25' }, /in the future/],
  ] as const) {
    it(`refuses ${what}, keeps what was typed and books nothing`, async () => {
      const other: Record<string, string> = what.startsWith('a bank')
        ? {
            accountId: (await school.run(() => school.get(CHART_STORE).chart())).accounts.find(
              (one) => one.role === 'bank' && one.fundId === funds.TUI,
            )!.id,
          }
        : {};
      const answer = await send(form({ ...given, ...other }));
      assert.equal(answer.status, 422);
      assert.match(answer.html, sentence);
      assert.match(answer.html, /value="200,000\.50"/);
      assert.equal(await countRows(school.database, 'finance_entries'), 0);
    });
  }

  it('is income of its fund by head, once however often it is sent, and touches no student', async () => {
    const fields = form();
    const first = await send(fields);
    assert.equal((await send(fields)).location, first.location);
    const lines = await sql<{ code: string; minor: number; fund: string; head: string | null; party: string | null }>(
      school.database,
      `select a.code, l.amount_minor::int as minor, f.code as fund, h.code as head, l.party_id::text as party from finance_lines l join finance_accounts a on a.id = l.account_id join finance_funds f on f.id = l.fund_id
        left join fees_vote_heads h on h.id = l.vote_head_id order by l.n`,
    );
    assert.deepEqual(
      lines.map((line) => Object.values(line)),
      [
        ['1031', 100_000_050, 'OPS', null, null],
        ['4211', -80_000_000, 'OPS', 'RMI', null],
        ['4211', -20_000_050, 'OPS', 'LTT', null],
      ],
    );
    const page = text((await bursar.get(first.location!)).html);
    assert.match(page, /RMI RMI 2,000 × 400 800,000 LTT LTT 200,000\.50 Total 1,000,000\.50/);
    const audits = await sql(school.database, "select 1 from audit_entries where action = 'finance.grant.receive'");
    assert.equal(audits.length, 1);
    const again = await send(form());
    assert.match(again.html, /Another grant of this fund already has this reference/);
  });

  it('stands in the cash book, the vote book and the list with the same sum, and is acknowledged on paper', async () => {
    const cash = await figuresOf(bursar, `/finance/cash-book?account=${await account('1031')}&month=2026-11`);
    assert.deepEqual(
      cash.rows.slice(1, 2).map((row) => [row['No.'], row.Receipts, row.RMI, row.LTT]),
      [['G-0001', '1000000.5', '800000', '200000.5']],
    );
    const votes = await figuresOf(bursar, `/finance/vote-book?fund=${funds.OPS}`);
    assert.equal(votes.minors('Income').at(-1), 100_000_050);
    const list = await figuresOf(bursar, '/finance/grants');
    assert.deepEqual(
      list.rows.map((row) => [row.Number, row.Fund, row.Amount]),
      [['G-0001', 'Operations', '1000000.5']],
    );
    const id = (await sql(school.database, 'select id from finance_grants'))[0]!.id;
    const paper = textOfPdf((await bursar.get(`/finance/grants/${id}/acknowledgement.pdf`)).body);
    assert.match(paper, /has received from Ministry of Education/);
    assert.match(paper, /2,000 × 400 +800,000/);
    assert.match(paper, /Total +1,000,000\.50/);
  });

  it('is reversed once, with a reason; both entries stay, the reference is free again and the checker agrees', async () => {
    const id = (await sql(school.database, 'select id from finance_grants'))[0]!.id!;
    assert.equal((await bursar.submit(`/finance/grants/${id}/reversal`, { reason: '' })).status, 422);
    assert.equal((await bursar.submit(`/finance/grants/${id}/reversal`, { reason: 'Sent to the wrong school' })).status, 303);
    assert.equal((await bursar.submit(`/finance/grants/${id}/reversal`, { reason: 'Again' })).status, 409);
    assert.equal(await countRows(school.database, 'finance_entries'), 2);
    assert.match(text((await bursar.get(`/finance/grants/${id}`)).html), /Reversed .*Sent to the wrong school/);
    assert.equal((await send(form())).status, 303);
    assert.deepEqual(
      (await school.run(() => school.get(Checker).differences())).map((one) => one.sentence),
      [],
    );
    await sql(
      school.database,
      "update finance_grants set state = 'received', ended_why = '', reference = 'broken' where number = 1",
    );
    assert.match(
      (await school.run(() => school.get(Checker).differences())).map((one) => one.sentence).join(),
      /Grant G-0001 doesn’t agree/,
    );
  });

  it('has vote heads that nobody is charged', async () => {
    const student = await aStudent(school);
    await assert.rejects(
      school.run(() =>
        school
          .get(Charges)
          .charge(school.office, { studentId: student.id, head: 'RMI', amountMinor: 100, description: 'No', sourceKey: 'x' }),
      ),
      /vote head/,
    );
  });

  it('that gets another number in the database itself is named by the check', async () => {
    await sql(school.database, 'update finance_grants set number = number + 7 where number = 1');
    const { differences } = await school.run(() => school.get(Checker).run());
    assert.ok(
      differences.some((one) => one.sentence === 'Grant G-0008 was given the number G-0001, which has since been changed.'),
      JSON.stringify(differences),
    );
    await sql(school.database, 'update finance_grants set number = 1 where number = 8');
  });
});
