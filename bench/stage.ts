import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { buildApp, type App } from '../src/app.js';
import { readConfig } from '../src/config.js';
import { systemClock } from '../src/kernel/clock.js';
import type { Connection } from '../src/modules/provisioning/operations.js';
import { projectRoot } from '../src/platform/paths.js';
import { DemoClock } from '../src/bin/demo/demo-clock.js';
import { Child } from '../src/bin/launcher/child.js';
import { openDatabaseServer, type DatabaseServer } from '../src/bin/launcher/database-server.js';
import type { Place } from '../src/bin/launcher/environment.js';
import { LocalPlatform, type LocalSchool } from '../src/bin/launcher/local-platform.js';
import { Secrets } from '../src/platform/secrets-file.js';

/** A platform of its own in a folder that goes away with it: the database as it runs in production, crash-safe. */
export class Stage {
  private constructor(
    readonly platform: LocalPlatform,
    readonly place: Place,
    /** A superuser of the stage's own database server. */
    readonly admin: Connection,
    private readonly server: DatabaseServer,
    private readonly folder: string,
  ) {}

  static async open(): Promise<Stage> {
    const folder = mkdtempSync(path.join(tmpdir(), 'aims-bench-'));
    // The database's own user passes through: else its files would lie elsewhere, and stay there.
    chmodSync(folder, 0o711);
    const secrets = Secrets.open(folder);
    const server = await countingServer(folder, secrets);
    const { host, port, user, password } = server;
    const admin = { host, port, user, password, database: 'postgres' };
    const platform = await LocalPlatform.prepare(admin, secrets);
    return new Stage(platform, { port: 8080, data: folder, database: { host, port } }, admin, server, folder);
  }

  async newSchool(subdomain: string): Promise<LocalSchool> {
    return this.platform.ensureSchool(subdomain, await this.platform.databases());
  }

  /** The school's application inside this process, to fill it through the use cases. */
  async inside<Result>(school: LocalSchool, work: (app: App, clock: DemoClock) => Promise<Result>): Promise<Result> {
    const clock = new DemoClock(systemClock);
    const app = await buildApp(readConfig({ ...this.environment(school), LOG_LEVEL: 'silent' }), { clock });
    try {
      return await app.run(() => work(app, clock));
    } finally {
      await app.stop();
    }
  }

  /** As the launcher starts it: the built product in production mode, one web process, its log in a file. */
  start(school: LocalSchool): Promise<Child> {
    return Child.start({
      name: school.subdomain,
      script: path.join(projectRoot, 'dist/src/main.js'),
      env: this.environment(school),
      host: new URL(this.originOf(school)).host,
      logs: path.join(this.folder, 'logs'),
    });
  }

  originOf(school: LocalSchool): string {
    return this.environment(school)['AIMS_PUBLIC_URL']!;
  }

  async close(): Promise<void> {
    await this.server.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  private environment(school: LocalSchool): Record<string, string> {
    const env = this.platform.schoolEnvironment({ ...process.env, NODE_ENV: 'production' }, this.place, school);
    return { ...env, AIMS_LAUNCHER: 'false', WEB_CONCURRENCY: '1' };
  }
}

/** Started twice, since a server counts its statements only if it was told so before its start. */
async function countingServer(folder: string, secrets: Secrets): Promise<DatabaseServer> {
  const first = await openDatabaseServer(folder, secrets, {});
  await asSuperuser(first, ["alter system set shared_preload_libraries = 'pg_stat_statements'"]);
  await first.stop();
  const server = await openDatabaseServer(folder, secrets, {});
  await asSuperuser(server, [
    'create extension if not exists pg_stat_statements',
    'alter system set pg_stat_statements.track_planning = on',
    'select pg_reload_conf()',
  ]);
  return server;
}

async function asSuperuser({ host, port, user, password }: DatabaseServer, statements: string[]): Promise<void> {
  const client = new pg.Client({ host, port, user, password, database: 'postgres' });
  await client.connect();
  for (const statement of statements) await client.query(statement);
  await client.end();
}
