import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buildApp } from '../../src/app.js';
import { createLog } from '../../src/platform/log.js';
import type { SchoolUnderTest } from './app.js';
import { testCluster } from './database.js';

/** The platform's own pages, on the cluster's core database. */
export async function aCore(beside: SchoolUnderTest): Promise<{ url: string; stop(): Promise<void> }> {
  const { platform } = await testCluster();
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://localhost:${(server.address() as AddressInfo).port}`;
  const { coreApp } = platform;
  const db = { ...beside.app.config.db, ...coreApp, directHost: coreApp.host, directPort: coreApp.port };
  const settings = { ...beside.app.config, role: 'core' as const, publicUrl: url, db, worker: null, school: null };
  const app = await buildApp({ ...settings, core: { bootstrapSecret: null, githubToken: null, adminApiKey: null } }, { log: createLog('silent', {}) });
  server.on('request', app.express);
  return {
    url,
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await app.stop();
    },
  };
}
