import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { newId } from '../../../../src/kernel/id.js';
import { Approvals } from '../../../../src/modules/approvals/approvals.js';
import { Accounts } from '../../../../src/modules/finance/chart/accounts.js';
import { SCHOOL } from '../../../../src/modules/school/index.js';
import type { Browser } from '../../../support/browser.js';
import { sql } from '../../../support/database/sql.js';
import { aBank } from '../../finance/support.js';
import { aPayingSchool, type PayingSchool } from '../support.js';

let school: PayingSchool;
let bursar: Browser;
let bank: string;
before(async () => {
  school = await aPayingSchool();
  bursar = await school.as('bursar');
  bank = await aBank(school);
});
after(() => school?.stop());

const text = (html: string): string => html.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ');
const unmark = () =>
  school.run(async () => {
    const accounts = school.get(Accounts);
    await accounts.change(school.office, bank, { ...(await accounts.find(school.office, bank)), atBank: false });
  });
const close = () => school.run(async () => school.get(Accounts).close(school.office, bank, await school.get(SCHOOL).today()));

describe('a number that is paid to', () => {
  const path = (): string => `/payments/accounts/${school.account.id}`;

  it('may end in any bank of the school, and in nothing else', async () => {
    const page = (await bursar.get(`${path()}/edit`)).html;
    assert.match(page, new RegExp(`<option value="${bank}">1040 Bank account for salaries<`));
    const form = {
      ...Object.fromEntries(
        [...page.matchAll(/name="(shortcode|nominatedPhone|version)"[^>]*value="([^"]*)"/g)].map(([, name, value]) => [
          name!,
          value!,
        ]),
      ),
      name: 'Paybill',
      environment: 'sandbox',
      kind: 'paybill',
      nominatedPhone: '0722000111',
    };
    const [till] = await sql(school.database, "select id from finance_accounts where role = 'cash'");
    const refused = await bursar.submit(`${path()}/edit`, { ...form, ledgerAccountId: till!.id! });
    assert.equal(refused.status, 422);
    assert.match(text(refused.html), /Choose a ledger account/);
    assert.equal((await bursar.submit(`${path()}/edit`, { ...form, ledgerAccountId: bank })).status, 303);
  });

  it('keeps its bank a bank in use, from the asking on', async () => {
    for (const end of [unmark, close]) await assert.rejects(end(), /The Paybill posts to this account/);
    const [request] = await sql(school.database, "select id from approvals_requests where state = 'asked'");
    await school.run(() =>
      school.get(Approvals).decide({ ...school.office, userId: newId(), name: 'Owner', roles: ['owner'] }, request!.id!, {
        approve: true,
        note: '',
      }),
    );
    for (const end of [unmark, close]) await assert.rejects(end(), /The Paybill posts to this account/);
  });

  it('brings its money to that bank', async () => {
    const [child] = school.children;
    assert.ok(await school.daraja.payTo(school.account.shortcode, { amount: '1500.00', billRef: child!.paymentNo }));
    await school.look();
    await school.readLists();
    const [sum] = await sql<{ minor: number }>(
      school.database,
      'select coalesce(sum(amount_minor), 0)::int as minor from finance_lines where account_id = $1',
      [bank],
    );
    assert.equal(sum!.minor, 150_000);
    assert.deepEqual(await school.differences(), []);
  });
});
