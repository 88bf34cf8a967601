import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buildApp, type App } from '../../src/app.js';
import { startBackground } from '../../src/background.js';
import { systemActor } from '../../src/kernel/actor.js';
import { newId } from '../../src/kernel/id.js';
import { PROVISIONER, PROVISIONING, type Progress } from '../../src/modules/provisioning/index.js';
import { DEPLOYER, type Deployer, type SchoolToRun } from '../../src/modules/provisioning/ports.js';
import { schoolNames } from '../../src/modules/provisioning/operations.js';
import { SCHOOL_REGISTER, type SchoolState } from '../../src/modules/schools/index.js';
import { createLog } from '../../src/platform/log.js';
import { Secrets } from '../../src/platform/secrets-file.js';
import type { Config } from '../../src/platform/settings.js';
import { Browser } from './browser.js';
import { coreConfig, type PlatformUnderTest } from './core.js';
import { testCluster } from './database.js';
import { startMain, type MainProcess } from './process.js';
import { until } from './waiting.js';

export const operator = systemActor('test');

export interface RunningSchool {
  app: App;
  url: string;
  port: number;
  browser(): Browser;
}

export interface ProvisionerUnderTest {
  deployer: TestDeployer;
  secrets: Secrets;
  stop(): Promise<void>;
}

/** The provisioner of this platform, inside of this process; schools that it starts run here too. */
export async function aProvisioner(
  platform: PlatformUnderTest,
  options: { deployer?: TestDeployer; gatewayPort?: number } = {},
): Promise<ProvisionerUnderTest> {
  const cluster = await testCluster();
  const { config } = platform.app;
  const { user, password } = cluster.platform.provisioner;
  const own = {
    ...coreConfig(platform.database, config.data, Number(new URL(config.publicUrl).port)),
    process: 'provisioner' as const,
    provisioner: { user, password },
  };
  const app = await buildApp(own, { log: createLog(process.env.TEST_LOG ?? 'silent', {}) });
  const secrets = Secrets.open(config.data);
  const deployer = options.deployer ?? new TestDeployer(platform, secrets, options.gatewayPort);
  app.container.rebind(DEPLOYER).toConstantValue(deployer);
  const running = app.container.get(PROVISIONER).start();
  return {
    deployer,
    secrets,
    stop: async () => {
      await running.stop();
      await app.stop();
    },
  };
}

/** The provisioner as it runs in production, a process of its own that can be killed. */
export async function startProvisioner(platform: PlatformUnderTest): Promise<MainProcess> {
  const { provisioner } = (await testCluster()).platform;
  const { config } = platform.app;
  const { coreApp } = platform.database.connections;
  return startMain({
    AIMS_ROLE: 'core',
    AIMS_PROCESS: 'provisioner',
    AIMS_PORT: '0',
    AIMS_DATA: config.data,
    AIMS_PUBLIC_URL: config.publicUrl,
    LOG_LEVEL: 'warn',
    SECRET_KEY: config.secretKey,
    TENANT_BOOTSTRAP_SECRET: config.core!.bootstrapSecret!,
    DB_HOST: coreApp.host,
    DB_PORT: String(coreApp.port),
    DB_NAME: coreApp.database,
    DB_USER: coreApp.user,
    DB_PASSWORD: coreApp.password,
    DB_PROVISIONER_USER: provisioner.user,
    DB_PROVISIONER_PASSWORD: provisioner.password,
  });
}

/** Starts the schools that a provisioner has written into the launcher's file, as the launcher would. */
export function runListedSchools(platform: PlatformUnderTest): { deployer: TestDeployer; stop(): Promise<void> } {
  const secrets = Secrets.open(platform.app.config.data);
  const deployer = new TestDeployer(platform, secrets);
  const look = setInterval(() => {
    secrets.refresh();
    for (const name of secrets.names('school.')) {
      const subdomain = /^([^.]+)\.id$/.exec(name)?.[1];
      if (subdomain) void deployer.start({ id: secrets.peek(`school.${name}`)!, subdomain });
    }
  }, 50);
  return {
    deployer,
    stop: async () => {
      clearInterval(look);
      await deployer.stopAll();
    },
  };
}

/** Runs schools inside of this process, with everything that they have in their own. */
export class TestDeployer implements Deployer {
  readonly running = new Map<string, RunningSchool & { stop(): Promise<void> }>();
  private readonly starting = new Map<string, Promise<void>>();

