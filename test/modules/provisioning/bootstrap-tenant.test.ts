import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { newId } from '../../../src/kernel/id.js';
import { schoolNames } from '../../../src/modules/provisioning/operations.js';
import { SCHOOL_REGISTER } from '../../../src/modules/schools/index.js';
import { projectRoot } from '../../../src/platform/paths.js';
import { aPlatform, type PlatformUnderTest } from '../../support/core.js';
import { connect, testCluster } from '../../support/database.js';
import { operator } from '../../support/provisioning.js';

const run = promisify(execFile);

describe('aims bootstrap-tenant', () => {
  const school = { subdomain: `boot-${newId().slice(-8)}`, schoolId: newId() };
  const passwords = {
    owner: 'owner-of-tests-only',
    app: 'app-of-tests-only',
    readonly: 'readonly-of-tests-only',
    worker: 'worker-of-tests-only',
  };
  let platform: PlatformUnderTest;
  before(async () => {
    platform = await aPlatform();
    await platform.database.operations.createDb.run({ ...school, passwords });
  });
  after(async () => {
    await platform?.database.operations.createDb.drop(school);
    await platform?.stop();
  });

  /** As the third step of a deployment runs it: the provisioner's sign-in, and what the school's own secret holds. */
  async function aims(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
    const { provisioner } = (await testCluster()).platform;
    const env = {
      DB_HOST: provisioner.host,
      DB_PORT: String(provisioner.port),
      DB_USER: provisioner.user,
      DB_PASSWORD: provisioner.password,
      CORE_DB_NAME: platform.database.name,
      SECRET_KEY: 'a-secret-key-of-tests-that-is-long-enough',
      AIMS_DATA: platform.app.config.data,
      AIMS_DOMAIN: 'localhost',
      NODE_ENV: 'production',
      TENANT_SUBDOMAIN: school.subdomain,
      TENANT_SCHOOL_ID: school.schoolId,
      ...Object.fromEntries(
        Object.entries(passwords).map(([role, password]) => [`TENANT_${role.toUpperCase()}_PASSWORD`, password]),
      ),
    };
    return run(process.execPath, [path.join(projectRoot, 'dist/src/bin/aims.js'), 'bootstrap-tenant', ...args], {
      env,
      cwd: projectRoot,
    }).then(
      (told) => ({ code: 0, ...told }),
      (error: { code: number; stdout: string; stderr: string }) => error,
    );
  }

  async function inSchool<Row>(sql: string): Promise<Row[]> {
    const client = await connect({ ...(await testCluster()).admin, database: schoolNames(school.subdomain).database });
    return client
      .query(sql)
      .then(({ rows }) => rows as Row[])
      .finally(() => client.end());
  }

  it('says what is missing and changes nothing when it only checks', async () => {
    const told = await aims('--check');
    assert.deepEqual([told.code, told.stdout], [1, `${school.subdomain}: not bootstrapped yet\n`]);
    assert.deepEqual(await inSchool('select 1 from app.schools_by_role'), []);
  });

  it('says in a sentence that the register has no such school', async () => {
    const told = await aims();
    assert.equal(told.code, 1);
    assert.match(told.stderr, /^The platform knows no school/);
  });

  it('fills the school as its first start would: roles, pack, curriculum and size as chosen, owner; a second time nothing', async () => {
    await platform.run(() =>
      platform.get(SCHOOL_REGISTER).enter(
        {
          id: school.schoolId,
          subdomain: school.subdomain,
          name: 'Lake View Secondary',
          country: 'KE',
          town: 'Kisumu',
          curriculum: '844',
          pupils: '601-1200',
          language: 'en',
          owner: { name: 'Otieno Grace', email: 'grace@lakeview.test', phone: '+254722481903' },
        },
        { state: 'ready', actor: operator },
      ),
    );
    for (let times = 0; times < 2; times += 1) {
      const told = await aims();
      assert.equal(told.code, 0, told.stderr);
      assert.match(told.stdout, /its pack and its owner are there/);
    }
    assert.equal((await aims('--check')).code, 0);
    assert.deepEqual(await inSchool('select name, town, stages, expected_learners from school'), [
      { name: 'Lake View Secondary', town: 'Kisumu', stages: ['secondary-844'], expected_learners: 901 },
    ]);
    assert.deepEqual(
      await inSchool('select u.email, r.role from identity_users u join identity_user_roles r on r.user_id = u.id'),
      [{ email: 'grace@lakeview.test', role: 'owner' }],
    );
    assert.notEqual((await inSchool('select 1 from school_scales')).length, 0);
  });
});
