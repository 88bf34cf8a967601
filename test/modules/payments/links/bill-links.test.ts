import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { BillingRuns } from '../../../../src/modules/fees/billing/billing-runs.js';
import { BillNotices } from '../../../../src/modules/fees/billing/bill-notices.js';
import { Structures } from '../../../../src/modules/fees/structures/structures.js';
import { VoteHeads } from '../../../../src/modules/fees/structures/vote-heads.js';
import { CHART_STORE } from '../../../../src/modules/finance/ports.js';
import { ACCOUNT_STORE } from '../../../../src/modules/payments/ports.js';
import { SCHOOL } from '../../../../src/modules/school/index.js';
import type { Student } from '../../../../src/modules/students/index.js';
import { aGuardian, aStudent } from '../../../support/build.js';
import type { Browser } from '../../../support/browser.js';
import { countRows, sql } from '../../../support/database/sql.js';
import { aPayingSchool, type PayingSchool } from '../support.js';

const text = (html: string): string => html.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ');
const MOTHER = '+254722481903';

describe('a bill that is sent to a family', () => {
  let school: PayingSchool;
  let bursar: Browser;
  let kids: [Student, Student];
  let only: Student;
  let termId: string;
  before(async () => {
    school = await aPayingSchool({ children: 0 });
    bursar = await school.as('bursar');
    await school.run(async () => {
      const accountId = (await school.get(CHART_STORE).chart()).accounts.find((one) => one.role === 'fees')!.id;
      const headId = await school.get(VoteHeads).add(school.office, {
        code: 'TUI',
        name: 'Tuition',
        kind: 'income',
        frequency: 'term',
        mandatory: true,
        priority: 1,
        accountId,
      });
      const year = await school.get(SCHOOL).currentYear();
      termId = year.terms[2]!.id;
      const structures = school.get(Structures);
      const id = await structures.draft(school.office, {
        yearId: year.id,
        name: 'All',
        audience: { classIds: [], streamIds: [], boarding: null },
      });
      await structures.setLines(
        school.office,
        id,
        [{ headId, termId, amountMinor: 13_000_00 }],
        (await structures.find(school.office, id)).version,
      );
      await structures.publish(school.office, id);
    });
    kids = [
      await aStudent(school, { joinedOn: '2025-01-06', firstName: 'Amina' }),
      await aStudent(school, { joinedOn: '2025-01-06', firstName: 'Juma' }),
    ];
    only = await aStudent(school, { joinedOn: '2025-01-06', firstName: 'Zuri' });
    const mother = { fullName: 'Mary Otieno', phone: MOTHER };
    for (const one of kids) await aGuardian(school, one, mother);
    await aGuardian(school, only, { fullName: 'Jean Mbuyi', phone: null, email: 'jean@example.org', language: 'fr' });
  });
  after(() => school?.stop());

  const billed = (): Promise<string> =>
    school.run(async () => {
      const runs = school.get(BillingRuns);
      const id = await runs.start(school.office, termId, { classIds: [], streamIds: [], boarding: null, studentIds: null });
      await runs.work(id, { userId: null, name: 'Test' }, false);
      return id;
    });
  const send = (run: string, own: string | null = null) =>
    school.run(() => school.get(BillNotices).send(school.office, run, own));
  const words = async (recipient: string): Promise<string[]> =>
    (
      await sql(
        school.database,
        "select content->>'text' as words from notifications_messages where template = 'fees.bill' and recipient = $1 order by id",
        [recipient],
      )
    ).map((one) => one.words!);
  const addressIn = (message: string): string => new URL(/https?:\/\/\S+/.exec(message)![0]).pathname;
  const open = async (path: string): Promise<{ status: number; html: string }> => school.stranger().get(path);

  it('leads to a page where the family pays, with its statement behind; each of its lines costs what was said before', async () => {
    const run = await billed();
    const usual = await school.run(() => school.get(BillNotices).usual(school.office, (words) => words));
    assert.match(usual, /Pay and see your statement here/);
    const estimate = await school.run(() => school.get(BillNotices).estimate(school.office, run, null));
    await send(run);
    const [sms] = await words(MOTHER);
    assert.match(sms!, /Pay and see your statement here: http/);
    assert.equal(estimate.sample!.text.replace(/\/pay\/[\w-]+/, ''), sms!.replace(/\/pay\/[\w-]+/, ''));
    assert.equal(estimate.sample!.text.length, sms!.length, 'the address that was priced is as long as the one that was sent');
    const page = await open(addressIn(sms!));
    assert.equal(page.status, 200);
    for (const one of kids) assert.match(page.html, new RegExp(one.paymentNo));
    assert.doesNotMatch(page.html, /Amina|Otieno/, 'the page itself names nobody');
    const statement = /href="(\/statement\/[\w-]+)"/.exec(page.html)![1]!;
    assert.match(text((await open(statement)).html), /Amina.*Juma/);

    const [mail] = await words('jean@example.org');
    assert.match(mail!, /Paiement et relevé\s: http/);
    const alone = await open(addressIn(mail!));
    assert.match(alone.html, new RegExp(only.paymentNo));
    assert.deepEqual(
      await sql(
        school.database,
        'select count(*)::text as n, count(*) filter (where family)::text as families from payments_links where statement',
      ),
      [{ n: '2', families: '1' }],
    );
    assert.equal(await countRows(school.database, 'fees_statement_links'), 0, 'one address for both');
    assert.equal(await countRows(school.database, "audit_entries where action = 'payments.link.give'"), 1);
  });

  it('gives the same address again while it is good for long, and none where the words name none', async () => {
    const [before] = await words(MOTHER);
    await sql(school.database, "update notifications_messages set state = 'failed', reason = 'Switched off'");
    const [run] = await sql(school.database, 'select id from fees_billing_runs');
    await send(run!.id!);
    const again = (await words(MOTHER)).at(-1)!;
    assert.equal(addressIn(again), addressIn(before!));
    await sql(school.database, "update notifications_messages set state = 'failed', reason = 'Switched off'");
    await sql(school.database, 'update payments_links set ended_at = now()');
    await send(run!.id!, 'Please pay {{amount}}');
    assert.equal(await countRows(school.database, 'payments_links where ended_at is null'), 0);
  });

  it('a link that somebody gave by hand shows as little as ever, and its secret opens no statement', async () => {
    await bursar.submit('/payments/links', { studentId: only.id }, `/students/${only.id}`);
    const page = await bursar.get(`/payments/links/${only.id}`);
    const path = new URL(/value="(http[^"]+\/pay\/[\w-]{43})"/.exec(page.html)![1]!).pathname;
    const shown = await open(path);
    assert.equal(shown.status, 200);
    assert.doesNotMatch(shown.html, /statement/);
    assert.equal((await open(path.replace('/pay/', '/statement/'))).status, 404);
  });

  it('is ended with the other links of the child: neither page nor statement opens any more', async () => {
    await sql(school.database, "update notifications_messages set state = 'failed', reason = 'Switched off'");
    const [run] = await sql(school.database, 'select id from fees_billing_runs');
    await send(run!.id!);
    const path = addressIn((await words('jean@example.org')).at(-1)!);
    assert.equal((await open(path.replace('/pay/', '/statement/'))).status, 200);
    assert.match(
      text((await bursar.get(`/payments/links/${only.id}`)).html),
      /Sent with a bill .*also leads to the fee statement/,
    );
    await bursar.submit(`/payments/links/${only.id}/ending`, {}, `/payments/links/${only.id}`);
    for (const one of [path, path.replace('/pay/', '/statement/')]) assert.equal((await open(one)).status, 404, one);
  });

  it('leads to the statement alone where mobile money is off, no number is in use, or the sender may give no such link', async () => {
    await sql(school.database, "update notifications_messages set state = 'failed', reason = 'Switched off'");
    const [run] = await sql(school.database, 'select id from fees_billing_runs');
    const usual = (actor = school.office) => school.run(() => school.get(BillNotices).usual(actor, (words) => words));
    const permissions = new Set([...school.office.permissions].filter((one) => one !== 'payments.links'));
    assert.match(await usual({ ...school.office, permissions }), /Statement and how to pay/);
    const put = (state: 'on' | 'off') =>
      school.run(async () => {
        const store = school.get(ACCOUNT_STORE);
        await store.update({ ...(await store.find(school.account.id))!, state });
      });
    await put('off');
    assert.match(await usual(), /Statement and how to pay/);
    await send(run!.id!);
    const [sms] = (await words(MOTHER)).slice(-1);
    assert.match(sms!, /Statement and how to pay: http\S+\/statement\//);
    assert.equal((await open(addressIn(sms!))).status, 200);
    await put('on');
    assert.match(await usual(), /Pay and see your statement here/);
    const administrator = await school.as('administrator');
    assert.equal((await administrator.submit('/school/modules', { on: ['finance', 'fees'] }, '/school/modules')).status, 303);
    assert.match(await usual(), /Statement and how to pay/);
  });
});
