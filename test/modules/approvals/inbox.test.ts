import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Conflict, Forbidden } from '../../../src/kernel/errors.js';
import { newId } from '../../../src/kernel/id.js';
import { APPROVALS } from '../../../src/modules/approvals/index.js';
import { sql } from '../../support/database/sql.js';
import { PASSWORD, REFUND, withRefunds, type Member, type SchoolWithRefunds } from './support.js';

const text = (html: string): string => html.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ');

describe('the inbox of approvals', () => {
  let school: SchoolWithRefunds;
  let bursar: Member;
  let head: Member;
  let owner: Member;
  let teacher: Member;
  before(async () => {
    school = await withRefunds();
    bursar = await school.person('Beatrice Bursar', 'bursar');
    head = await school.person('Henry Head', 'head');
    owner = await school.person('Olive Owner', 'owner');
    teacher = await school.person('Tom Teacher', 'teacher');
  });
  after(() => school.stop());

  const stateOf = async (id: string): Promise<string> =>
    (await sql<{ state: string }>(school.database, 'select state from approvals_requests where id = $1', [id]))[0]!.state;
  const decide = ({ browser }: Member, id: string, decision: string, note = '') =>
    browser.submit(`/approvals/${id}/decision`, { decision, note }, `/approvals/${id}`);
  const api = async ({ email }: Member) => {
    const browser = school.stranger();
    const authorization = `Bearer ${await browser.token(email, PASSWORD)}`;
    return (method: string, path: string, body?: unknown) => browser.json(method, `/api/v1${path}`, body, { authorization });
  };

  it('is no business of a teacher, a family or a stranger: not the list, not the page, not the decision', async () => {
    const id = await school.ask(bursar);
    const guardian = await school.person('Gina Guardian', 'guardian');
    assert.equal((await guardian.browser.get('/approvals')).status, 403);
    assert.equal((await school.stranger().get('/approvals')).status, 302);
    assert.doesNotMatch((await teacher.browser.get('/approvals')).html, /Refund of payment/);
    assert.equal((await teacher.browser.get(`/approvals/${id}`)).status, 404);
    assert.equal((await decide(teacher, id, 'approve')).status, 403, 'without a token of the page');
    const call = await api(teacher);
    assert.equal((await call('POST', `/approvals/${id}/decision`, { decision: 'approve' })).status, 404);
    assert.deepEqual((await call('GET', '/approvals')).json<{ data: unknown[] }>().data, []);
    await assert.rejects(
      school.ask({ ...teacher, actor: { ...teacher.actor, permissions: new Set() } }),
      Forbidden,
      'who may not ask',
    );
    assert.equal(await stateOf(id), 'asked');
  });

  it('shows whoever may decide what happens then and why; approving carries it out in the same step', async () => {
    const id = await school.ask(bursar);
    const list = await head.browser.get('/approvals');
    assert.match(list.html, new RegExp(`href="/approvals/${id}"`));
    const page = text((await head.browser.get(`/approvals/${id}`)).html);
    assert.match(
      page,
      /Refund of payment .* KES 500 .*The money goes back to the payer\..*Payer: Jane Otieno.*Paid twice by mistake/,
    );
    assert.match(page, /May decide Henry Head, Olive Owner/);
    assert.equal((await decide(head, id, 'approve', 'Seen the slip')).location, '/approvals');
    assert.equal(await stateOf(id), 'approved');
    assert.ok((await school.refunded()).includes(id));
    assert.match(text((await bursar.browser.get(`/approvals/${id}`)).html), /Approved by Henry Head, .* Seen the slip/);
    const [entry] = await sql<{ actor_name: string; reason: string }>(
      school.database,
      "select actor_name, reason from audit_entries where action = 'approvals.approve' and entity_id = $1",
      [id],
    );
    assert.deepEqual(entry, { actor_name: 'Henry Head', reason: 'Seen the slip' });
  });

  it('never lets who asked decide, also when they own the school', async () => {
    for (const maker of [bursar, owner]) {
      const id = await school.ask(maker);
      const page = await maker.browser.get(`/approvals/${id}`);
      assert.doesNotMatch(page.html, /name="decision"/);
      const csrf = /name="_csrf" value="([^"]+)"/.exec(page.html)![1]!;
      const answer = await maker.browser.post(`/approvals/${id}/decision`, { _csrf: csrf, decision: 'approve' });
      assert.equal(answer.status, 403);
      assert.match(answer.html, /You can’t approve your own request/);
      assert.equal((await (await api(maker))('POST', `/approvals/${id}/decision`, { decision: 'approve' })).status, 403);
      assert.equal(await stateOf(id), 'asked');
    }
    const [own] = await sql<{ n: number }>(
      school.database,
      "select count(*)::int as n from approvals_requests where decided_by_user_id = asked_by_user_id and state in ('approved', 'refused')",
    );
    assert.equal(own!.n, 0);
  });

  it('asks an owner above the limit of the kind', async () => {
    const id = await school.ask(bursar, { amountMinor: 100_001 });
    assert.doesNotMatch((await head.browser.get(`/approvals/${id}`)).html, /name="decision"/);
    assert.match(text((await head.browser.get(`/approvals/${id}`)).html), /May decide Olive Owner (?!,)/);
    assert.equal((await (await api(head))('POST', `/approvals/${id}/decision`, { decision: 'approve' })).status, 403);
    assert.equal((await decide(owner, id, 'approve')).status, 303);
  });

  it('refuses only with a note, and keeps what was typed', async () => {
    const id = await school.ask(bursar);
    const without = await decide(head, id, 'refuse');
    assert.equal(without.status, 422);
    assert.match(without.html, /Enter a reason for refusing/);
    assert.equal((await decide(head, id, 'maybe', 'Hm')).status, 422);
    assert.match((await decide(head, id, 'maybe', 'Let me think')).html, /Let me think/);
    assert.equal((await decide(head, id, 'refuse', 'The first payment bounced')).status, 303);
    assert.equal(await stateOf(id), 'refused');
    assert.ok(!(await school.refunded()).includes(id));
    assert.match(text((await bursar.browser.get('/approvals?tab=mine')).html), /Refused/);
  });

  it('leaves a request open that can’t be carried out, with the reason on the page and nothing done', async () => {
    const id = await school.ask(bursar, { spent: true });
    const answer = await decide(head, id, 'approve', 'Fine with me');
    assert.equal(answer.status, 422);
    assert.match(answer.html, /The credit was used for an invoice meanwhile/);
    assert.match(answer.html, /Fine with me/);
    assert.equal(await stateOf(id), 'asked');
    assert.ok(!(await school.refunded()).includes(id));
  });

  it('lets one of ten win who decide at the same moment; the others are told', async () => {
    const id = await school.ask(bursar);
    const call = await api(head);
    const other = await api(owner);
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, n) =>
        (n % 2 ? call : other)(
          'POST',
          `/approvals/${id}/decision`,
          n % 3 ? { decision: 'approve' } : { decision: 'refuse', note: 'No' },
        ),
      ),
    );
    const codes = answers.map((answer) => answer.status).sort();
    assert.deepEqual(codes, [200, ...Array.from({ length: 9 }, () => 409)]);
    assert.equal(
      (
        await sql(
          school.database,
          "select 1 from audit_entries where entity_id = $1 and action in ('approvals.approve', 'approvals.refuse')",
          [id],
        )
      ).length,
      1,
    );
    assert.equal((await school.refunded()).filter((one) => one === id).length, (await stateOf(id)) === 'approved' ? 1 : 0);
    const late = await head.browser.get(`/approvals/${id}`);
    assert.doesNotMatch(late.html, /name="decision"/);
  });

  it('takes one request about a thing at a time, and another once that is decided', async () => {
    const payment = newId();
    const first = await school.ask(bursar, { payment });
    await assert.rejects(school.ask(bursar, { payment }), Conflict);
    assert.equal(
      (await bursar.browser.submit(`/approvals/${first}/withdrawal`, {}, `/approvals/${first}`)).location,
      '/approvals?tab=mine',
    );
    assert.equal(await stateOf(first), 'withdrawn');
    const second = await school.ask(bursar, { payment });
    assert.notEqual(second, first);
    assert.equal((await school.run(() => school.get(APPROVALS).openFor({ kind: 'payment', id: payment }))).length, 1);
    await school.run(() =>
      school.get(APPROVALS).voidFor(school.office, REFUND, { kind: 'payment', id: payment }, 'The payment was reversed.'),
    );
    assert.equal(await stateOf(second), 'void');
    assert.match(text((await bursar.browser.get(`/approvals/${second}`)).html), /The payment was reversed\./);
    assert.equal((await (await api(head))('POST', `/approvals/${second}/decision`, { decision: 'approve' })).status, 409);
  });

  it('only who asked takes it back', async () => {
    const id = await school.ask(bursar);
    const csrf = /name="_csrf" value="([^"]+)"/.exec((await head.browser.get(`/approvals/${id}`)).html)![1]!;
    assert.equal((await head.browser.post(`/approvals/${id}/withdrawal`, { _csrf: csrf })).status, 403);
    assert.equal(await stateOf(id), 'asked');
  });

  it('counts what waits for this person in the menu and on the first page, and forgets it with the decision', async () => {
    const countOf = async ({ browser }: Member): Promise<number> =>
      Number(
        /href="\/approvals"[^>]*>(?:(?!<\/a>).)*<span class="count hot">(\d+)</.exec((await browser.get('/menu')).html)?.[1] ?? 0,
      );
    const before = { head: await countOf(head), owner: await countOf(owner), bursar: await countOf(bursar) };
    const id = await school.ask(bursar);
    const large = await school.ask(bursar, { amountMinor: 900_000 });
    assert.deepEqual(
      { head: await countOf(head), owner: await countOf(owner), bursar: await countOf(bursar) },
      { head: before.head + 1, owner: before.owner + 2, bursar: before.bursar },
    );
    assert.match(
      text((await head.browser.get('/')).html),
      new RegExp(`${before.head + 1} requests are waiting for your decision`),
    );
    assert.doesNotMatch((await teacher.browser.get('/')).html, /approvals-card/);
    for (const one of [id, large]) await decide(owner, one, 'approve');
    assert.equal(await countOf(head), before.head);
  });

  it('pages by key and narrows by kind; the API says the same', async () => {
    for (let n = 0; n < 5; n += 1) await school.ask(bursar);
    const first = await bursar.browser.get('/approvals?tab=mine&limit=3');
    const next = /href="([^"]*cursor=[^"]+)"/.exec(first.html)![1]!.replaceAll('&amp;', '&');
    const ids = (html: string): string[] => [...html.matchAll(/data-id="([^"]+)"/g)].map((match) => match[1]!);
    const second = await bursar.browser.get(next);
    assert.equal(ids(first.html).length, 3);
    assert.ok(ids(second.html).length === 3 && ids(second.html).every((id) => !ids(first.html).includes(id)));
    assert.match((await bursar.browser.get('/approvals?tab=mine&kind=finance.reopening')).html, /No request of this kind/);
    const call = await api(bursar);
    const page = (await call('GET', '/approvals?tab=mine&limit=3')).json<{
      data: { id: string; amount_minor: number; state: string; facts: string[] }[];
      next: string;
    }>();
    assert.deepEqual(
      page.data.map((one) => one.id),
      ids(first.html),
    );
    assert.deepEqual(
      { amount: page.data[0]!.amount_minor, state: page.data[0]!.state, facts: page.data[0]!.facts },
      { amount: 50_000, state: 'asked', facts: ['Payer: Jane Otieno'] },
    );
    assert.ok(page.next);
  });

  it('shows an auditor everything and lets them decide nothing', async () => {
    const auditor = await school.person('Ada Auditor', 'auditor');
    const id = await school.ask(bursar);
    const page = await auditor.browser.get(`/approvals/${id}`);
    assert.equal(page.status, 200);
    assert.doesNotMatch(page.html, /name="decision"/);
    assert.equal((await (await api(auditor))('POST', `/approvals/${id}/decision`, { decision: 'approve' })).status, 403);
  });

  it('tells a lone owner that somebody else is needed', async () => {
    const lone = await withRefunds();
    try {
      const only = await lone.person('Only Owner', 'owner');
      const id = await lone.ask(only);
      assert.match(text((await only.browser.get(`/approvals/${id}`)).html), /No one else can decide this yet/);
    } finally {
      await lone.stop();
    }
  });
});
