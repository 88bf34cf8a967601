import { createServer, type ServerResponse } from 'node:http';
import os from 'node:os';
import type { AddressInfo } from 'node:net';
import { verify } from '@node-rs/argon2';
import pg from 'pg';
import type { BareSetup } from './bare.js';
import { BareStatements } from './bare-statements.js';
import { accountRows, balanceRows, listRows, profileRows, searchRows } from './bare-pages.js';

/** No framework, no session, no permission, no template: what is left when all that the product adds is taken away. */

process.once('message', (setup: BareSetup) => serve(setup));

function serve(setup: BareSetup): void {
  const dates = {
    getTypeParser: (oid: number, format?: 'text' | 'binary') =>
      oid === 1082 ? (text: string) => text : (pg.types.getTypeParser(oid, format as 'text') as unknown),
  };
  const statements = new BareStatements(new pg.Pool({ ...setup.database, max: 4, types: dates as pg.CustomTypesConfig }));
  const hashed = inTurn(Math.max(1, os.availableParallelism() - 1), () => verify(setup.password.hash, setup.password.plain));
  const { frames, streams } = setup;
  const html = (res: ServerResponse, name: keyof BareSetup['frames'], rows: string): void => {
    const body = frames[name]!.before + rows + frames[name]!.after;
    res.writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'content-length': Buffer.byteLength(body) }).end(body);
  };
  const pages: Record<string, (query: URLSearchParams, res: ServerResponse) => Promise<void>> = {
    '/signin': async (_query, res) => html(res, 'signin', ''),
    '/home': async (_query, res) => {
      await statements.home();
      html(res, 'home', '');
    },
    '/list': async (query, res) =>
      html(res, 'list', listRows(await statements.list(query.get('name'), query.get('id')), streams)),
    '/filtered': async (query, res) =>
      html(res, 'list', listRows(await statements.filtered(query.get('stream')!, query.get('status')!), streams)),
    '/search': async (query, res) => html(res, 'search', searchRows(await statements.search(query.get('q')!), streams)),
    '/profile': async (query, res) => html(res, 'profile', profileRows(await statements.profile(query.get('id')!))),
    '/account': async (query, res) => html(res, 'account', accountRows(await statements.account(query.get('id')!))),
    '/balances': async (_query, res) => html(res, 'balances', balanceRows(await statements.balances(), streams)),
    '/api': async (_query, res) => {
      const rows = await statements.list(null, null);
      const body = JSON.stringify({
        data: rows.slice(0, 50).map((row) => ({ ...apiRow(row), class: row.stream_id ? streams[row.stream_id] : null })),
        next: null,
      });
      res
        .writeHead(200, { 'content-type': 'application/json; charset=utf-8', 'content-length': Buffer.byteLength(body) })
        .end(body);
    },
    '/hash': async (_query, res) => {
      const right = await hashed();
      res.writeHead(right ? 303 : 401, { location: '/', 'content-length': 0 }).end();
    },
  };
  const server = createServer((req, res) => {
    const [path = '', search = ''] = (req.url ?? '').split('?');
    req.resume();
    pages[path]!(new URLSearchParams(search), res).catch((error: unknown) => res.writeHead(500).end(String(error)));
  });
  server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port));
}

function apiRow(row: Record<string, unknown>): Record<string, unknown> {
  const { id, admission_no, payment_no, surname, first_name, middle_name, sex, born_on, status, boarding, class_id, stream_id } =
    row;
  return { id, admission_no, payment_no, surname, first_name, middle_name, sex, born_on, status, boarding, class_id, stream_id };
}

/** Hashes take a processor each: not more of them at once than the product allows itself. */
function inTurn<Result>(most: number, work: () => Promise<Result>): () => Promise<Result> {
  let running = 0;
  const waiting: (() => void)[] = [];
  return async () => {
    if (running >= most) await new Promise<void>((resolve) => waiting.push(resolve));
    else running += 1;
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else running -= 1;
    }
  };
}
