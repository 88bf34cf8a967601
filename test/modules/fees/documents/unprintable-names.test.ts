import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Sponsors } from '../../../../src/modules/fees/awards/sponsors.js';
import type { Browser } from '../../../support/browser.js';
import { sql } from '../../../support/database/sql.js';
import { aStudent } from '../../../support/people/students.js';
import { withFees, type SchoolWithFees } from '../support.js';

/** Letters that none of our fonts has. */
const SURNAME = '李';

describe('before a print the page says which letters paper can’t show', () => {
  let school: SchoolWithFees;
  let owner: Browser;
  let childId: string;
  before(async () => {
    school = await withFees();
    owner = await school.as('owner');
    childId = (await aStudent(school, { surname: SURNAME, firstName: 'Amina' })).id;
    await school.pay(childId, 500_000);
  });
  after(() => school?.stop());

  const said = async (path: string): Promise<string> => {
    const { status, html } = await owner.get(path);
    assert.equal(status, 200, path);
    return (/data-test="unprintable"[\s\S]*?<\/div>/.exec(html)?.[0] ?? '').replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ');
  };

  it('in the cash book', async () => {
    assert.match(await said('/finance/cash-book'), /can’t be printed yet: 李/);
  });

  it('in the letters of a student and the list of letters', async () => {
    assert.match(await said(`/students/${childId}/letters`), /Amina 李 can’t be printed yet: 李/);
    await owner.submit(`/students/${childId}/letters`, { kind: 'transfer' });
    assert.match(await said('/students/letters'), /Amina 李 can’t be printed yet/);
  });

  it('at a sponsor', async () => {
    const id = await school.run(() =>
      school.get(Sponsors).add(school.office, { name: '李 Foundation', contact: '', phone: null, email: null }),
    );
    assert.match(await said(`/fees/sponsors/${id}`), /李 Foundation can’t be printed yet: 李/);
  });

  it('at a till', async () => {
    await owner.submit('/fees/till/opening', { float: '0' });
    const [till] = await sql<{ id: string }>(
      school.database,
      "update fees_till_sessions set cashier_name = '李 Otieno' returning id",
    );
    assert.match(await said(`/fees/tills/${till!.id}`), /李 Otieno can’t be printed yet: 李/);
  });
});
