import type { Knex } from 'knex';
import { migrationSource } from './src/platform/db/migration-runner.js';

/**
 * For Knex's own command line (`NODE_OPTIONS='--import tsx' npx knex migrate:status`). Give it the school's
 * owner role: it acts as `aims_owner`, to which the tables belong. The product itself uses `aims migrate`.
 */
const kind = process.env.AIMS_ROLE === 'core' ? 'core' : 'tenant';

const config: Knex.Config = {
  client: 'pg',
  connection: {
    host: process.env.DB_DIRECT_HOST ?? process.env.DB_HOST ?? '127.0.0.1',
    port: Number(process.env.DB_DIRECT_PORT ?? process.env.DB_PORT ?? 5432),
    database: kind === 'core' ? (process.env.DB_NAME ?? 'aimsgodb') : process.env.TENANT_DB_NAME,
    user: process.env.DB_USER,
    password: process.env.DB_PASSWORD,
    ...(kind === 'tenant' ? { options: '-c role=aims_owner' } : {}),
  },
  pool: { min: 0, max: 2 },
  migrations: { migrationSource: migrationSource(kind) },
};

export default config;
