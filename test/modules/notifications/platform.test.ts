import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { systemActor } from '../../../src/kernel/actor.js';
import { newId } from '../../../src/kernel/id.js';
import { AUDIT_API } from '../../../src/modules/audit/index.js';
import { PgSettingsStore } from '../../../src/modules/audit/adapters/retention.store.js';
import { DeliverMessage } from '../../../src/modules/notifications/deliver.js';
import { NOTIFICATIONS, type MessageTemplate } from '../../../src/modules/notifications/index.js';
import { query } from '../../../src/platform/db/index.js';
import { AUDIT } from '../../../src/platform/http/ports.js';
import { PERMISSION_CATALOGUE, UNIT } from '../../../src/platform/tokens.js';
import { aSchool, type SchoolUnderTest } from '../../support/app.js';
import { aPlatform, type PlatformUnderTest } from '../../support/core.js';

const welcome: MessageTemplate<{ name: string }> = {
  key: 'test.welcome',
  label: 'Welcome',
  subject: (t) => t('Welcome'),
  text: (t, { name }) => t('Good morning, {{name}}.', { name }),
};

describe('messages and the audit of the platform', () => {
  let school: SchoolUnderTest;
  let core: PlatformUnderTest;
  before(async () => {
    school = await aSchool();
    core = await aPlatform({ settings: { launcher: true } });
  });
  after(async () => {
    await core.stop();
    await school.stop();
  });

  it('a message of the platform goes out as a school’s does, once for its key, and stands in /dev/mail of the platform', async () => {
    const to = `${newId()}@example.test`;
    const send = (): Promise<string | null> =>
      core.get(NOTIFICATIONS).send({ channel: 'mail', to, template: welcome, params: { name: 'Amina' }, dedupeKey: to });
    const id = await core.run(send);
    assert.ok(id);
    assert.equal(await core.run(send), null);
    await core.run(() => core.get(DeliverMessage).run(id));
    assert.deepEqual(await core.sql('select state from notifications_messages where id = $1', [id]), [{ state: 'sent' }]);
    assert.ok((await core.stranger().get('/dev/mail')).html.includes(to));
  });

  it('what is done on the platform is audited there, and neither changed nor removed by its own role', async () => {
    const entityId = newId();
    await core.run(() => core.get(AUDIT).record(systemActor('test'), { action: 'schools.suspend', entity: 'schools', entityId }));
    const trail = await core.run(() => core.get(AUDIT_API).trailOf('schools', entityId, 5));
    assert.equal(trail[0]?.action, 'schools.suspend');
    for (const text of [
      'delete from audit_entries',
      "update audit_entries set action = 'x'",
      'delete from audit_seals',
      'delete from audit_alerts',
    ]) {
      await assert.rejects(
        core.run(() => query('test.refused', text)),
        /permission denied/,
        text,
      );
    }
  });

  it('settings of the audit are one row, however often they are saved', async () => {
    const store = new PgSettingsStore();
    for (const mostRows of [400, 500]) await core.run(() => store.save({ retentionYears: 7, mostRows, mostPages: 200 }));
    assert.deepEqual(await core.sql('select count(*)::int as n from audit_settings'), [{ n: 1 }]);
    assert.equal((await core.run(() => store.read())).mostRows, 500);
  });

  it('permissions of the platform name its own roles, those of a school the school’s', () => {
    const holders = (app: { container: typeof core.app.container }): string[] => [
      ...(app.container.get(PERMISSION_CATALOGUE).find(({ key }) => key === 'audit.read')?.roles ?? []),
    ];
    assert.deepEqual(holders(core.app), ['super-admin', 'support']);
    assert.deepEqual(holders(school.app), ['owner', 'administrator', 'head', 'auditor']);
  });

  it('a change that is rolled back leaves neither a message nor an entry', async () => {
    const to = `${newId()}@example.test`;
    const work = core.run(() =>
      core.get(UNIT)(async () => {
        await core.get(NOTIFICATIONS).send({ channel: 'mail', to, template: welcome, params: { name: 'Amina' } });
        throw new Error('no');
      }),
    );
    await assert.rejects(work, /no/);
    assert.deepEqual(await core.sql('select 1 from notifications_messages where recipient = $1', [to]), []);
  });
});
