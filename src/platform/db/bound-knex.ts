import type { Knex } from 'knex';
import makeKnex from 'knex/lib/knex-builder/make-knex.js';
import type pg from 'pg';

interface KnexClient {
  constructor: { prototype: object };
  [field: string]: unknown;
}

const SHARED = ['version', 'config', 'driver', 'connectionSettings', 'valueForUndefined', 'logger'];

/**
 * Knex on one connection that somebody else has begun a transaction on; `transaction()` on it makes a
 * savepoint. Knex's own transactions cost twice as much as BEGIN and COMMIT sent plainly, and most units
 * need only named statements: so this is made when Knex is first asked for.
 */
export function boundKnex(knex: Knex, connection: pg.PoolClient): Knex {
  const pooled = knex.client as KnexClient;
  const client = Object.create(pooled.constructor.prototype) as KnexClient;
  for (const field of SHARED) client[field] = pooled[field];
  client['transacting'] = true;
  client['acquireConnection'] = () => Promise.resolve(connection);
  client['releaseConnection'] = () => Promise.resolve();
  const bound = makeKnex(client);
  Object.assign(bound, { isTransaction: true });
  return bound;
}
