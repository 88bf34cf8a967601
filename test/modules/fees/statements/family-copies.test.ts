import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Sponsors } from '../../../../src/modules/fees/awards/sponsors.js';
import type { Browser } from '../../../support/browser.js';
import { textOfPdf } from '../../../support/reading/pdf.js';
import { sql } from '../../../support/database/sql.js';
import { withFees, type SchoolWithFees } from '../support.js';

const text = (html: string): string => html.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ');

describe('what a sponsor was billed for a child', () => {
  let school: SchoolWithFees;
  let bursar: Browser;
  let child: string;
  let sibling: string;
  let own: string;
  let bill: string;
  before(async () => {
    school = await withFees({ background: false });
    bursar = await school.as('bursar');
    const trust = await school.run(() =>
      school.get(Sponsors).add(school.office, { name: 'Elimu Trust', contact: '', phone: null, email: null }),
    );
    [child, sibling] = (await school.family(2)).map((one) => one.id) as [string, string];
    own = await school.bill(child, { TUI: 4_000_00 });
    bill = await school.bill(child, { TUI: 6_000_00 }, { sponsorId: trust });
  });
  after(() => school?.stop());

  it('stands on the family’s statement beside the balance, not in it', async () => {
    const page = text((await bursar.get(`/fees/students/${child}`)).html);
    assert.match(page, /To pay KES 4,000/);
    assert.match(page, /Billed to sponsors, not part of this balance .*Term 3, 2026 Elimu Trust 6,000 6,000/);
    const paper = textOfPdf((await bursar.get(`/fees/students/${child}/statement.pdf`)).body);
    assert.match(paper, /Billed to sponsors, not part of this balance/);
    assert.match(paper, /Elimu Trust/);
    assert.doesNotMatch(text((await bursar.get(`/fees/students/${sibling}`)).html), /Billed to sponsors/);
  });

  it('stands on the family’s own bill of the term, and has a copy that asks for nothing', async () => {
    assert.match(text((await bursar.get(`/fees/invoices/${own}`)).html), /Billed to sponsors for this term .*Elimu Trust 6,000/);
    assert.match(
      textOfPdf((await bursar.get(`/fees/invoices/${own}/print.pdf`)).body),
      /Billed to sponsors for this term, not on this\s+invoice/,
    );
    const copy = textOfPdf((await bursar.get(`/fees/invoices/${bill}/family-copy.pdf`)).body);
    assert.match(copy, /Family’s copy/);
    assert.match(copy, /Elimu Trust pays this invoice\. The family has nothing to pay\s+for it\./);
    assert.doesNotMatch(copy, /How to pay/);
    assert.doesNotMatch(textOfPdf((await bursar.get(`/fees/invoices/${bill}/print.pdf`)).body), /Family’s copy/);
    assert.equal((await bursar.get(`/fees/invoices/${own}/family-copy.pdf`)).status, 404, 'a family’s own bill has no copy');
    assert.equal((await (await school.as('teacher')).get(`/fees/invoices/${bill}/family-copy.pdf`)).status, 403);
  });

  it('is read with the statement’s address, in the family’s language, and by no other address', async () => {
    const linkOf = async (id: string, family: boolean): Promise<string> => {
      const saved = await bursar.submit(
        `/fees/students/${id}/links`,
        family ? { family: 'on' } : {},
        `/fees/students/${id}/links/new`,
      );
      return /\/statement\/[0-9A-Za-z-]+/.exec((await bursar.get(saved.location!)).html)![0];
    };
    const [alone, family, other] = [await linkOf(child, false), await linkOf(sibling, true), await linkOf(sibling, false)];
    for (const address of [alone, family]) {
      const page = await school.stranger().get(`${address}?lang=sw`);
      assert.match(text(page.html), /Imetozwa wafadhili, si sehemu ya salio hili/);
      assert.ok(page.html.includes(`${address}/copies/${bill}.pdf`));
      const copy = await school.stranger().get(`${address}/copies/${bill}.pdf`);
      assert.equal(copy.status, 200);
      assert.match(textOfPdf(copy.body), /Family’s copy/);
    }
    assert.match(text((await school.stranger().get(`${alone}?lang=fr`)).html), /Facturé aux parrains/);
    assert.equal((await school.stranger().get(`${other}/copies/${bill}.pdf`)).status, 404, 'another child’s');
    assert.equal((await school.stranger().get(`${alone}/copies/${own}.pdf`)).status, 404, 'no sponsor’s bill');
    assert.equal((await school.stranger().get(`/statement/${'x'.repeat(24)}/copies/${bill}.pdf`)).status, 404);
  });

  it('that was taken back is not shown', async () => {
    await sql(school.database, "update fees_invoices set state = 'reversed' where id = $1", [bill]);
    assert.doesNotMatch(text((await bursar.get(`/fees/students/${child}`)).html), /Billed to sponsors/);
  });
});