  constructor(
    private readonly platform: PlatformUnderTest,
    private readonly secrets: Secrets,
    /** Through which people come; without it each school is at its own port. */
    private readonly gatewayPort?: number,
  ) {}

  start(school: SchoolToRun): Promise<void> {
    if (!this.starting.has(school.id)) this.starting.set(school.id, this.begin(school));
    // As the launcher asks /readyz at each look: a filling that could not be done is tried again.
    else
      void this.running
        .get(school.id)
        ?.app.open()
        .catch(() => undefined);
    return Promise.resolve();
  }

  /** Until the process of a school that was told to start serves. */
  async started(id: string): Promise<void> {
    await this.starting.get(id);
  }

  async stop({ id }: SchoolToRun): Promise<void> {
    await this.starting.get(id);
    await this.running.get(id)?.stop();
    this.running.delete(id);
    this.starting.delete(id);
  }

  async stopAll(): Promise<void> {
    for (const id of [...this.starting.keys()]) await this.stop({ id, subdomain: '' });
  }

  private async begin({ id, subdomain }: SchoolToRun): Promise<void> {
    let answer: RequestListener = (_req, res) => void res.writeHead(503).end();
    const server = createServer((req, res) => answer(req, res)).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const config = this.configOf({ id, subdomain }, this.gatewayPort ?? port);
    const app = await buildApp(config, { log: createLog(process.env.TEST_LOG ?? 'silent', {}) });
    answer = app.express;
    await app.open().catch(() => undefined);
    const background = await startBackground(app);
    const stop = async (): Promise<void> => {
      close(server);
      await background?.stop();
      await app.stop();
    };
    this.running.set(id, { app, url: config.publicUrl, port, browser: () => new Browser(port, config.publicUrl), stop });
  }

  private configOf({ id, subdomain }: SchoolToRun, port: number): Config {
    this.secrets.refresh();
    const own = (name: string): string => this.secrets.peek(`school.${subdomain}.${name}`)!;
    const { config } = this.platform.app;
    const { database, roles } = schoolNames(subdomain);
    const address = { host: config.db.host, port: config.db.port };
    const app = { user: roles.app, password: own('app') };
    return {
      ...config,
      role: 'tenant',
      publicUrl: `http://${subdomain}.localhost:${port}`,
      secretKey: own('secret-key'),
      db: { ...config.db, database, ...app },
      worker: { user: roles.worker, password: own('worker') },
      school: {
        id,
        subdomain,
        bootstrapSecret: own('bootstrap-secret'),
        readyUrl: `${config.publicUrl}/api/auth/tenant-bootstrap-ready/`,
      },
      coreDb: { ...address, database: config.db.database, ...app },
      core: null,
    };
  }
}

function close(server: Server): void {
  server.closeAllConnections();
  server.close();
}

/** A school whose owner's address is proven: the next step is to make it. */
export async function aVerifiedSchool(
  platform: PlatformUnderTest,
  subdomain: string,
  owner = { name: 'Otieno Grace', email: 'grace@lakeview.test', phone: null as string | null },
): Promise<string> {
  const id = newId();
  const register = platform.get(SCHOOL_REGISTER);
  await platform.run(async () => {
    await register.enter(
      { id, subdomain, name: 'Lake View Academy', country: 'KE', town: 'Kisumu', language: 'en', owner },
      { state: 'draft' },
    );
    await register.moveTo(id, 'verified', { reason: 'email-confirmed', actor: operator });
  });
  return id;
}

export async function begin(platform: PlatformUnderTest, id: string): Promise<{ runId: string; page: string }> {
  return platform.run(() => platform.get(PROVISIONING).begin(id, operator));
}

export async function progressOf(platform: PlatformUnderTest, id: string): Promise<Progress> {
  return (await platform.run(() => platform.get(PROVISIONING).progress(id)))!;
}

export async function untilRun(
  platform: PlatformUnderTest,
  id: string,
  state: Progress['state'],
  ms = 30_000,
): Promise<Progress> {
  let last: Progress | null = null;
  const reached = async (): Promise<boolean> => (last = await progressOf(platform, id)).state === state;
  await until(reached, `The run never was ${state}`, ms).catch((error: unknown) => {
    throw new Error(`${String(error)}: ${JSON.stringify(last)}`);
  });
  return last!;
}

export async function stateOf(platform: PlatformUnderTest, id: string): Promise<SchoolState> {
  return (await platform.run(() => platform.get(SCHOOL_REGISTER).find(id)))!.state;
}
