import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { newId } from '../../../src/kernel/id.js';
import { packForCountry } from '../../../src/kernel/packs/index.js';
import { Receiving } from '../../../src/modules/fees/application/receive.js';
import { paperReferences } from '../../../src/modules/fees/domain/payment.js';
import { BooksKeeping } from '../../../src/modules/finance/application/books.js';
import { SCHOOL } from '../../../src/modules/school/index.js';
import { aSchool } from '../../support/app.js';
import { aStudent } from '../../support/build.js';

const text = (html: string): string => html.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ');

describe('mobile money where there is no M-Pesa', () => {
  for (const [country, operators] of [['GH', /MTN MoMo, Telecel Cash, AT Money/], ['UG', /MTN MoMo, Airtel Money/], ['NG', /OPay, PalmPay, MTN MoMo/]] as const) {
    it(`is called by the names of the country’s operators, and nothing says M-Pesa: ${country}`, async () => {
      const pack = packForCountry(country)!;
      const school = await aSchool({ country, classes: [{ name: pack.levels.at(-1)!.name, streams: ['A'] }] });
      try {
        const owner = await school.as('owner');
        const today = await school.run(() => school.get(SCHOOL).today());
        await school.run(() => school.get(BooksKeeping).open(school.office, { variant: 'private', yearStartsMonth: 1, startsOn: `${today.slice(0, 4)}-01-01`, release: 'term' }));
        const child = await aStudent(school);
        const { paymentId } = await school.run(() => school.get(Receiving).receive(school.office, {
          method: 'mobile', amountMinor: 100_00, currency: pack.currency, receivedOn: today, references: paperReferences('mobile', 'MP240101AB', null, pack.currency), shares: [{ studentId: child.id, amountMinor: 100_00 }],
          client: 'user:test', clientKey: newId(), by: 'person',
        }));
        const pages = ['/payments', '/fees/cashier', `/fees/cashier?student=${child.id}`, '/fees/payments', `/fees/payments/${paymentId}`, '/fees/settings', `/fees/students/${child.id}`, `/students/${child.id}`, '/fees/sponsors'];
        for (const path of pages) {
          const { status, html } = await owner.get(path);
          assert.equal(status, 200, path);
          assert.doesNotMatch(html, /m-?pesa/i, path);
        }
        for (const path of ['/payments', `/fees/cashier?student=${child.id}`, '/fees/settings']) assert.match(text((await owner.get(path)).html), operators, path);
        assert.match(text((await owner.get(`/fees/payments/${paymentId}`)).html), /Mobile money MP240101AB/);
      } finally {
        await school.stop();
      }
    });
  }
});
