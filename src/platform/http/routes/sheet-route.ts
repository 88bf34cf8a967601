import type { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Request, Response } from 'express';
import { demandProof, MOST_UNPROVEN } from '../../../kernel/actor.js';
import { snapshot } from '../../db/index.js';
import { writeCsv, writeTemplate, writeXlsx, type SheetMeta } from '../../sheets/writing/write.js';
import type { Column } from '../../sheets/columns.js';
import { pagesOf } from '../../sheets/table.js';
import type { Can } from './guard.js';
import type { PageRoutes } from './declared.js';
import { Spool } from './spool.js';

/** Under this name the application keeps who is told of every export: what left the house stands in the audit. */
export const EXPORTED = 'exported';
export type Exported = (req: Request, sheet: { name: string; format: SheetFormat | 'zip'; rows: number }) => Promise<void>;

export type SheetFormat = 'csv' | 'xlsx';

export interface SheetRoute<Row> {
  /** Export at `path?format=csv|xlsx`, the blank template at `path/template`. */
  path: string;
  can: Can;
  /** However few rows there are, it asks for a recent proof of who takes them; else only more than a page shows does. */
  proof?: 'always';
  name: string;
  columns: Column<Row>[] | ((req: Request) => Promise<Column<Row>[]>);
  rows(req: Request): AsyncIterable<Row>;
}

export function declareSheet<Row>(routes: PageRoutes, route: SheetRoute<Row>): void {
  const columnsOf = async (req: Request): Promise<Column<Row>[]> =>
    typeof route.columns === 'function' ? await route.columns(req) : route.columns;
  routes.get(`${route.path}/template`, route.can, async (req, res) => {
    attach(res, `${route.name}-template`, 'xlsx');
    await writeTemplate(res, await columnsOf(req), meta(req, route.name));
  });
  routes.get(route.path, route.can, async (req, res) => {
    if (route.proof) demandProof(req.actor);
    const format: SheetFormat = req.query.format === 'xlsx' ? 'xlsx' : 'csv';
    await sendSheet(req, res, { name: route.name, columns: await columnsOf(req), format, rows: pagesOf(route.rows(req)) });
  });
}

interface Sending<Row> {
  name: string;
  columns: Column<Row>[];
  format: SheetFormat;
  /** A page at a time. */
  rows: AsyncIterable<readonly Row[]>;
}

/** Reads all rows at one moment of the database. The name carries the day, so that two exports in a folder can be told apart. */
export async function sendSheet<Row>(req: Request, res: Response, sending: Sending<Row>): Promise<void> {
  const { name, format } = sending;
  const day = req.school?.today ?? new Date().toISOString().slice(0, 10);
  let rows = 0;
  await sendWhole(req, res, {
    write: async (into) => void (rows = await snapshot(() => written(req, res, into, sending))),
    told: () => ({ name, format, rows }),
    head: () => attach(res, `${name}-${day}`, format),
  });
}

interface Whole {
  write(into: Writable): Promise<void>;
  /** What the audit keeps of it, once it is written. */
  told(): Parameters<Exported>[1];
  /** Says what the file is. */
  head(): void;
}

/**
 * Sends a file once it is whole, with its length: what fails on the way is an error page, and what breaks off in transit no
 * browser takes for the file.
 */
export async function sendWhole(req: Request, res: Response, { write, told, head }: Whole): Promise<void> {
  const spool = await Spool.open();
  try {
    await write(spool.write());
    // Before the first byte: those rows are about to leave the house.
    await (req.app.get(EXPORTED) as Exported | undefined)?.(req, told());
    head();
    res.set('Content-Length', String(await spool.size()));
    if (req.method === 'HEAD') res.end();
    else await pipeline(spool.read(), res);
  } finally {
    await spool.close();
  }
}

/** @returns how many rows there are */
async function written<Row>(
  req: Request,
  res: Response,
  into: Writable,
  { rows, columns, format, name }: Sending<Row>,
): Promise<number> {
  const { first, rest } = await begin(rows);
  demandProof(
    req.actor,
    first.reduce((sum, page) => sum + page.length, 0),
  );
  const pages = { pages: whileThere(res, following(first, rest)) };
  return format === 'csv' ? writeCsv(into, columns, pages, meta(req, name)) : writeXlsx(into, columns, pages, meta(req, name));
}

/** Whoever has gone away needs no more rows. */
async function* whileThere<Row>(res: Response, pages: AsyncIterable<readonly Row[]>): AsyncGenerator<readonly Row[]> {
  for await (const page of pages) {
    if (res.destroyed) throw new Error('The receiver has gone away.');
    yield page;
  }
}

/** Reads until it is known whether these are more rows than a page shows: what is refused must be so before the first byte. */
async function begin<Row>(
  pages: AsyncIterable<readonly Row[]>,
): Promise<{ first: (readonly Row[])[]; rest: AsyncIterator<readonly Row[]> }> {
  const rest = pages[Symbol.asyncIterator]();
  const first: (readonly Row[])[] = [];
  for (let rows = 0; rows <= MOST_UNPROVEN;) {
    const next = await rest.next();
    if (next.done) break;
    first.push(next.value);
    rows += next.value.length;
  }
  return { first, rest };
}

async function* following<Row>(first: (readonly Row[])[], rest: AsyncIterator<readonly Row[]>): AsyncGenerator<readonly Row[]> {
  yield* first;
  for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value;
}

function attach(res: Response, name: string, format: SheetFormat): void {
  res.attachment(`${name}.${format}`);
  res.type(format === 'csv' ? 'text/csv; charset=utf-8' : 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet');
  res.set('Cache-Control', 'no-store');
}

function meta(req: Request, name: string): SheetMeta {
  return { title: name, author: req.school?.name ?? 'AIMS', currency: req.school?.currency };
}
