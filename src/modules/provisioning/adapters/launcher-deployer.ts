import http from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import type { Secrets } from '../../../platform/secrets-file.js';
import type { Deployer, SchoolToRun } from '../ports.js';

const START_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 30_000;

/**
 * The launcher on this machine starts a school's process with the first request for its address, and stops it when
 * the school is no longer in its file. So a school is started by asking for it, and stopped by taking it off the list.
 */
export class LauncherDeployer implements Deployer {
  private readonly asked = new Set<string>();
  private readonly platform: URL;

  constructor(
    private readonly file: Secrets,
    publicUrl: string,
  ) {
    this.platform = new URL(publicUrl);
  }

  start({ id, subdomain }: SchoolToRun): Promise<void> {
    this.file.refresh();
    if (this.file.peek(`school.${subdomain}.id`) !== id) this.file.set(`school.${subdomain}.id`, id);
    if (!this.asked.has(subdomain)) {
      this.asked.add(subdomain);
      void this.ask(subdomain, START_TIMEOUT_MS).finally(() => this.asked.delete(subdomain));
    }
    return Promise.resolve();
  }

  async stop({ subdomain }: SchoolToRun): Promise<void> {
    this.file.remove(`school.${subdomain}.id`);
    const until = Date.now() + STOP_TIMEOUT_MS;
    for (;;) {
      const status = await this.ask(subdomain, 5_000);
      // Nobody listens: then there is no launcher that could have started it.
      if (status === 404 || status === null) return;
      if (Date.now() > until) throw new Error(`The process of ${subdomain} is still there (${status}).`);
      await pause(100);
    }
  }

  /** The answer's status; null when there was none. */
  private ask(subdomain: string, timeout: number): Promise<number | null> {
    const { hostname, port } = this.platform;
    const host = `${subdomain}.${this.platform.host}`;
    return new Promise((resolve) => {
      const address = {
        host: hostname === 'localhost' ? '127.0.0.1' : hostname,
        port,
        path: '/readyz',
        headers: { host },
        agent: false as const,
        timeout,
      };
      const request = http.get(address, (response) => {
        response.resume();
        resolve(response.statusCode ?? null);
      });
      request.once('timeout', () => request.destroy());
      request.once('error', () => resolve(null));
    });
  }
}
