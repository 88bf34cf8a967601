import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { newId } from '../../../../src/kernel/id.js';
import { Receiving } from '../../../../src/modules/fees/receiving/receive.js';
import { Checker } from '../../../../src/modules/finance/books/checker.js';
import type { Student } from '../../../../src/modules/students/index.js';
import type { Browser } from '../../../support/browser.js';
import { textOfPdf } from '../../../support/reading/pdf.js';
import { sql } from '../../../support/database/sql.js';
import { TODAY, withFees, type SchoolWithFees } from '../support.js';

let school: SchoolWithFees;
let bursar: Browser;
before(async () => {
  school = await withFees();
  bursar = await school.as('bursar');
});
after(() => school?.stop());

const text = (html: string): string => html.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ');
const balance = (id: string) => school.run(() => school.get(Receiving).balanceOf({ kind: 'student', id }));
const count = async (table: string): Promise<number> =>
  (await sql<{ n: number }>(school.database, `select count(*)::int as n from ${table}`))[0]!.n;
const form = (student: Student, given: Record<string, string> = {}) => ({
  key: newId(),
  student: student.id,
  amount: '12,000',
  method: 'cash',
  receivedOn: TODAY,
  ...given,
});
const take = (who: Browser, fields: Record<string, string>) =>
  who.submit('/fees/cashier', fields, `/fees/cashier?student=${fields.student}`);
const paidId = (location: string | null): string => /paid=([0-9a-f-]{36})/.exec(location ?? '')![1]!;

