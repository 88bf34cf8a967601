import { randomBytes } from 'node:crypto';
import path from 'node:path';
import type { Container } from 'inversify';
import { onChanged, runWith } from '../../platform/db/index.js';
import { createObjectStore } from '../../platform/files/index.js';
import { AUDIT } from '../../platform/http/ports.js';
import { SIGNED_CALLS } from '../../platform/http/signed-call.js';
import { keyFor, masterKeys, type MasterKeys } from '../../platform/link/keys.js';
import { makeTicket } from '../../platform/link/ticket.js';
import type { Get, Module } from '../../platform/module.js';
import { Secrets } from '../../platform/secrets-file.js';
import { CONFIG, type Config } from '../../platform/settings.js';
import { CLOCK, DATABASE, LOG, PUBLISH, UNIT } from '../../platform/tokens.js';
import { OWNER_LETTERS, SCHOOL_MAKER, SCHOOL_REGISTER } from '../schools/index.js';
import { ACTS } from './acts.js';
import { FileSecrets } from './adapters/file-secrets.js';
import { LauncherDeployer } from './adapters/launcher-deployer.js';
import { StoredSchoolFiles } from './adapters/school-files.js';
import { PgCallLimits } from './adapters/call-limits.js';
import { PgCallStore } from './adapters/call.store.js';
import { randomPassword } from './databases/adapters/cluster.store.js';
import { PgOrders } from './databases/adapters/orders.store.js';
import { PgRoleMap } from './databases/adapters/role-map.store.js';
import { ORDERS, PgRunStore } from './adapters/run.store.js';
import { PgSchoolDatabases } from './databases/adapters/school-databases.store.js';
import { answerRoutes } from './adapters/answer.routes.js';
import { schoolCalls } from './adapters/school-calls.js';
import { progressRoutes } from './adapters/progress.routes.js';
import { Answers } from './answers.js';
import { BootstrapTenant } from './bootstrap-tenant.js';
import { CreateDb } from './databases/create-db.js';
import { MOST_AT_ONCE, Provisioner } from './provisioner.js';
import { Provisioning } from './provisioning.js';
import { sagaSteps } from './steps.js';
import { Worker } from './worker.js';
import { PROVISIONER, PROVISIONING } from './index.js';
import { DEPLOYER } from './ports.js';

const runs = new PgRunStore();

export const provisioning: Module = {
  name: 'provisioning',
  acts: ACTS,
  permissions: [],

  bind(c) {
    const get: Get = (token) => c.get(token);
    c.bind(PROVISIONING).toResolvedValue(
      () => new Provisioning({ runs, register: get(SCHOOL_REGISTER), unit: get(UNIT), audit: get(AUDIT), newToken }),
    );
    c.bind(SCHOOL_MAKER).toResolvedValue(() => get(PROVISIONING));
    c.bind(Answers).toResolvedValue(
      () => new Answers({ runs, register: get(SCHOOL_REGISTER), calls: new PgCallStore(), unit: get(UNIT), audit: get(AUDIT) }),
    );
    c.bind(SIGNED_CALLS).toResolvedValue(() =>
      schoolCalls({
        masters: mastersOf(get(CONFIG)),
        limits: new PgCallLimits(),
        calls: new PgCallStore(),
        answers: get(Answers),
        clock: get(CLOCK),
      }),
    );
    c.bind(DEPLOYER).toResolvedValue(() => new LauncherDeployer(Secrets.open(get(CONFIG).data), get(CONFIG).publicUrl));
    c.bind(PROVISIONER).toResolvedValue(() => makeProvisioner(c, get));
  },

  routes(r, get) {
    const config = get(CONFIG);
    const masters = mastersOf(config);
    const clock = get(CLOCK);
    const tickets = {
      make: (schoolId: string, email: string) => makeTicket(newestKey(masters, schoolId), schoolId, email, clock.now()),
    };
    progressRoutes(r, { runs, register: get(SCHOOL_REGISTER), provisioning: get(PROVISIONING), tickets, clock, config });
    answerRoutes(r, get(Answers), get(SIGNED_CALLS));
  },

  work: (get) => ({
    jobs: { 'provisioning.forget-calls': () => get(Answers).forgetOldCalls() },
    cron: { 'provisioning.forget-calls': '*/30 * * * *' },
  }),
};

function newToken(): string {
  return randomBytes(24).toString('base64url');
}

/** Without a key nobody is believed. */
function mastersOf(config: Config): MasterKeys {
  return config.core?.bootstrapSecret ? masterKeys(config.core.bootstrapSecret) : new Map();
}

function newestKey(masters: MasterKeys, schoolId: string) {
  const [id] = masters.keys();
  const key = id ? keyFor(masters, id, schoolId) : null;
  if (!key) throw new Error('TENANT_BOOTSTRAP_SECRET is not set: nobody can be let into a new school.');
  return key;
}

function makeProvisioner(container: Container, get: Get): Provisioner {
  const config = get(CONFIG);
  const database = get(DATABASE);
  const { directHost: host, directPort: port, database: core, user, password } = config.db;
  if (!config.provisioner) throw new Error('DB_PROVISIONER_USER and DB_PROVISIONER_PASSWORD are needed to make databases.');
  const databases = new PgSchoolDatabases({ host, port, database: 'postgres', ...config.provisioner }, core);
  const onError = (err: unknown, where: string): void => get(LOG).error({ err }, where);
  const steps = sagaSteps({
    register: get(SCHOOL_REGISTER),
    createDb: new CreateDb(databases, randomPassword),
    bootstrapTenant: new BootstrapTenant(new PgRoleMap()),
    secrets: new FileSecrets(Secrets.open(config.data), mastersOf(config)),
    deployer: container.get(DEPLOYER),
    files: new StoredSchoolFiles(createObjectStore({ s3: config.storage, folder: path.join(config.data, 'files') }), config.data),
  });
  const worker = new Worker({
    runs,
    register: get(SCHOOL_REGISTER),
    calls: new PgCallStore(),
    letters: get(OWNER_LETTERS),
    steps,
    unit: get(UNIT),
    publish: get(PUBLISH),
    clock: get(CLOCK),
    onError,
  });
  return new Provisioner({
    orders: new PgOrders({ host, port, database: core, user, password }, MOST_AT_ONCE + 1),
    worker,
    databases,
    onOrder: (handler) => onChanged(database, (key) => (key === null || key === ORDERS) && handler()),
    run: (work) => runWith(database, work),
    onError,
  });
}
