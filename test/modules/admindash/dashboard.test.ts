import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { hiddenValue, type Browser } from '../../support/browser.js';
import { aPlatform, type PlatformUnderTest } from '../../support/core.js';
import { platformPersonAt } from '../../support/people/platform-people.js';
import { plantDay, plantReport, plantRun, plantSchool } from './support.js';

const text = (html: string): string => html.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ');
const table = (html: string, name: string): string =>
  text(new RegExp(`data-test="${name}".*?</table>`, 's').exec(html)?.[0] ?? '');

describe('the dashboard of the platform', () => {
  let platform: PlatformUnderTest;
  let [admin, support, analyst] = [] as Browser[];
  before(async () => {
    platform = await aPlatform();
    [admin, support, analyst] = [
      await platformPersonAt(platform, 'super-admin'),
      await platformPersonAt(platform, 'support'),
      await platformPersonAt(platform, 'analyst'),
    ];
  });
  after(() => platform.stop());

  it('a stranger sees nothing of it', async () => {
    for (const path of ['/admindash', '/admindash/schools', '/admindash/schools?format=csv', '/admindash/provisioning'])
      assert.equal((await platform.stranger().get(path)).location?.startsWith('/login'), true, path);
  });

  it('a platform without schools says what to do, on every page and for every period', async () => {
    for (const path of [
      '/admindash',
      '/admindash?days=7',
      '/admindash?days=90',
      '/admindash?days=nonsense',
      '/admindash/schools',
      '/admindash/provisioning',
    ]) {
      const { status, html } = await analyst!.get(path);
      assert.equal(status, 200, path);
      assert.match(html, /No school yet|No runs yet/, path);
    }
  });

  it('an analyst looks and may not try anything again', async () => {
    const school = await plantSchool(platform, { name: 'Baringo High', state: 'provisioning', running: false, signedUp: 2 });
    await plantRun(platform, school.id, { failedAt: 'start', hours: 2 });
    const page = await analyst!.get('/admindash');
    assert.match(text(page.html), /Baringo High stopped at step 4 of 6\. The new school’s own service did not answer\./);
    assert.ok(!page.html.includes('/retries'));
    const token = hiddenValue((await analyst!.get('/profile')).html, '_csrf')!;
    assert.equal((await analyst!.post(`/admindash/provisioning/${school.id}/retries`, { _csrf: token })).status, 403);
    assert.equal(
      (await platform.sql<{ state: string }>('select state from provisioning_runs where school_id = $1', [school.id]))[0]!.state,
      'failed',
    );
  });

  it('support tries a failed step again from the page; a second time there is nothing to try', async () => {
    const [{ id }] = (await platform.sql<{ id: string }>(
      "select school_id as id from provisioning_runs where state = 'failed'",
    )) as [{ id: string }];
    const token = hiddenValue((await support!.get('/admindash')).html, '_csrf')!;
    const answer = await support!.post(`/admindash/provisioning/${id}/retries`, { _csrf: token });
    assert.equal(answer.location, '/admindash/provisioning');
    const steps = await platform.sql<{ state: string }>(
      'select s.state from provisioning_steps s join provisioning_runs r on r.id = s.run_id where r.school_id = $1 order by position',
      [id],
    );
    assert.deepEqual(
      steps.map(({ state }) => state),
      ['done', 'done', 'done', 'waiting', 'waiting', 'waiting'],
      'what was done is kept',
    );
    assert.equal(
      (await platform.sql("select 1 from audit_entries where action = 'provisioning.retry' and entity_id = $1", [id])).length,
      1,
    );
    assert.equal((await support!.post(`/admindash/provisioning/${id}/retries`, { _csrf: token })).status, 422);
    assert.equal((await support!.post('/admindash/provisioning/not-an-id/retries', { _csrf: token })).status, 404);
  });

  it('counts schools, people and the way from sign-up to the first student', async () => {
    const open = await plantSchool(platform, { name: 'Mwangaza Hills', signedUp: 24 });
    await plantRun(platform, open.id, { hours: 24 });
    await plantReport(platform, open.id, {
      pupils: 1219,
      active: 100,
      money: { currency: 'KES', collectedMinor: 1_842_350_00, sms: 412 },
    });
    await plantDay(platform, open.id, 0, { signIns: 40, failed: 3, locked: 1 });
    await plantDay(platform, open.id, 10, { signIns: 7 });
    const suspended = await plantSchool(platform, { name: 'Kigali Hope', country: 'RW', state: 'suspended', signedUp: 24 * 40 });
    await plantReport(platform, suspended.id, { pupils: 448, active: 9, hours: 24 * 3 });

    const { html } = await analyst!.get('/admindash?days=7');
    const page = text(html);
    assert.match(page, /1 open · 1,667 students · 50 staff/);
    assert.match(page, /At work in 24 hours 100 119 in 7 days, 129 in 30/);
    assert.match(page, /40 sign-ins, 3 refused, 1 lock-outs in 7 days/);
    assert.match(table(html, 'states'), /Opening 1 Open 1 Suspended 1/);
    assert.match(
      table(html, 'funnel'),
      /Signed up 2 100% Code entered 2 100% 60 s School ready 1 50% 10 s First class 1 50% 24 h First student 1 50% 0 s First receipt 1 50% 0 s/,
    );
    assert.match(table(html, 'money'), /KES 1 1,842,350 412/);
    assert.match(table(html, 'provisioning'), /Database and roles 2 0 1 s 1 s/);
    assert.match(table(html, 'provisioning'), /Whole run 1 0 6 s 6 s/);
    assert.match(text((await analyst!.get('/admindash?days=30')).html), /47 sign-ins/);
  });

  it('lists first what needs a look: a school that runs and says nothing, then an older schema; one that sleeps is left alone', async () => {
    const quiet = await plantSchool(platform, { name: 'Zz Quiet' });
    await plantReport(platform, quiet.id, { hours: 30 });
    const asleep = await plantSchool(platform, { name: 'Aa Asleep', running: false });
    await plantReport(platform, asleep.id, { hours: 30 });
    const old = await plantSchool(platform, { name: 'Aa Old' });
    await plantReport(platform, old.id, { schemaHead: '2020', version: '0.0.9' });
    const names = async (query: string): Promise<string[]> =>
      [...(await analyst!.get(`/admindash/schools${query}`)).html.matchAll(/class="name c-b">(?:<a[^>]*>)?<b>([^<]+)/g)].map(
        (match) => match[1]!,
      );
    assert.deepEqual(await names(''), ['Zz Quiet', 'Aa Old', 'Baringo High', 'Kigali Hope', 'Aa Asleep', 'Mwangaza Hills']);
    assert.deepEqual(await names('?sort=name'), [
      'Aa Asleep',
      'Aa Old',
      'Baringo High',
      'Kigali Hope',
      'Mwangaza Hills',
      'Zz Quiet',
    ]);
    assert.deepEqual((await names('?sort=pupils')).slice(0, 2), ['Mwangaza Hills', 'Kigali Hope']);
    assert.deepEqual(await names('?silent=1'), ['Zz Quiet', 'Aa Asleep']);
    assert.deepEqual(await names('?look=behind'), ['Aa Old']);
    assert.deepEqual(await names('?version=0.0.9'), ['Aa Old']);
    assert.deepEqual(await names('?country=RW'), ['Kigali Hope']);
    assert.deepEqual(await names('?state=provisioning'), ['Baringo High']);
    assert.deepEqual(await names('?q=mwang'), ['Mwangaza Hills']);
    assert.deepEqual(await names('?q=%25'), []);
    assert.match(text((await analyst!.get('/admindash')).html), /No report for 24 hours 2 1 of them is running/);
  });

  it('pages through the list by key, each school once, in every order', async () => {
    for (const sort of ['look', 'name', 'pupils', 'size']) {
      const seen: string[] = [];
      for (let next: string | null = `/admindash/schools?limit=2&sort=${sort}`; next;) {
        const { html } = await analyst!.get(next);
        seen.push(...[...html.matchAll(/<tr role="row" data-id="([^"]+)"/g)].map((match) => match[1]!));
        next = /href="([^"]+)" rel="next"/.exec(html)?.[1]?.replaceAll('&amp;', '&') ?? null;
      }
      assert.equal(seen.length, 6, sort);
      assert.equal(new Set(seen).size, 6, sort);
    }
  });

  it('goes out as a sheet, which names no person, and the audit knows who took it', async () => {
    const answer = await admin!.get('/admindash/schools?format=csv&country=RW');
    assert.equal(answer.status, 200);
    assert.match(answer.html, /Kigali Hope/);
    assert.ok(!answer.html.includes('Mwangaza'));
    assert.ok(!/Otieno|grace@/.test(answer.html));
    assert.equal(
      (await platform.sql("select 1 from audit_entries where action = 'list.export' and label = 'schools'")).length,
      1,
    );
  });

  it('no page of it names an owner or an address of one', async () => {
    for (const path of ['/admindash', '/admindash/schools', '/admindash/provisioning'])
      assert.ok(!/Otieno|grace@/.test((await analyst!.get(path)).html), path);
  });

  it('the board shows runs with steps, reason and filters', async () => {
    const failed = await plantSchool(platform, { name: 'Achimota Model', state: 'provisioning', signedUp: 1 });
    await plantRun(platform, failed.id, { failedAt: 'fill', hours: 1 });
    const { html } = await support!.get('/admindash/provisioning?state=failed');
    const page = text(html);
    assert.match(page, /Achimota Model school-\d+ Failed Making · requested .+ by signup · 6 s/);
    assert.match(page, /Country’s content 1 s · tried 4 times/);
    assert.match(page, /did not answer/);
    assert.ok(html.includes(`/admindash/provisioning/${failed.id}/retries`));
    assert.ok(!page.includes('Mwangaza'));
    assert.match(text((await support!.get('/admindash/provisioning?q=mwang')).html), /Mwangaza Hills .* Done/);
    assert.match(text((await support!.get('/admindash/provisioning?kind=remove')).html), /No matching run/);
  });
});
