import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { aSchool, type SchoolUnderTest } from '../../support/app.js';
import { sql } from '../../support/database/sql.js';

describe('entries that a killed process left without a seal', () => {
  let school: SchoolUnderTest;
  before(async () => {
    school = await aSchool();
  });
  after(() => school?.stop());

  it('are looked for at once when the school is opened again, however old they are', async () => {
    const asked = async () =>
      (await sql(school.database, "select 1 from graphile_worker._private_jobs where key = 'audit.seal-all'")).length;
    assert.equal(await asked(), 0);
    assert.equal((await school.stranger().get('/login')).status, 200);
    assert.equal(await asked(), 1);
    assert.equal((await school.stranger().get('/login')).status, 200);
    assert.equal(await asked(), 1, 'once, not with every page');
  });
});