describe('the cashier’s page', () => {
  it('is for who takes money: others get nothing, an auditor sees payments and takes none', async () => {
    const teacher = await school.as('teacher');
    const auditor = await school.as('auditor');
    for (const path of ['/fees/cashier', '/fees/cashier/preview', '/fees/payments'])
      assert.equal((await teacher.get(path)).status, 403, path);
    assert.equal((await auditor.get('/fees/cashier')).status, 403);
    assert.equal((await auditor.get('/fees/payments')).status, 200);
  });

  it('finds by three letters, with what each owes', async () => {
    const [child] = await school.family(1);
    await school.bill(child!.id, { TUI: 1_845_000 });
    const { html } = await bursar.get(`/fees/cashier?q=${encodeURIComponent(child!.surname.slice(0, 3))}`);
    assert.match(html, new RegExp(`/fees/cashier\\?student=${child!.id}`));
    assert.match(text(html), /18,450/);
    assert.match(text((await bursar.get('/fees/cashier?q=zzzz')).html), /No one with that name/);
  });

  it('shows the family with its balances, and where a sum would go before it is saved', async () => {
    const [child, other] = await school.family(2);
    await school.bill(child!.id, { TUI: 720_000, BRD: 875_000 });
    await school.bill(other!.id, { TUI: 400_000 });
    const { html } = await bursar.get(`/fees/cashier?student=${child!.id}`);
    assert.match(text(html), new RegExp(`Split over the family .*19,950`));
    const alone = await bursar.get(`/fees/cashier/preview?student=${child!.id}&amount=12,000`);
    assert.match(text(alone.html), /TUI .* 7,200 7,200 0 BRD .* 8,750 4,800 3,950/);
    const family = await bursar.get(`/fees/cashier/preview?student=${child!.id}&amount=6,000&family=1`);
    assert.match(text(family.html), /7,200 3,000 4,200/);
    assert.match(text(family.html), /4,000 3,000 1,000/);
  });

  it('dates a slip, a cheque or a card on the day it was paid: on the receipt, in the books, in today’s till', async () => {
    const [child] = await school.family(1);
    const slip = { method: 'bank', reference: 'FRI-20', bank: 'KCB', receivedOn: '2026-11-20' };
    const taken = await take(bursar, form(child!, slip));
    assert.equal(taken.status, 303, text(taken.html));
    assert.match(text((await bursar.get(taken.location!)).html), /20 Nov 2026, recorded on \d/);
    const [entry] = await sql<{ value_on: string; posted_on: string }>(
      school.database,
      'select e.value_on::text, e.posted_on::text from finance_entries e join fees_payments p on p.entry_id = e.id where p.id = $1',
      [paidId(taken.location)],
    );
    assert.deepEqual(entry, { value_on: '2026-11-20', posted_on: '2026-11-20' });
    const rows = await count('fees_payments');
    for (const [given, said] of [
      [{ ...slip, reference: 'FRI-21', receivedOn: '2026-11-25' }, /This date is in the future/],
      [{ ...slip, reference: 'FRI-22', receivedOn: '2019-01-01' }, /This date is before the books begin/],
      [{ receivedOn: '2026-11-20' }, /Cash is dated the day it is received/],
    ] as const) {
      const refused = await take(bursar, form(child!, given));
      assert.match(text(refused.html), said);
      assert.match(
        refused.html,
        new RegExp(`name="receivedOn"[^>]*aria-invalid="true"|aria-invalid="true"[^>]*name="receivedOn"`),
      );
      assert.match(refused.html, new RegExp(`value="${given.receivedOn}"`), 'what was typed is kept');
    }
    assert.equal(await count('fees_payments'), rows);
  });

  it('saves, and shows the receipt with the cursor ready for the next', async () => {
    const [child] = await school.family(1);
    await school.bill(child!.id, { TUI: 720_000, BRD: 1_125_000 });
    const saved = await take(bursar, form(child!, { payerName: 'Hassan Abdi Noor' }));
    assert.equal(saved.status, 303);
    const page = await bursar.get(saved.location!);
    assert.match(
      text(page.html),
      /R-\d{6}.*Hassan Abdi Noor.*TUI.*7,200.*BRD.*4,800.*Paid, KES 12,000 Balance before 18,450 Balance now 6,450/,
    );
    assert.match(page.html, /id="find"[^>]*autofocus/);
    assert.equal(await balance(child!.id), 645_000);
  });

  it('splits one sum level over brothers and sisters, a receipt for each', async () => {
    const [a, b, c] = await school.family(3);
    for (const [child, minor] of [
      [a, 500_000],
      [b, 2_000_000],
      [c, 1_200_000],
    ] as const)
      await school.bill(child!.id, { TUI: minor });
    const saved = await take(bursar, form(a!, { amount: '30 000', family: '1' }));
    assert.equal(saved.status, 303);
    assert.deepEqual(await Promise.all([a, b, c].map((child) => balance(child!.id))), [0, 700_000, 0]);
  });

  it('takes the same form once, however often it is sent at once', async () => {
    const [child] = await school.family(1);
    const before = await count('fees_payments');
    const page = await bursar.get(`/fees/cashier?student=${child!.id}`);
    const field = (name: string): string => new RegExp(`name="${name}" value="([^"]+)"`).exec(page.html)![1]!;
    const fields = form(child!, { key: field('key'), _csrf: field('_csrf'), _once: field('_once') });
    const all = await Promise.all(Array.from({ length: 200 }, () => bursar.post('/fees/cashier', fields)));
    const ends = new Set(all.map((one) => one.location));
    assert.ok(
      all.every((one) => [303, 503].includes(one.status)),
      JSON.stringify([...new Set(all.map((one) => one.status))]),
    );
    assert.equal(new Set([...ends].filter(Boolean)).size, 1);
    assert.equal(await count('fees_payments'), before + 1);
    assert.equal(await balance(child!.id), -1_200_000);
  });

  it('asks before it takes the same sum in cash for the same child on one day again', async () => {
    const [child] = await school.family(1);
    assert.equal((await take(bursar, form(child!))).status, 303);
    const again = await take(bursar, form(child!));
    assert.equal(again.status, 422);
    assert.match(text(again.html), /in cash was already received for .*: receipt R-\d+/);
    assert.match(again.html, /name="sure"/);
    assert.equal(await balance(child!.id), -1_200_000);
    assert.equal((await take(bursar, form(child!, { sure: '1' }))).status, 303);
    assert.equal((await take(bursar, form(child!, { amount: '12,001' }))).status, 303);
  });

  for (const amount of ['-5', '0', '', 'NaN', '1e2', '12.345', 'KES', '1,2,3.4.5', '99999999999999999999']) {
    it(`refuses “${amount}” as an amount and keeps what was typed`, async () => {
      const [child] = await school.family(1);
      const answer = await take(bursar, form(child!, { amount, payerName: 'Somebody Here' }));
      assert.equal(answer.status, 422);
      assert.match(answer.html, /Somebody Here/);
      assert.equal(await balance(child!.id), 0);
    });
  }

  it('takes a card by the slip of its machine, into the account that cards clear through', async () => {
    const [child] = await school.family(1);
    assert.match(text((await take(bursar, form(child!, { method: 'card' }))).html), /number from the card machine’s slip/);
    const saved = await take(bursar, form(child!, { method: 'card', reference: 'POS 004417', bank: 'Equity' }));
    assert.equal(saved.status, 303);
    const [row] = await sql<{ role: string; value: string }>(
      school.database,
      `select a.role, f.value from fees_payments p join finance_accounts a on a.id = p.account_id join fees_payment_references f on f.payment_id = p.id where p.id = '${paidId(saved.location)}'`,
    );
    assert.deepEqual(row, { role: 'clearing.card', value: 'POS004417' });
    assert.equal(
      (await take(bursar, form(child!, { method: 'card', reference: 'pos-004417', bank: 'equity' }))).status,
      409,
      'a slip counts once',
    );
  });

  it('says of each field for which ways of paying it is, and shows all of them without a script', async () => {
    const [child] = await school.family(1);
    const { html } = await bursar.get(`/fees/cashier?student=${child!.id}`);
    for (const [name, shown] of [
      ['reference', 'numbered'],
      ['bank', 'banked'],
      ['memo', 'inKind'],
    ])
      assert.match(html, new RegExp(`x-show="${shown}" x-cloak[^>]*>\\s*<div class="field[^]{0,400}name="${name}"`), name);
    assert.doesNotMatch(html, /<input[^>]*name="(reference|bank|memo)"[^>]*(hidden|disabled)/);
    assert.ok(html.indexOf('name="amount"') < html.indexOf('form="desk"'), 'the amount comes before the button');
  });

  it('prints the receipt that was drawn, on what the desk is set to, and counts it', async () => {
    const [child] = await school.family(1);
    const printed = async (paper: string, copy: boolean) => {
      const saved = await take(bursar, form(child!, { sure: '1' }));
      const { html } = await bursar.get(saved.location!);
      const path = /data-print-now="([^"]+)"/.exec(html)![1]!;
      assert.equal(path, `/fees/payments/${paidId(saved.location)}/${paper}.pdf`);
      const first = await bursar.get(path);
      assert.match(String(first.headers['content-security-policy']), /frame-ancestors 'self'/, 'this page may hold it');
      assert.doesNotMatch(textOfPdf(first.body), /COPY/);
      if (copy) assert.match(textOfPdf((await bursar.get(path)).body), /COPY/);
    };
    await printed('roll', true);
    const owner = await school.as('owner');
    const settings = await owner.get('/fees/settings');
    const value = (name: string): string => new RegExp(`name="${name}"[^>]*value="([^"]*)"`).exec(settings.html)![1]!;
    const given = {
      joiners: 'days',
      leavers: 'keep',
      dueDays: '14',
      planGraceDays: '5',
      version: value('version'),
      receivingVersion: value('receivingVersion'),
      allocationOrder: 'priority',
      reversalLimit: '0',
      receiptPaper: 'a5',
    };
    assert.equal((await owner.submit('/fees/settings', given)).status, 303);
    await printed('a5', false);
    assert.match(String((await bursar.get('/fees/cashier')).headers['content-security-policy']), /frame-ancestors 'none'/);
  });

  it('wants the number of what isn’t cash, and the bank of a cheque', async () => {
    const [child] = await school.family(1);
    assert.match(text((await take(bursar, form(child!, { method: 'bank' }))).html), /Enter the slip number/);
    assert.match(text((await take(bursar, form(child!, { method: 'cheque', reference: '000123' }))).html), /Enter the bank/);
    assert.equal((await take(bursar, form(child!, { method: 'cheque', reference: '000123', bank: 'KCB' }))).status, 303);
    assert.equal((await take(bursar, form(child!, { method: 'cheque', reference: '000123', bank: 'Equity' }))).status, 303);
    const twice = await take(bursar, form(child!, { method: 'cheque', reference: '000 123', bank: 'kcb' }));
    assert.equal(twice.status, 409);
    assert.match(text(twice.html), /already on receipt R-\d+/);
  });

  it('books what was brought in kind into the stores', async () => {
    const [child] = await school.family(1);
    const saved = await take(
      bursar,
      form(child!, { method: 'kind', reference: 'SR-77', memo: '2 bags of maize', amount: '7,000' }),
    );
    const [row] = await sql<{ role: string }>(
      school.database,
      'select a.role from fees_payments p join finance_accounts a on a.id = p.account_id where p.id = $1',
      [paidId(saved.location)],
    );
    assert.equal(row!.role, 'stores');
  });
});

