import assert from 'node:assert/strict';
import test, { after, before } from 'node:test';
import { Browser } from '../../support/browser.js';
import { aSchool, type SchoolUnderTest } from '../../support/app.js';
import { textOfPdf } from '../../support/reading/pdf.js';

let usual: SchoolUnderTest;
let own: SchoolUnderTest;
before(async () => {
  usual = await aSchool();
  own = await aSchool({ settings: { ownMachine: true } });
});
after(() => Promise.all([usual.stop(), own.stop()]));

test('whoever works at the school sees its address and prints the poster; a stranger signs in first', async () => {
  assert.equal((await usual.stranger().get('/school/address')).status, 302);
  const teacher = await usual.as('teacher');
  const page = await teacher.get('/school/address');
  assert.equal(page.status, 200);
  assert.match(page.html, new RegExp(`data-test="url"[^>]*><bdi>${usual.url}</bdi>`));
  assert.doesNotMatch(page.html, /data-test="plain"/);
  const poster = await teacher.get('/school/address/poster.pdf');
  assert.ok(textOfPdf(poster.body).includes(usual.url));
});

test('a school on its own machine says so, and warns that nothing is encrypted', async () => {
  const page = await (await own.as('teacher')).get('/school/address');
  assert.match(page.html, /data-test="plain"/);
});

test('on its own machine a school answers at 127.0.0.1, elsewhere it does not', async () => {
  const port = (school: SchoolUnderTest) => Number(new URL(school.url).port);
  const at = (school: SchoolUnderTest) => new Browser(port(school), `http://127.0.0.1:${port(school)}`);
  assert.equal((await at(own).get('/login')).status, 200);
  assert.equal((await at(usual).get('/login')).status, 404);
  assert.equal((await new Browser(port(own), 'http://evil.example').get('/login')).status, 404);
});
