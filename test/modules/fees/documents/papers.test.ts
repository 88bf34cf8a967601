import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { newId } from '../../../../src/kernel/id.js';
import { FeeSettingsKeeping } from '../../../../src/modules/fees/structures/fee-settings.js';
import type { RailAccount } from '../../../../src/modules/payments/accounts/account.rules.js';
import { ACCOUNT_STORE } from '../../../../src/modules/payments/ports.js';
import { STUDENTS, type StudentBrief } from '../../../../src/modules/students/index.js';
import { aFamily } from '../../../support/build.js';
import type { Browser } from '../../../support/browser.js';
import { textOfPdf } from '../../../support/reading/pdf.js';
import { sql } from '../../../support/database/sql.js';
import { withTariff, type SchoolWithTariff } from '../billing/billing-support.js';

const text = (html: string): string => html.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ');
const shortcodes: Record<RailAccount['state'], string> = { on: '247247', waiting: '300300', off: '400400' };

describe('an invoice and a statement', () => {
  let school: SchoolWithTariff;
  let bursar: Browser;
  let child: StudentBrief;
  let invoice: { id: string; code: string; number: string };

  before(async () => {
    school = await withTariff();
    bursar = await school.as('bursar');
    const kids = (await aFamily(school, 1, { joinedOn: '2025-01-06' })).students;
    await school.charge({ TUI: [12_000_00, 12_000_00, 20_000_00] });
    await school.bill(2);
    child = (await school.run(() => school.get(STUDENTS).holders([kids[0]!.id])))[0]!;
    invoice = (await sql<typeof invoice>(school.database, 'select id, code, number from fees_invoices'))[0]!;
  });
  after(() => school.stop());

  const papers = async (): Promise<string[]> => [
    textOfPdf((await bursar.get(`/fees/invoices/${invoice.id}/print.pdf`)).body),
    textOfPdf((await bursar.get(`/fees/students/${child.id}/statement.pdf`)).body),
    text((await bursar.get(`/fees/students/${child.id}`)).html),
  ];

  it('says nothing about how to pay where the school has said nothing', async () => {
    for (const paper of await papers()) assert.doesNotMatch(paper, /How to pay/);
  });

  it('names the numbers that are in use with the child’s own account, and the school’s own lines', async () => {
    await school.run(async () => {
      for (const state of ['on', 'waiting', 'off'] as const)
        await school.get(ACCOUNT_STORE).insert(rail(state, school.account('clearing.mobile')));
      const settings = school.get(FeeSettingsKeeping);
      await settings.save(school.office, { ...(await settings.find(school.office)), howToPay: 'Equity Bank, 0140 2938 4471' });
    });
    for (const paper of await papers()) {
      const words = paper.replace(/\s+/g, ' ');
      assert.match(words, /M-Pesa Paybill 247247/);
      assert.match(words, new RegExp(`Equity Bank, 0140 2938 4471 Account number to give with the payment: ${child.paymentNo}`));
      assert.equal(words.split('to give with the payment').length, 2, 'the number is said once');
      assert.doesNotMatch(paper, /300300|400400/);
    }
  });

  it('is proven by its code to anybody, who learns no name; an invoice that was taken back says so', async () => {
    assert.match(
      textOfPdf((await bursar.get(`/fees/invoices/${invoice.id}/print.pdf`)).body),
      new RegExp(`Check at [^ ]*/fees/check/${invoice.code}`),
    );
    const genuine = await school.stranger().get(`/fees/check/${invoice.code}`);
    assert.match(text(genuine.html), new RegExp(`Genuine document .*Valid .*Invoice ${invoice.number} Amount KES 20,000`));
    assert.doesNotMatch(genuine.html, new RegExp(`${child.surname}|${child.admissionNo}`));
    assert.equal((await bursar.submit(`/fees/invoices/${invoice.id}/reversal`, { reason: 'Was away' })).status, 303);
    assert.match(text((await school.stranger().get(`/fees/check/${invoice.code}`)).html), /Reversed .*No longer valid/);
  });
});

function rail(state: RailAccount['state'], ledgerAccountId: string): RailAccount {
  const keys = { consumerKey: 'k', consumerSecret: 's', passkey: 'p', initiator: null };
  return {
    id: newId(),
    name: `Paybill ${state}`,
    environment: 'sandbox',
    kind: 'paybill',
    shortcode: shortcodes[state],
    till: null,
    nominatedPhone: '+254700099001',
    ledgerAccountId,
    keys,
    token: newId().replaceAll('-', '').repeat(2),
    state,
    pending: null,
    registeredAt: null,
    pulledAt: null,
    triedAt: null,
    triedSays: null,
    version: 1,
  };
}
