import type { Request } from 'express';
import { type z } from 'zod';
import { demand } from '../../../kernel/actor.js';
import type { Page } from '../../../kernel/page.js';
import type { Column } from '../../sheets/columns.js';
import type { Can } from './guard.js';
import type { PageRoutes } from './declared.js';
import { sendSheet } from './sheet-route.js';

/** What every list understands beside its own filter. */
export interface ListQuery {
  cursor: string | null;
  limit: number;
  sort: string | null;
}

export interface ListRoute<Filter extends object, Row, Loaded extends Page<Row> = Page<Row>> {
  path: string;
  can: Can;
  /** Draws `it.rows`, `it.next`, `it.filter` and whatever `model` brings. */
  view: string;
  /** The list's own filters; a value that can't be read counts as not given. */
  filter: z.ZodType<Filter>;
  /** Rows on a page unless the address says otherwise; 200 at most. */
  perPage?: number;
  load(filter: Filter, query: ListQuery, req: Request): Promise<Loaded>;
  /** `page` is what `load` brought, with whatever it brought beside the rows. */
  model?(filter: Filter, page: Loaded, req: Request): Promise<object>;
  /** The export of exactly what is shown, all pages of it: `?format=csv` or `?format=xlsx`; `can` beside the list's own, `rows` where one cursor brings them better than page after page. */
  sheet?: {
    name: string;
    can?: Can;
    columns: Column<Row>[] | ((req: Request) => Promise<Column<Row>[]>);
    rows?(filter: Filter, req: Request): AsyncIterable<readonly Row[]>;
  };
}

export function declareList<Filter extends object, Row, Loaded extends Page<Row>>(
  routes: PageRoutes,
  route: ListRoute<Filter, Row, Loaded>,
): void {
  routes.get(route.path, route.can, async (req, res) => {
    const filter = readFilter(route.filter, req.query);
    const query = readQuery(req.query, route.perPage ?? 50);
    const format = req.query.format;
    if (route.sheet && (format === 'csv' || format === 'xlsx')) {
      const { can } = route.sheet;
      // The page itself is guarded by `route.can`; taking all of it away in a file may ask for more.
      if (can?.includes('.')) demand(req.actor, can);
      const columns = typeof route.sheet.columns === 'function' ? await route.sheet.columns(req) : route.sheet.columns;
      await sendSheet(req, res, {
        name: route.sheet.name,
        columns,
        format,
        rows: route.sheet.rows?.(filter, req) ?? allPages(route, filter, query, req),
      });
      return;
    }
    const page = await route.load(filter, query, req);
    const more = await route.model?.(filter, page, req);
    await res.page(route.view, { rows: page.rows, next: page.next, filter, query, ...more });
  });
}

/** One page after the other, so that an export of any size holds two in memory: one is written while the next is read. */
async function* allPages<Filter extends object, Row>(
  route: Pick<ListRoute<Filter, Row>, 'load'>,
  filter: Filter,
  query: ListQuery,
  req: Request,
): AsyncGenerator<readonly Row[]> {
  const load = (cursor: string | null): Promise<Page<Row>> => route.load(filter, { ...query, limit: 1000, cursor }, req);
  let page = await load(null);
  for (;;) {
    const next = page.next === null ? null : load(page.next);
    // Whoever waits for it is told.
    next?.catch(() => undefined);
    yield page.rows;
    if (!next) return;
    page = await next;
  }
}

/** Takes what can be read and drops the rest: an address that somebody mended by hand is no reason for an error. */
function readFilter<Filter extends object>(schema: z.ZodType<Filter>, raw: Request['query']): Filter {
  const given = Object.fromEntries(
    Object.entries(raw).filter(
      ([, value]) =>
        value !== '' && (typeof value === 'string' || (Array.isArray(value) && value.every((item) => typeof item === 'string'))),
    ),
  );
  const first = schema.safeParse(given);
  if (first.success) return first.data;
  for (const issue of first.error.issues) delete given[String(issue.path[0])];
  return schema.parse(given);
}

function readQuery(raw: Request['query'], perPage: number): ListQuery {
  const limit = Number(raw.limit);
  return {
    cursor: typeof raw.cursor === 'string' && raw.cursor !== '' ? raw.cursor : null,
    limit: Number.isInteger(limit) && limit > 0 ? Math.min(limit, 200) : perPage,
    sort: typeof raw.sort === 'string' && /^-?[a-z_]{1,40}$/.test(raw.sort) ? raw.sort : null,
  };
}
