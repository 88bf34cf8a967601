import type { Request, Response } from 'express';
import { demandProof, MOST_UNPROVEN } from '../../kernel/actor.js';
import { writeCsv, writeTemplate, writeXlsx, type SheetMeta } from '../sheets/write.js';
import type { Column } from '../sheets/columns.js';
import { pagesOf } from '../sheets/table.js';
import type { Can } from './guard.js';
import type { Routes } from './routes.js';

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

export function declareSheet<Row>(routes: Routes, route: SheetRoute<Row>): void {
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

/** Streams; the name carries the day, so that two exports in a folder can be told apart. */
export async function sendSheet<Row>(req: Request, res: Response, sending: Sending<Row>): Promise<void> {
  const day = req.school?.today ?? new Date().toISOString().slice(0, 10);
  const { first, rest } = await begin(sending.rows);
  demandProof(req.actor, first.reduce((sum, page) => sum + page.length, 0));
  attach(res, `${sending.name}-${day}`, sending.format);
  let count = 0;
  const counted = async function* (): AsyncGenerator<readonly Row[]> {
    for await (const page of following(first, rest)) {
      count += page.length;
      yield page;
    }
  };
  const rows = { pages: counted() };
  try {
    if (sending.format === 'csv') await writeCsv(res, sending.columns, rows, meta(req, sending.name));
    else await writeXlsx(res, sending.columns, rows, meta(req, sending.name));
  } finally {
    // Also what was broken off: those rows have left the house.
    await (req.app.get(EXPORTED) as Exported | undefined)?.(req, { name: sending.name, format: sending.format, rows: count });
  }
}

/** Reads until it is known whether these are more rows than a page shows: what is refused must be so before the first byte. */
async function begin<Row>(pages: AsyncIterable<readonly Row[]>): Promise<{ first: (readonly Row[])[]; rest: AsyncIterator<readonly Row[]> }> {
  const rest = pages[Symbol.asyncIterator]();
  const first: (readonly Row[])[] = [];
  for (let rows = 0; rows <= MOST_UNPROVEN; ) {
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
