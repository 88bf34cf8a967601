import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { newId } from '../../../src/kernel/id.js';
import { IDENTITY } from '../../../src/modules/identity/index.js';
import type { Student } from '../../../src/modules/students/index.js';
import type { Answer } from '../../support/browser.js';
import { countRows } from '../../support/sql.js';
import { TODAY, withFees, type SchoolWithFees } from './support.js';

const PASSWORD = 'correct-horse-battery-staple-7';

describe('money over the API', () => {
  let school: SchoolWithFees;
  let child: Student;
  let ask: (method: string, path: string, body?: object, key?: string) => Promise<Answer>;
  before(async () => {
    school = await withFees();
    [child] = (await school.family(1)) as [Student];
    await school.bill(child.id, { TUI: 500_000 });
    await school.run(() => school.get(IDENTITY).createAccount({ name: 'Till program', email: 'till@school.test', roles: ['bursar'], by: { password: PASSWORD }, actor: school.office }));
    const program = school.stranger();
    const token = await program.token('till@school.test', PASSWORD);
    ask = (method, path, body, key) => {
      const headers = { authorization: `Bearer ${token}`, ...(key && { 'idempotency-key': key }) };
      return method === 'GET' ? program.get(`/api/v1${path}`, headers) : program.json(method, `/api/v1${path}`, body, headers);
    };
  });
  after(() => school?.stop());

  const cash = (more: object = {}) => ({ student: child.id, amount_minor: 200_000, currency: 'KES', method: 'cash', reference: null, received_on: TODAY, ...more });

  it('a payment is booked once for a key; the reference may be null where there is none', async () => {
    const key = newId();
    const [first, again] = [await ask('POST', '/payments', cash(), key), await ask('POST', '/payments', cash(), key)];
    assert.equal(first.status, 201, first.html);
    assert.deepEqual(again.json(), first.json());
    assert.equal(await countRows(school.database, 'fees_payments'), 1);
    const { receipts } = first.json<{ receipts: { number: string; balance_after_minor: number }[] }>();
    assert.deepEqual(receipts.map((one) => one.balance_after_minor), [300_000]);
    assert.equal((await ask('POST', '/payments', cash({ amount_minor: 1 }), key)).status, 409, 'another body under the same key');
  });

  it('says in a sentence what is missing, and books nothing', async () => {
    assert.equal((await ask('POST', '/payments', cash())).status, 422, 'no key');
    const refused = await ask('POST', '/payments', cash({ student: null }), newId());
    assert.deepEqual([refused.status, refused.json<{ errors: object[] }>().errors], [422, [{ field: 'student', message: 'Fill this in' }]]);
    assert.equal(await countRows(school.database, 'fees_payments'), 1);
  });

  it('an account shows its lines with the balance after each', async () => {
    const account = (await ask('GET', `/students/${child.id}/account`)).json<{ balance_minor: number; currency: string; lines: { amount_minor: number; balance_minor: number }[] }>();
    assert.deepEqual([account.balance_minor, account.currency], [300_000, 'KES']);
    assert.equal(account.lines.at(-1)!.balance_minor, 300_000);
    const check = (await ask('GET', '/ledger/check?now=1')).json<{ ran_at: string; differences: unknown[] }>();
    assert.deepEqual(check.differences, []);
    assert.ok(check.ran_at);
  });
});
