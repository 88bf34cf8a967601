import assert from 'node:assert/strict';
import { request } from 'node:http';
import { gunzipSync } from 'node:zlib';
import { after, before, describe, it } from 'node:test';
import sharp from 'sharp';
import { VoteHeads } from '../../../../src/modules/fees/structures/vote-heads.js';
import { FEES } from '../../../../src/modules/fees/index.js';
import { CHART_STORE } from '../../../../src/modules/finance/ports.js';
import { formatAmount } from '../../../../src/kernel/money.js';
import { Plans } from '../../../../src/modules/fees/instalments/plans.js';
import { SCHOOL } from '../../../../src/modules/school/index.js';
import { hiddenValue, type Browser } from '../../../support/browser.js';
import { aFamily } from '../../../support/build.js';
import { countRows, sql } from '../../../support/database/sql.js';
import { aPayingSchool, type PayingSchool } from '../support.js';

const text = (html: string): string => html.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ');
/** All that a phone loads before the page stands. */
const MOST_BYTES = 30 * 1024;

describe('the link of a family', () => {
  let school: PayingSchool;
  let bursar: Browser;
  let children: { id: string; paymentNo: string; surname: string; firstName: string }[];
  let own: string;
  let family: string;
  before(async () => {
    school = await aPayingSchool({ children: 1 });
    bursar = await school.as('bursar');
    await school.run(async () => {
      const accountId = (await school.get(CHART_STORE).chart()).accounts.find((one) => one.role === 'fees')!.id;
      await school.get(VoteHeads).add(school.office, {
        code: 'TUI',
        name: 'Tuition',
        kind: 'income',
        frequency: 'term',
        mandatory: true,
        priority: 1,
        accountId,
      });
    });
    const { students } = await aFamily(school, 3);
    children = (await sql(
      school.database,
      'select id, payment_no as "paymentNo", surname, first_name as "firstName" from students where id = any($1::uuid[])',
      [students.map((one) => one.id)],
    )) as never;
    children.sort((a, b) => students.findIndex((one) => one.id === a.id) - students.findIndex((one) => one.id === b.id));
    await giveLinks();
    assert.match(
      text((await bursar.get(`/payments/links/${children[0]!.id}`)).html),
      new RegExp(`It also shows ${children[1]!.surname}`),
    );
  });
  after(() => school?.stop());

  const giveLinks = async (): Promise<void> => {
    for (const fields of [{}, { family: '1' }])
      await bursar.submit('/payments/links', { studentId: children[0]!.id, ...fields }, `/students/${children[0]!.id}`);
    const { html } = await bursar.get(`/payments/links/${children[0]!.id}`);
    [own, family] = [...html.matchAll(/value="(http[^"]+\/pay\/[\w-]{43})"/g)].map((match) => new URL(match[1]!).pathname) as [
      string,
      string,
    ];
  };
  /** Prompts from one link are few. */
  const giveFreshLinks = async (): Promise<void> => {
    await bursar.submit(`/payments/links/${children[0]!.id}/ending`, {}, `/payments/links/${children[0]!.id}`);
    await giveLinks();
  };

  const open = async (path: string): Promise<string> => (await school.stranger().get(path)).html;
  const parts = (amounts: (string | null)[]): Record<string, string> =>
    Object.assign(
      {},
      ...children.map((one, n) => ({ [`shares.${n}.number`]: one.paymentNo, [`shares.${n}.amount`]: amounts[n] ?? '' })),
    );
  /** A bill of so much beside what the account stands at. */
  const owe = async (studentId: string, minor: number): Promise<void> => {
    const openMinor = minor - (await school.owes(studentId));
    await school.run(() =>
      school.get(FEES).charge(school.office, {
        studentId,
        head: 'TUI',
        amountMinor: openMinor,
        description: 'Fees',
        sourceKey: `test:${studentId}`,
      }),
    );
  };
  const numbersOn = (html: string): string[] => children.map((one) => one.paymentNo).filter((number) => html.includes(number));

  it('shows each child by initials with its number and amount; the link of one child shows no other', async () => {
    const page = await open(family);
    assert.deepEqual(
      numbersOn(page),
      children.map((one) => one.paymentNo),
    );
    for (const one of children) assert.doesNotMatch(page, new RegExp(`${one.surname}|${one.firstName}`));
    assert.deepEqual(numbersOn(await open(own)), [children[0]!.paymentNo]);
    assert.notEqual(own, family, 'who has the one does not have the other');
  });

  it('pays for one child alone when the others are left out, and shows the number of the school’s receipt', async () => {
    const visitor = school.stranger();
    const [, second] = children;
    const none = await visitor.post(family, { ...parts([null, null, null]), phone: '0711 222 333' });
    assert.equal(none.status, 422);
    assert.match(text(none.html), /Enter an amount above zero/);
    assert.match(none.html, /0711 222 333/);
    const sent = await visitor.post(family, { ...parts([null, '250', null]), phone: '0711 222 333' });
    assert.equal(sent.status, 303, text(sent.html));
    await school.daraja.answer(school.daraja.prompts.at(-1)!, { code: 0 });
    const done = await visitor.get(sent.location!);
    const [receipt] = await sql(school.database, 'select number from fees_receipts where student_id = $1', [second!.id]);
    assert.match(text(done.html), new RegExp(`Thank you.*${second!.paymentNo}.*Receipt ${receipt!.number}`));
    assert.deepEqual([await school.owes(children[0]!.id), await school.owes(second!.id)], [0, -25_000]);
    assert.match(text(await open(family)), /credit KES 250/);
  });

  it('pays for several in one prompt of the sum: one payment under one code, with a receipt for each child', async () => {
    const before = await Promise.all(children.map((one) => school.owes(one.id)));
    const visitor = school.stranger();
    const sent = await visitor.post(family, { ...parts(['100.50', null, '300']), phone: '0711 222 444' });
    assert.equal(sent.status, 303, text(sent.html));
    const asked = school.daraja.prompts.at(-1)!;
    assert.deepEqual(
      [asked.amount, asked.reference],
      ['401', children[0]!.paymentNo],
      'whole shillings, under a number that validation knows',
    );
    assert.equal(
      (await visitor.post(family, { ...parts(['100.50', null, '300']), phone: '0711 222 444' })).location,
      sent.location,
      'pressed twice it is one',
    );
    const other = await visitor.post(family, { ...parts(['300.50', null, '100']), phone: '0711 222 444' });
    assert.match(text(other.html), /less than a minute ago/, 'the same sum for others is another prompt');
    const paid = (await school.daraja.answer(asked, { code: 0 }))!;
    await school.readLists();
    assert.deepEqual(
      await Promise.all(children.map((one) => school.owes(one.id))),
      [before[0]! - 10_100, before[1], before[2]! - 30_000],
      'what is rounded up is the first child’s credit',
    );
    const receipts = await sql(
      school.database,
      'select r.number, r.student_id, p.amount_minor::int as minor from fees_receipts r join fees_payments p on p.id = r.payment_id join fees_payment_references f on f.payment_id = p.id where f.value = $1 order by r.number',
      [paid.transId],
    );
    assert.deepEqual(
      receipts.map((one) => [one.student_id, one.minor]),
      [
        [children[0]!.id, 40_100],
        [children[2]!.id, 40_100],
      ],
    );
    const done = text((await visitor.get(sent.location!)).html);
    for (const [n, at] of [
      [0, 0],
      [2, 1],
    ] as const)
      assert.match(done, new RegExp(`${children[n]!.paymentNo} .*Receipt ${receipts[at]!.number}`));
    assert.match(done, new RegExp(`KES 401 M-Pesa code ${paid.transId}`));
    assert.deepEqual(await school.differences(), []);
    const prompts = await bursar.get(`/payments/prompts?student=${children[2]!.id}`);
    assert.match(
      text(prompts.html),
      new RegExp(`${children[0]!.surname}.*; ${children[2]!.surname}`),
      'it is found under each child',
    );
    assert.match(text((await bursar.get(`/payments/prompts/${sent.location!.slice(-36)}`)).html), /For .*KES 101; .*KES 300/);
  });

  it('shares out one sum by what each owes, without a script, and sends nothing by that', async () => {
    const count = await countRows(school.database, 'payments_prompts');
    const owing = new Map([
      [0, 500_000],
      [1, 1_200_000],
      [2, 2_000_000],
    ]);
    for (const [n, minor] of owing) await owe(children[n]!.id, minor);
    const shown = async (path: string): Promise<string[]> =>
      [...(await open(path)).matchAll(/name="shares\.\d\.amount"[^>]*value="([^"]*)"/g)].map((match) => match[1]!);
    assert.deepEqual(await shown(family), ['5,000', '12,000', '20,000'], 'first what each owes');
    assert.match(text(await open(family)), /To be paid: KES 37,000/);
    assert.deepEqual(
      await shown(`${family}?sum=30%2C000`),
      ['5,000', '12,000', '13,000'],
      'who owes less is cleared, the rest is shared again',
    );
    const wrong = await open(`${family}?sum=much`);
    assert.match(text(wrong), /Enter an amount above zero/);
    assert.match(wrong, /value="much"/);
    assert.doesNotMatch(await open(family), /<script/);
    assert.equal(await countRows(school.database, 'payments_prompts'), count);
    const late = await school.stranger().post(family, { ...parts(['200,000', '50,000', '1']), phone: '0711 222 555' });
    assert.equal(late.status, 422);
    assert.match(text(late.html), /M-Pesa accepts 1 to 250,000 shillings per payment/);
    assert.equal(await countRows(school.database, 'payments_prompts'), count);
  });

  it('a sum that M-Pesa names otherwise waits in suspense: nobody guesses whose part is smaller', async () => {
    await giveFreshLinks();
    const before = await Promise.all(children.map((one) => school.owes(one.id)));
    await school.stranger().post(family, { ...parts(['10', '20', null]), phone: '0711 222 666' });
    const asked = school.daraja.prompts.at(-1)!;
    const paid = (await school.daraja.answer({ ...asked, amount: '25' }, { code: 0, callback: false, confirmed: false }))!;
    asked.fate = { code: 0 };
    await school.daraja.post(asked.callbackUrl, school.daraja.stkBody(asked, { code: 0, saidAmount: 25 }, paid));
    await school.look();
    await school.readLists();
    assert.deepEqual(await Promise.all(children.map((one) => school.owes(one.id))), before);
    assert.match(
      (await sql(school.database, 'select why from payments_suspense where trans_id = $1', [paid.transId]))[0]?.why ?? '',
      /The amount to share between several children was different/,
    );
    assert.deepEqual(await school.differences(), []);
  });

  it('pays for no child that it does not show', async () => {
    const stranger = school.children.find((one) => !children.some((own) => own.id === one.id))!;
    const before = await countRows(school.database, 'payments_prompts');
    for (const given of [
      { 'shares.0.number': stranger.paymentNo, 'shares.0.amount': '10' },
      { ...parts(['10', null, null]), 'shares.1.number': stranger.paymentNo, 'shares.1.amount': '10' },
    ]) {
      assert.equal((await school.stranger().post(family, { ...given, phone: '0711 222 399' })).status, 422);
    }
    assert.equal(await countRows(school.database, 'payments_prompts'), before);
    await school.stranger().post(own, { ...parts([null, '10', null]), how: 'other', amount: '10', phone: '0711 222 399' });
    assert.equal(
      (await sql(school.database, 'select student_id from payments_prompts order by asked_at desc limit 1'))[0]!.student_id,
      children[0]!.id,
      'the link of one child is always for that child',
    );
  });

  it('is not made where there is nobody else', async () => {
    const alone = school.children.find((one) => !children.some((own) => own.id === one.id))!;
    assert.equal(
      (await bursar.submit('/payments/links', { studentId: alone.id, family: '1' }, `/students/${alone.id}`)).status,
      409,
    );
  });

  it('an amount that is typed beside another answer is nobody’s choice: nothing is sent, and both stay as they were', async () => {
    await owe(children[0]!.id, 700_000);
    const count = await countRows(school.database, 'payments_prompts');
    const refused = await school.stranger().post(own, { how: 'all', amount: '250', phone: '0711 222 388' });
    assert.equal(refused.status, 422);
    assert.match(text(refused.html), /You entered an amount\. Choose “Another amount” to pay it, or clear this box/);
    assert.match(refused.html, /value="all" checked/);
    assert.match(refused.html, /name="amount"[^>]*value="250"/);
    assert.equal(await countRows(school.database, 'payments_prompts'), count);
  });

  it('both pages load in under 30 KB: everything that they name, as it is served, with the badge of a school that has a heavy one', async (t) => {
    const administrator = await school.as('administrator');
    const page = await administrator.get('/school/brand');
    const logo = await sharp({
      create: { width: 512, height: 512, channels: 3, background: '#0f5c43', noise: { type: 'gaussian', mean: 128, sigma: 40 } },
    })
      .png()
      .toBuffer();
    assert.ok(logo.length > MOST_BYTES);
    assert.equal(
      (
        await administrator.upload(
          '/school/brand/assets',
          [{ field: 'picture', name: 'logo.png', type: 'image/png', body: logo }],
          { _csrf: hiddenValue(page.html, '_csrf')!, kind: 'logo' },
        )
      ).status,
      303,
    );
    const visitor = school.stranger();
    const sent = await visitor.post(family, { ...parts(['10', '20', '30']), phone: '0711 222 377' });
    for (const path of [own, family, sent.location!]) {
      const parts = await firstLoad(school.url, path);
      const total = parts.reduce((sum, [, bytes]) => sum + bytes, 0);
      t.diagnostic(
        `${path.slice(0, 9)}…: ${total} bytes: ${parts.map(([name, bytes]) => `${name.split('/').at(-1)} ${bytes}`).join(', ')}`,
      );
      assert.ok(parts.length >= 2, 'the page names its style');
      assert.ok(
        parts.some(([name]) => name.startsWith('/school/logo/')),
        'and the badge',
      );
      assert.ok(total < MOST_BYTES, `${total} bytes`);
    }
  });

  it('offers what an agreed plan asks for next, and sends the prompt for it', async () => {
    await giveFreshLinks();
    const [first] = children;
    const [minor, day] = await school.run(async () => {
      await school.get(FEES).charge(school.office, {
        studentId: first!.id,
        head: 'TUI',
        amountMinor: 10_000_00,
        description: 'Fees',
        sourceKey: 'test:plan',
      });
      const firstOn = await school.get(SCHOOL).today();
      const [id] = await school.get(Plans).agree(school.office, [first!.id], {
        parts: { parts: 3, firstOn, interval: 'month' },
        agreedWith: 'The mother',
        note: '',
      });
      return [(await school.get(Plans).find(school.office, id!)).instalments[0]!.amountMinor, Number(firstOn.slice(8))];
    });
    for (const path of [own, family])
      assert.match(text(await open(path)), new RegExp(`Next instalment, due ${day} .*${formatAmount(minor, 'KES')}`));
    const sent = await school.stranger().post(own, { how: 'next', phone: '0711 222 366' });
    assert.equal(sent.status, 303, text(sent.html));
    assert.equal(school.daraja.prompts.at(-1)!.amount, String(Math.ceil(minor / 100)), 'whole shillings; the rest is credit');
  });

  it('ends with the child’s own', async () => {
    await bursar.submit(`/payments/links/${children[0]!.id}/ending`, {}, `/payments/links/${children[0]!.id}`);
    for (const path of [own, family]) assert.equal((await school.stranger().get(path)).status, 404);
  });

  it('asks for what is overdue today apart from what is not due yet, and proposes to pay that', async () => {
    const {
      students: [late],
    } = await aFamily(school, 1);
    for (const [sourceKey, amountMinor, days] of [
      ['late', 10_000_00, -5],
      ['later', 5_000_00, 20],
    ] as const) {
      const { invoiceId } = await school.run(() =>
        school.get(FEES).charge(school.office, {
          studentId: late!.id,
          head: 'TUI',
          amountMinor,
          description: 'Fees',
          sourceKey: `test:${sourceKey}`,
        }),
      );
      await sql(school.database, 'update fees_invoices set due_on = $2::date + $3::int where id = $1', [
        invoiceId,
        school.today(),
        days,
      ]);
    }
    await bursar.submit('/payments/links', { studentId: late!.id }, `/students/${late!.id}`);
    const path = new URL(/value="(http[^"]+\/pay\/[\w-]{43})"/.exec((await bursar.get(`/payments/links/${late!.id}`)).html)![1]!)
      .pathname;
    const page = await open(path);
    assert.match(text(page), /To be paid: KES 15,000 .*Overdue today: KES 10,000 .*Not due yet: KES 5,000/);
    assert.match(page, /value="overdue" checked/);
    const sent = await school.stranger().submit(path, { how: 'overdue', phone: '0722 900 777' }, path);
    assert.equal(sent.status, 303);
    assert.equal(school.daraja.prompts.at(-1)!.amount, '10000');
    assert.match(text((await bursar.get(`/fees/students/${late!.id}`)).html), /10,000 overdue, 5,000 not due yet/);
  });
});

