import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { paperReferences } from '../../../src/modules/fees/domain/payment.js';
import { withFees } from '../fees/support.js';

const text = (html: string): string => html.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ');

describe('mobile money where there is no M-Pesa', () => {
  for (const [country, operators] of [['GH', /MTN MoMo, Telecel Cash, AT Money/], ['UG', /MTN MoMo, Airtel Money/], ['NG', /OPay, PalmPay, MTN MoMo/]] as const) {
    it(`is called by the names of the country’s operators, and nothing says M-Pesa: ${country}`, async () => {
      const school = await withFees({ country });
      try {
        const owner = await school.as('owner');
        const [child] = await school.family(1);
        const { paymentId } = await school.pay(child!.id, 100_00, { method: 'mobile', currency: { GH: 'GHS', UG: 'UGX', NG: 'NGN' }[country], references: paperReferences('mobile', 'MP240101AB', null, { GH: 'GHS', UG: 'UGX', NG: 'NGN' }[country]) });
        const pages = ['/payments', '/fees/cashier', `/fees/cashier?student=${child!.id}`, '/fees/payments', `/fees/payments/${paymentId}`, '/fees/settings', `/fees/students/${child!.id}`, `/students/${child!.id}`, '/fees/sponsors', '/finance/books'];
        for (const path of pages) {
          const { status, html } = await owner.get(path);
          assert.equal(status, 200, path);
          assert.doesNotMatch(html, /m-?pesa/i, path);
        }
        for (const path of ['/payments', `/fees/cashier?student=${child!.id}`, '/fees/settings']) assert.match(text((await owner.get(path)).html), operators, path);
        assert.match(text((await owner.get(`/fees/payments/${paymentId}`)).html), /Mobile money MP240101AB/);
      } finally {
        await school.stop();
      }
    });
  }
});
