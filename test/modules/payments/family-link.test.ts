import assert from 'node:assert/strict';
import { request } from 'node:http';
import { gunzipSync } from 'node:zlib';
import { after, before, describe, it } from 'node:test';
import type { Browser } from '../../support/browser.js';
import { aFamily } from '../../support/build.js';
import { countRows, sql } from '../../support/sql.js';
import { aPayingSchool, type PayingSchool } from './support.js';

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
    const { students } = await aFamily(school, 3);
    children = await sql(school.database, 'select id, payment_no as "paymentNo", surname, first_name as "firstName" from students where id = any($1::uuid[])', [students.map((one) => one.id)]) as never;
    children.sort((a, b) => students.findIndex((one) => one.id === a.id) - students.findIndex((one) => one.id === b.id));
    for (const fields of [{}, { family: '1' }]) await bursar.submit('/payments/links', { studentId: children[0]!.id, ...fields }, `/students/${children[0]!.id}`);
    const page = await bursar.get(`/payments/links/${children[0]!.id}`);
    [own, family] = [...page.html.matchAll(/value="(http[^"]+\/pay\/[\w-]{43})"/g)].map((match) => new URL(match[1]!).pathname) as [string, string];
    assert.match(text(page.html), new RegExp(`It shows ${children[1]!.surname}`));
  });
  after(() => school?.stop());

  const open = async (path: string): Promise<string> => (await school.stranger().get(path)).html;
  const numbersOn = (html: string): string[] => children.map((one) => one.paymentNo).filter((number) => html.includes(number));

  it('shows each child by initials with its number and amount; the link of one child shows no other', async () => {
    const page = await open(family);
    assert.deepEqual(numbersOn(page), children.map((one) => one.paymentNo));
    for (const one of children) assert.doesNotMatch(page, new RegExp(`${one.surname}|${one.firstName}`));
    assert.deepEqual(numbersOn(await open(own)), [children[0]!.paymentNo]);
    assert.notEqual(own, family, 'who has the one does not have the other');
  });

  it('pays for the child that is chosen, and shows the number of the school’s receipt', async () => {
    const visitor = school.stranger();
    const [, second] = children;
    const none = await visitor.post(family, { how: 'other', amount: '250', phone: '0711 222 333' });
    assert.equal(none.status, 422);
    assert.match(text(none.html), /Choose who you pay for/);
    assert.match(none.html, /0711 222 333/);
    const sent = await visitor.post(family, { child: second!.paymentNo, how: 'other', amount: '250', phone: '0711 222 333' });
    assert.equal(sent.status, 303, text(sent.html));
    await school.daraja.answer(school.daraja.prompts.at(-1)!, { code: 0 });
    const done = await visitor.get(sent.location!);
    const [receipt] = await sql(school.database, 'select number from fees_receipts where student_id = $1', [second!.id]);
    assert.match(text(done.html), new RegExp(`Thank you.*${second!.paymentNo}.*Receipt ${receipt!.number}`));
    assert.deepEqual([await school.owes(children[0]!.id), await school.owes(second!.id)], [0, -25_000]);
    assert.match(text(await open(family)), /credit KES 250/);
  });

  it('pays for no child that it does not show', async () => {
    const stranger = school.children.find((one) => !children.some((own) => own.id === one.id))!;
    for (const [link, number] of [[family, stranger.paymentNo], [own, children[1]!.paymentNo]] as const) {
      const before = await countRows(school.database, 'payments_prompts');
      const answer = await school.stranger().post(link, { child: number, how: 'other', amount: '10', phone: '0711 222 399' });
      if (link === family) assert.equal(answer.status, 422);
      else assert.equal((await sql(school.database, 'select student_id from payments_prompts order by asked_at desc limit 1'))[0]!.student_id, children[0]!.id, 'the link of one child is always for that child');
      assert.equal(await countRows(school.database, 'payments_prompts'), before + (link === family ? 0 : 1));
    }
  });

  it('is not made where there is nobody else', async () => {
    const alone = school.children.find((one) => !children.some((own) => own.id === one.id))!;
    assert.equal((await bursar.submit('/payments/links', { studentId: alone.id, family: '1' }, `/students/${alone.id}`)).status, 409);
  });

  it('both pages load in under 30 KB: everything that they name, as it is served', async (t) => {
    const visitor = school.stranger();
    const sent = await visitor.post(family, { child: children[2]!.paymentNo, how: 'other', amount: '10', phone: '0711 222 377' });
    for (const path of [own, family, sent.location!]) {
      const parts = await firstLoad(school.url, path);
      const total = parts.reduce((sum, [, bytes]) => sum + bytes, 0);
      t.diagnostic(`${path.slice(0, 9)}…: ${total} bytes: ${parts.map(([name, bytes]) => `${name.split('/').at(-1)} ${bytes}`).join(', ')}`);
      assert.ok(parts.length >= 2, 'the page names its style');
      assert.ok(total < MOST_BYTES, `${total} bytes`);
    }
  });

  it('ends with the child’s own', async () => {
    await bursar.submit(`/payments/links/${children[0]!.id}/ending`, {}, `/payments/links/${children[0]!.id}`);
    for (const path of [own, family]) assert.equal((await school.stranger().get(path)).status, 404);
  });
});

/** The page, and whatever its markup makes a browser fetch: style, script, pictures, sprites and the icon. */
async function firstLoad(url: string, path: string): Promise<[string, number][]> {
  const page = await fetched(url, path);
  const names = [...page.html.matchAll(/<(?:link|script|img|use|source|iframe)\b[^>]*?(?:href|src)="(\/[^"#]+)/g)].filter((match) => !match[0].includes('apple-touch-icon')).map((match) => match[1]!);
  const parts: [string, number][] = [['page', page.bytes]];
  for (const name of new Set(names)) {
    const part = await fetched(url, name);
    assert.equal(part.status, 200, name);
    parts.push([name, part.bytes]);
    for (const [, inside] of part.type.includes('css') ? part.html.matchAll(/url\(["']?(\/[^"')#]+)/g) : []) parts.push([inside!, (await fetched(url, inside!)).bytes]);
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
        resolve({ status: res.statusCode ?? 0, type: String(res.headers['content-type']), bytes: body.length, html: (res.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body).toString('utf8') });
      });
    }).on('error', reject).end();
  });
}
