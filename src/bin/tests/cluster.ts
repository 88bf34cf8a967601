import { randomBytes } from 'node:crypto';
import { startPostgres } from '../../platform/embedded-postgres.js';

export interface TestCluster {
  /** What test/support/database.ts reads. */
  env: { AIMS_TEST_PG: string };
  stop(): Promise<void>;
}

/** One PostgreSQL for all test files; the first of them makes the template that the others clone. */
export async function startTestCluster(folder: string): Promise<TestCluster> {
  const server = await startPostgres({ dataDir: folder, superuserPassword: randomBytes(16).toString('hex'), durable: false });
  const { host, port, superuser, password } = server;
  return { env: { AIMS_TEST_PG: JSON.stringify({ host, port, superuser, password }) }, stop: () => server.stop() };
}
