import type { Request } from 'express';
import { z } from 'zod';
import type { Routes } from '../../../../platform/http/routes/routes.js';
import { sendSheet } from '../../../../platform/http/routes/sheet-route.js';
import type { Term } from '../../../school/index.js';
import { SEES_COLLECTIONS } from '../collections.js';
import { EXPECTED_BY, expectedGroups, sumsOf, type ExpectedBy } from '../collections.rules.js';
import { expectedDrawing, type PrintedExpected } from './collections.pdf.js';
import { expectedColumns, type ExpectedSheetRow } from './collections.sheet.js';
import { labelsOf, printContext, type CollectionPages } from './collections.page.js';
import { present } from './collections.routes.js';

const Asked = z.object({
  term: z.uuid().optional().catch(undefined),
  by: z.enum(EXPECTED_BY).default('class-head').catch('class-head'),
});

/** What a term was to bring by class and vote head, and what of it has come. */
export function expectedRoutes(r: Routes, pages: CollectionPages): void {
  const load = async (req: Request) => {
    const { term: wanted, by } = Asked.parse(present(req.query));
    const terms = await termsToChoose(pages);
    const term = terms.find((one) => one.id === wanted) ?? (await termOfNow(pages, terms));
    const labels = await labelsOf(pages, req);
    const facts = term ? await pages.collections.expected(req.actor, term.id) : [];
    return { terms, term, by, groups: expectedGroups(facts, by, labels.head, labels.class), sums: sumsOf(facts) };
  };

  r.get('/fees/collections/expected', SEES_COLLECTIONS, async (req, res) => {
    const { groups, sums, ...loaded } = await load(req);
    const { format } = req.query;
    if (format !== 'csv' && format !== 'xlsx') return res.page('fees/collections/expected', { ...loaded, groups, sums });
    const rows: ExpectedSheetRow[] = groups.flatMap(({ name, rows: own }) =>
      own.map((row) => ({ className: '', head: '', ...placed(loaded.by, name, row.label), ...row })),
    );
    rows.push({ className: req.t('Total'), head: '', ...sums });
    return sendSheet(req, res, {
      name: 'expected-and-collected',
      columns: expectedColumns,
      format,
      rows: (async function* () {
        yield rows;
      })(),
    });
  });

  r.pdf<PrintedExpected>({
    path: '/fees/collections/expected/print.pdf',
    can: SEES_COLLECTIONS,
    filename: (_req, { today }) => `expected-and-collected-${today}.pdf`,
    load: async (req) => {
      const { term, by, groups, sums } = await load(req);
      return {
        context: await printContext(pages, req),
        currency: req.school!.currency,
        today: req.school!.today,
        term: term?.label ?? '',
        groups,
        rowsAre: by === 'class' ? req.t('Class') : req.t('Vote head'),
        sums,
      };
    },
    draw: expectedDrawing,
  });
}

function placed(by: ExpectedBy, group: string, label: string): Partial<ExpectedSheetRow> {
  if (by === 'class-head') return { className: group, head: label };
  return by === 'class' ? { className: label } : { head: label };
}

export type TermToChoose = Term & { label: string };

/** Newest first. */
export async function termsToChoose({ school }: Pick<CollectionPages, 'school'>): Promise<TermToChoose[]> {
  return (await school.years())
    .flatMap((year) => year.terms.map((term) => ({ ...term, label: `${term.name}, ${year.name}` })))
    .reverse();
}

/** The term of today; in the holidays the one that was last, before the first the first. */
export async function termOfNow(
  { school }: Pick<CollectionPages, 'school'>,
  terms: readonly TermToChoose[],
): Promise<TermToChoose | null> {
  const today = await school.today();
  return terms.find((one) => one.startsOn <= today) ?? terms.at(-1) ?? null;
}