describe('a name on a receipt', () => {
  it('is a link to what opens for the reader, and to nothing else', async () => {
    const [child] = await school.family(1);
    const page = `/fees/payments/${paidId((await take(bursar, form(child!, { method: 'kind', reference: 'SR-79', memo: '1 bag of maize', amount: '3,500' }))).location)}`;
    for (const [role, href] of [
      ['bursar', `/fees/cashier?student=${child!.id}`],
      ['head', `/fees/students/${child!.id}`],
      ['auditor', `/fees/students/${child!.id}`],
    ] as const) {
      const person = await school.as(role);
      const { html } = await person.get(page);
      assert.match(html, new RegExp(`<a class="quiet" href="${href.replace('?', '\\?')}"><b>`), role);
      assert.equal((await person.get(href)).status, 200, role);
      for (const [, link] of html.matchAll(/<a [^>]*href="(\/(?:fees|students)\/[^"#]*)"/g))
        assert.notEqual((await person.get(link!.replaceAll('&amp;', '&'))).status, 403, `${role} ${link}`);
    }
  });
});

describe('a typed code', () => {
  it('waits until somebody has seen the money; verified it is a receipt, rejected it never was', async () => {
    const [child] = await school.family(1);
    const one = paidId((await take(bursar, form(child!, { method: 'mobile', reference: 'SKL4T7QX2M' }))).location);
    const two = paidId((await take(bursar, form(child!, { method: 'mobile', reference: 'SKL4T7QX2N' }))).location);
    assert.equal(await balance(child!.id), 0);
    assert.match(text((await bursar.get('/fees/payments?state=provisional')).html), /SKL4T7QX2M/);
    assert.equal((await bursar.submit(`/fees/payments/${one}/verification`, { receivedOn: TODAY })).status, 303);
    assert.equal(await balance(child!.id), -1_200_000);
    assert.equal((await bursar.submit(`/fees/payments/${two}/rejection`, { reason: '' })).status, 422);
    assert.equal(
      (await bursar.submit(`/fees/payments/${two}/rejection`, { reason: 'Not in the list of the operator' })).status,
      303,
    );
    assert.equal((await bursar.submit(`/fees/payments/${two}/verification`, { receivedOn: TODAY })).status, 409);
    assert.equal(await balance(child!.id), -1_200_000);
    assert.match(text((await bursar.get(`/fees/payments/${two}`)).html), /Not in the list of the operator/);
  });
});

describe('a receipt', () => {
  it('is printed with the sum in words; every print after the first is a copy; its code is checked by anybody', async () => {
    const [child] = await school.family(1);
    await school.bill(child!.id, { TUI: 1_845_000 });
    const id = paidId((await take(bursar, form(child!, { payerName: 'Hassan Abdi Noor' }))).location);
    const sheet = (await bursar.get(`/fees/payments/${id}/a5.pdf`)).body;
    assert.match(sheet.toString('latin1'), /\/MediaBox \[0 0 595(\.\d+)? 419(\.\d+)?\]/, 'an A5 page across');
    const first = textOfPdf(sheet);
    assert.match(first, /Twelve thousand shillings only/);
    assert.match(first, /Balance before 18,450, now 6,450/);
    assert.doesNotMatch(first, /COPY/);
    assert.match(textOfPdf((await bursar.get(`/fees/payments/${id}/roll.pdf`)).body), /COPY/);
    const [row] = await sql<{ code: string; number: string }>(
      school.database,
      'select code, number from fees_receipts where payment_id = $1',
      [id],
    );
    const anybody = await school.stranger().get(`/fees/check/${row!.code}`);
    assert.equal(anybody.status, 200);
    assert.match(text(anybody.html), new RegExp(`Genuine receipt.*${row!.number}.*KES 12,000`));
    assert.doesNotMatch(anybody.html, new RegExp(child!.surname));
    assert.equal((await school.stranger().get('/fees/check/aaaaaaaaaaaaaaaaaaaa')).status, 404);
  });

  it('is found by its number, a reference, the payer and the child', async () => {
    const [child] = await school.family(1);
    const id = paidId(
      (await take(bursar, form(child!, { method: 'bank', reference: 'SLIP/991', bank: 'KCB', payerName: 'Zainabu Wafula' })))
        .location,
    );
    const [row] = await sql<{ number: string }>(school.database, 'select number from fees_receipts where payment_id = $1', [id]);
    for (const q of [row!.number.toLowerCase(), 'slip 991', 'zainabu', child!.admissionNo])
      assert.match((await bursar.get(`/fees/payments?q=${encodeURIComponent(q)}`)).html, new RegExp(id), q);
    assert.doesNotMatch((await bursar.get('/fees/payments?q=nobody-at-all')).html, new RegExp(id));
    assert.match((await bursar.get('/fees/payments?format=csv')).html, /Zainabu Wafula/);
  });
});

describe('afterwards', () => {
  it('the books agree', async () => assert.deepEqual((await school.run(() => school.get(Checker).run())).differences, []));
});
