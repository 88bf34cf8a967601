import type { Request } from 'express';
import { z } from 'zod';
import { registerName } from '../../../../kernel/people/names.js';
import type { Routes } from '../../../../platform/http/routes/routes.js';
import { sendSheet } from '../../../../platform/http/routes/sheet-route.js';
import { SEES_COLLECTIONS } from '../collections.js';
import { COLLECTED_BY, type CrossTable } from '../collections.rules.js';
import { METHODS } from '../../documents/document.rules.js';
import type { CollectedLine } from '../../ports.js';
import { collectionsDrawing, type PrintedCollections } from './collections.pdf.js';
import { collectedLineColumns, crossColumns, crossSheetRows, type NamedLine } from './collections.sheet.js';
import { collectedByWord, labelsOf, printContext, Span, spanOf, type CollectionPages } from './collections.page.js';
import { termNames } from '../../adapters/pages.js';
import { methodWord } from '../../documents/adapters/method-words.js';

const Asked = Span.extend({
  by: z.enum(COLLECTED_BY).default('head').catch('head'),
  across: z.enum(COLLECTED_BY).default('method').catch('method'),
});
/** Empty asks for money that names none. */
const idOrNone = z.union([z.uuid(), z.literal('none')]).optional();
const Lines = Span.extend({
  head: idOrNone,
  class: idOrNone,
  method: z.enum(METHODS).optional(),
  cashier: z.string().max(100).optional(),
});

/** What came in on some days by any two of head, class, method, cashier and day; and the receipts behind each figure. */
export function collectionRoutes(r: Routes, pages: CollectionPages): void {
  const load = async (req: Request) => {
    const asked = Asked.catch({ by: 'head', across: 'method' }).parse(present(req.query));
    const span = spanOf(asked, req.school!.today);
    // A table of a thing by itself says nothing.
    const across = asked.across === asked.by ? (asked.by === 'method' ? 'head' : 'method') : asked.across;
    const table = await pages.collections.cross(req.actor, span, asked.by, across, await labelsOf(pages, req));
    return { ...span, by: asked.by, across, table };
  };

  r.get('/fees/collections', SEES_COLLECTIONS, async (req, res) => {
    const loaded = await load(req);
    const { format } = req.query;
    if (format === 'csv' || format === 'xlsx')
      return sendCross(req, res, format, loaded.table, collectedByWord(loaded.by, req.t));
    return res.page('fees/collections/index', {
      ...loaded,
      parts: COLLECTED_BY,
      word: (by: (typeof COLLECTED_BY)[number]) => collectedByWord(by, req.t),
    });
  });

  r.pdf<PrintedCollections>({
    path: '/fees/collections/print.pdf',
    can: SEES_COLLECTIONS,
    filename: (_req, { to }) => `collections-${to}.pdf`,
    load: async (req) => {
      const { from, to, by, across, table } = await load(req);
      return {
        context: await printContext(pages, req),
        currency: req.school!.currency,
        from,
        to,
        rowsAre: collectedByWord(by, req.t),
        columnsAre: collectedByWord(across, req.t),
        table,
      };
    },
    draw: collectionsDrawing,
  });

  r.list({
    path: '/fees/collections/receipts',
    can: SEES_COLLECTIONS,
    view: 'fees/collections/receipts',
    filter: Lines,
    load: async (filter, query, req) => {
      const none = (id: string | undefined): string | null => (id === 'none' ? '' : (id ?? null));
      const wanted = {
        head: none(filter.head),
        class: none(filter.class),
        method: filter.method ?? null,
        cashier: filter.cashier ?? null,
      };
      const page = await pages.collections.lines(req.actor, spanOf(filter, req.school!.today), wanted, query.cursor, query.limit);
      return { ...page, rows: await named(pages, req, page.rows) };
    },
    model: async (filter, _page, req) => {
      const span = spanOf(filter, req.school!.today);
      const labels = await labelsOf(pages, req);
      return { span, labels, cashiers: await pages.collections.cashiers(req.actor, span) };
    },
    sheet: { name: 'receipts', columns: collectedLineColumns },
  });
}

async function sendCross(
  req: Request,
  res: Parameters<typeof sendSheet>[1],
  format: 'csv' | 'xlsx',
  table: CrossTable,
  head: string,
): Promise<void> {
  const rows = crossSheetRows(table, req.t('Total'));
  await sendSheet(req, res, {
    name: 'collections',
    columns: crossColumns(head, table),
    format,
    rows: (async function* () {
      yield rows;
    })(),
  });
}

async function named(pages: CollectionPages, req: Request, rows: readonly CollectedLine[]): Promise<NamedLine[]> {
  const ids = [...new Set(rows.flatMap((row) => row.studentId ?? []))];
  const holders = new Map((await pages.students.holders(ids)).map((one) => [one.id, one]));
  const [labels, terms] = [await labelsOf(pages, req), await termNames(pages)];
  return rows.map((row) => {
    const holder = row.studentId === null ? undefined : holders.get(row.studentId);
    return {
      ...row,
      student: holder ? registerName(holder) : '',
      admissionNo: holder?.admissionNo ?? '',
      head: labels.head.get(row.headId) ?? '',
      className: labels.class.get(row.classId) ?? '',
      term: terms.get(row.termId ?? '') ?? '',
      by: methodWord(row.method, req.t),
    };
  });
}

/** What was not filled in counts as not asked for. */
export function present(query: Request['query']): Record<string, unknown> {
  return Object.fromEntries(Object.entries(query).filter(([, value]) => value !== ''));
}