/** The page, and whatever its markup makes a browser fetch: style, script, pictures, sprites and the icon. */
async function firstLoad(url: string, path: string): Promise<[string, number][]> {
  const page = await fetched(url, path);
  const names = [...page.html.matchAll(/<(?:link|script|img|use|source|iframe)\b[^>]*?(?:href|src)="(\/[^"#]+)/g)]
    .filter((match) => !match[0].includes('apple-touch-icon'))
    .map((match) => match[1]!);
  const parts: [string, number][] = [['page', page.bytes]];
  for (const name of new Set(names)) {
    const part = await fetched(url, name);
    assert.equal(part.status, 200, name);
    parts.push([name, part.bytes]);
    for (const [, inside] of part.type.includes('css') ? part.html.matchAll(/url\(["']?(\/[^"')#]+)/g) : [])
      parts.push([inside!, (await fetched(url, inside!)).bytes]);
  }
  return parts;
}

function fetched(url: string, path: string): Promise<{ status: number; type: string; bytes: number; html: string }> {
  const { host, port } = new URL(url);
  return new Promise((resolve, reject) => {
    request({ host: '127.0.0.1', port, path, headers: { host, 'accept-encoding': 'gzip' } }, (res) => {
      const chunks: Buffer[] = [];
      res.on('data', (chunk: Buffer) => chunks.push(chunk));
      res.on('end', () => {
        const body = Buffer.concat(chunks);
        resolve({
          status: res.statusCode ?? 0,
          type: String(res.headers['content-type']),
          bytes: body.length,
          html: (res.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body).toString('utf8'),
        });
      });
    })
      .on('error', reject)
      .end();
  });
}
