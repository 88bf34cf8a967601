import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { newId } from '../../../src/kernel/id.js';
import { IDENTITY } from '../../../src/modules/identity/index.js';
import type { Browser } from '../../support/browser.js';
import { sql } from '../../support/sql.js';
import { TODAY, withFees, type SchoolWithFees } from './support.js';

const PASSWORD = 'correct-horse-battery-staple-7';

let school: SchoolWithFees;
let bursar: Browser;
before(async () => {
  school = await withFees();
  bursar = await school.as('bursar');
});
after(() => school?.stop());

const text = (html: string): string => html.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ');
const hidden = (html: string, name: string): string => new RegExp(`name="${name}" value="([^"]*)"`).exec(html)![1]!;
const received = async (studentId: string): Promise<string[]> =>
  (await sql<{ minor: string }>(school.database, 'select amount_minor::text as minor from fees_receipts where student_id = $1', [studentId])).map((one) => one.minor);

describe('a form that comes again under its mark', () => {
  it('with another amount at the desk is told what was saved, and that this is not', async () => {
    const [child] = await school.family(1);
    const page = `/fees/cashier?student=${child!.id}`;
    const { html } = await bursar.get(page);
    const fields = { _csrf: hidden(html, '_csrf'), _once: hidden(html, '_once'), key: newId(), student: child!.id, amount: '5,000', method: 'cash', receivedOn: TODAY };
    const first = await bursar.post('/fees/cashier', fields);
    assert.equal(first.status, 303, text(first.html).slice(0, 300));
    const same = await bursar.post('/fees/cashier', { ...fields, amount: ' 5,000' });
    assert.deepEqual([same.status, same.location], [303, first.location], 'the same form leads to its receipt');
    const other = await bursar.post('/fees/cashier', { ...fields, amount: '7,000' });
    assert.equal(other.status, 409);
    assert.match(text(other.html), /Receipt R-\d+ over KES 5,000(\.00)? was saved from this form\. This form was saved before with other entries\. What is here now is not saved/);
    assert.ok(other.html.includes(`href="${first.location}"`), 'with the way to what was saved');
    assert.match(other.html, /value="7,000"/);
    assert.deepEqual(await received(child!.id), ['500000']);
  });

  it('from many hands at once, some with another amount: one receipt, and nobody is told that the other was saved', async () => {
    const [child] = await school.family(1);
    const { html } = await bursar.get(`/fees/cashier?student=${child!.id}`);
    const fields = { _csrf: hidden(html, '_csrf'), _once: hidden(html, '_once'), key: newId(), student: child!.id, amount: '5,000', method: 'cash', receivedOn: TODAY };
    const answers = await Promise.all(Array.from({ length: 20 }, (_, n) => bursar.post('/fees/cashier', { ...fields, amount: n % 2 ? '7,000' : '5,000' })));
    const [minor, ...more] = await received(child!.id);
    assert.deepEqual(more, []);
    for (const [n, { status }] of answers.entries()) assert.equal(status, (n % 2 ? '700000' : '500000') === minor ? 303 : 409);
  });

  it('in every other form of the product too', async () => {
    const { html } = await bursar.get('/fees/sponsors/new');
    const fields = { _csrf: hidden(html, '_csrf'), _once: hidden(html, '_once'), name: 'County bursary', contact: 'The clerk' };
    const first = await bursar.post('/fees/sponsors', fields);
    assert.equal(first.status, 303, text(first.html).slice(0, 400));
    const other = await bursar.post('/fees/sponsors', { ...fields, name: 'Another fund' });
    assert.equal(other.status, 409);
    assert.match(text(other.html), /saved before with other entries/);
    assert.deepEqual(await sql(school.database, "select name from fees_sponsors where name = 'Another fund'"), []);
  });

  it('by the API is 409 key_reused', async () => {
    const [child] = await school.family(1);
    await school.run(() => school.get(IDENTITY).createAccount({ name: 'Till program', email: 'till@school.test', roles: ['bursar'], by: { password: PASSWORD }, actor: school.office }));
    const program = school.stranger();
    const token = await program.token('till@school.test', PASSWORD);
    const send = (amount: number) => program.json('POST', '/api/v1/payments', { student: child!.id, amount_minor: amount, currency: 'KES', method: 'cash', received_on: TODAY }, { authorization: `Bearer ${token}`, 'idempotency-key': 'same-key-0001' });
    assert.equal((await send(4_000_00)).status, 201);
    assert.equal((await send(4_000_00)).status, 201);
    const other = await send(6_000_00);
    assert.deepEqual([other.status, other.json<{ code: string }>().code], [409, 'key_reused']);
    assert.deepEqual(await received(child!.id), ['400000']);
  });
});
