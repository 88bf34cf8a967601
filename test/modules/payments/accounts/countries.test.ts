import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { newId } from '../../../../src/kernel/id.js';
import { packForCountry, PACKS } from '../../../../src/kernel/packs/index.js';
import { Receiving } from '../../../../src/modules/fees/receiving/receive.js';
import { paperReferences } from '../../../../src/modules/fees/receiving/payment.rules.js';
import { BooksKeeping } from '../../../../src/modules/finance/books/books.js';
import { SCHOOL } from '../../../../src/modules/school/index.js';
import { aSchool } from '../../../support/app.js';
import { aStudent } from '../../../support/build.js';

const text = (html: string): string => html.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ');

describe('mobile money where there is no M-Pesa', () => {
  for (const [country, operators] of [
    ['GH', /MTN MoMo, Telecel Cash, AT Money/],
    ['UG', /MTN MoMo, Airtel Money/],
    ['NG', /OPay, PalmPay, MTN MoMo/],
  ] as const) {
    it(`is called by the names of the country’s operators, and nothing says M-Pesa: ${country}`, async () => {
      const pack = packForCountry(country)!;
      const school = await aSchool({ country, classes: [{ name: pack.levels.at(-1)!.name, streams: ['A'] }] });
      try {
        const owner = await school.as('owner');
        const today = await school.run(() => school.get(SCHOOL).today());
        await school.run(() =>
          school.get(BooksKeeping).open(school.office, {
            variant: 'private',
            yearStartsMonth: 1,
            startsOn: `${today.slice(0, 4)}-01-01`,
            release: 'term',
          }),
        );
        const child = await aStudent(school);
        const { paymentId } = await school.run(() =>
          school.get(Receiving).receive(school.office, {
            method: 'mobile',
            amountMinor: 100_00,
            currency: pack.currency,
            receivedOn: today,
            references: paperReferences('mobile', 'MP240101AB', null, pack.currency),
            shares: [{ studentId: child.id, amountMinor: 100_00 }],
            client: 'user:test',
            clientKey: newId(),
            by: 'person',
          }),
        );
        const pages = [
          '/payments',
          '/fees/cashier',
          `/fees/cashier?student=${child.id}`,
          '/fees/payments',
          `/fees/payments/${paymentId}`,
          '/fees/settings',
          `/fees/students/${child.id}`,
          `/students/${child.id}`,
          '/fees/sponsors',
        ];
        for (const path of pages) {
          const { status, html } = await owner.get(path);
          assert.equal(status, 200, path);
          assert.doesNotMatch(html, /m-?pesa/i, path);
        }
        assert.doesNotMatch(
          (await owner.get(`/fees/cashier?student=${child.id}`)).html,
          /payment prompt/,
          'nobody can be asked by a prompt',
        );
        for (const path of ['/payments', `/fees/cashier?student=${child.id}`, '/fees/settings'])
          assert.match(text((await owner.get(path)).html), operators, path);
        assert.match(text((await owner.get(`/fees/payments/${paymentId}`)).html), /Mobile money MP240101AB/);
        for (const path of [
          '/payments/accounts',
          '/payments/accounts/new',
          '/payments/messages',
          '/payments/suspense',
          '/payments/prompts',
          `/payments/prompts/new?student=${child.id}`,
        ]) {
          assert.equal((await owner.get(path)).status, 404, path);
        }
        for (const typed of ['mpesa', 'paybill', 'payment', 'unmatched']) {
          assert.doesNotMatch((await owner.get(`/search?q=${typed}`)).html, /\/payments\/(accounts|prompts|suspense)/, typed);
        }
        for (const path of ['/audit', '/approvals', '/identity/roles']) {
          const { status, html } = await owner.get(path);
          assert.ok([200, 303].includes(status), path);
          assert.doesNotMatch(html, /m-?pesa|paybill/i, path);
        }
      } finally {
        await school.stop();
      }
    });
  }
});

describe('a country where nobody pays from a phone', () => {
  it('has no mobile money until the school switches it on, and the cashier isn’t offered it', async () => {
    const school = await aSchool({ country: 'ZA', classes: [{ name: 'Grade 7', streams: ['A'] }] });
    try {
      const owner = await school.as('owner');
      assert.equal((await owner.get('/payments')).status, 404);
      assert.doesNotMatch((await owner.get('/')).html, /href="\/payments"/);
      await school.run(() =>
        school
          .get(BooksKeeping)
          .open(school.office, { variant: 'private', yearStartsMonth: 1, startsOn: '2026-01-01', release: 'term' }),
      );
      const child = await aStudent(school);
      const { html } = await owner.get(`/fees/cashier?student=${child.id}`);
      assert.match(html, /name="method" value="bank"/);
      assert.doesNotMatch(html, /name="method" value="mobile"/);
    } finally {
      await school.stop();
    }
  });
});

describe('the books of a school', () => {
  it('have several funds for public schools in Kenya alone, and begin with the school year where that is the custom', async () => {
    for (const { country } of Object.values(PACKS)) {
      const school = await aSchool({
        country,
        years: [2026],
        clock: { now: () => new Date('2026-11-24T09:00:00Z') },
        classes: [],
      });
      try {
        const { html } = await (await school.as('owner')).get('/finance/books/new');
        assert.equal(/the separate funds required by government rules/.test(html), country === 'KE', country);
        assert.match(
          html,
          new RegExp(`name="startsOn"[^>]*value="2026-${['NG', 'GH'].includes(country) ? '09' : '01'}-01"`),
          country,
        );
      } finally {
        await school.stop();
      }
    }
  });
});

describe('pages of a school outside Kenya', () => {
  it('have no words of Kenya’s schools: no vote heads, counties, M-Pesa or shillings of another country', async () => {
    for (const { country, words } of Object.values(PACKS).filter((pack) => pack.country !== 'KE')) {
      const school = await aSchool({ country, classes: [] });
      try {
        const owner = await school.as('owner');
        for (const path of [
          '/',
          '/school',
          '/school/profile',
          '/subjects/classes',
          '/subjects/pathways',
          '/subjects/new',
          '/students',
          '/students/new',
          '/fees',
          '/fees/vote-heads',
          '/finance',
          '/hr/staff/new',
          '/imports',
        ]) {
          const { status, html } = await owner.get(path);
          assert.ok([200, 303].includes(status), `${country} ${path}: ${status}`);
          assert.doesNotMatch(
            text(html),
            /vote (head|book)|\bcount(y|ies)\b|m-?pesa|\bKES\b|Grade 7 (East|West)|\bKNEC\b/i,
            `${country} ${path}`,
          );
        }
        assert.match(text((await owner.get('/students/new')).html), new RegExp(`Home ${words.region.toLowerCase()}`), country);
        assert.match(text((await owner.get('/user-guide/fee-structures')).html), /Fee items and fee structures/, country);
        assert.match((await owner.get('/user-guide/fee-structures')).html, /href="\/fees\/vote-heads"/, 'addresses stay');
      } finally {
        await school.stop();
      }
    }
  });
});
