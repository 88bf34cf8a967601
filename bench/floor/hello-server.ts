import type { AddressInfo } from 'node:net';
import connectPgSimple from 'connect-pg-simple';
import express from 'express';
import session from 'express-session';
import pg from 'pg';
import type { HelloSetup } from './hello.js';

/** The yardstick: Express, its session as it comes, one named statement. What a page of ours takes is told as a multiple of it. */

process.once('message', (setup: HelloSetup) => serve(setup));

function serve({ database, admin }: HelloSetup): void {
  const pool = new pg.Pool({ ...database, max: 4 });
  const Store = connectPgSimple(session);
  const store = new Store({
    pool: new pg.Pool({ ...admin, max: 4 }),
    tableName: 'bench_sessions',
    createTableIfMissing: true,
    pruneSessionInterval: false,
  });
  const app = express();
  app.use(session({ store, secret: 'the bench', resave: false, saveUninitialized: true, cookie: { maxAge: 3_600_000 } }));
  app.get('/', (_req, res, next) => {
    pool
      .query<{ name: string }>({ name: 'hello', text: 'select name from school limit 1' })
      .then(({ rows }) => res.send(`<!doctype html><title>Hello</title><h1>${rows.length} school</h1>`))
      .catch(next);
  });
  const server = app.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port));
}
