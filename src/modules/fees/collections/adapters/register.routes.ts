import type { Request } from 'express';
import { z } from 'zod';
import type { Routes } from '../../../../platform/http/routes/routes.js';
import { naming } from '../../../../platform/people-shown.js';
import { sendSheet } from '../../../../platform/http/routes/sheet-route.js';
import type { FeesRegister, NamedRow, RegisterGroup } from '../fees-register.js';
import { SEES_ACCOUNTS } from '../../documents/document.rules.js';
import { registerSums } from '../register.rules.js';
import type { RegisterSpan } from '../../ports.js';
import { registerDrawing, type PrintedRegister } from './register.pdf.js';
import { registerColumns, registerSheetRow, type RegisterSheetRow } from './register.sheet.js';
import { printContext, type CollectionPages } from './collections.page.js';
import { present } from './collections.routes.js';
import { termOfNow, termsToChoose, type TermToChoose } from './expected.routes.js';

const Asked = z.object({
  term: z.uuid().optional().catch(undefined),
  class: z
    .union([z.uuid(), z.literal('none'), z.literal('all')])
    .optional()
    .catch(undefined),
  on: z.iso.date().optional().catch(undefined),
});
const ALL = 'all';

export type RegisterPages = Pick<CollectionPages, 'school' | 'subjects'> & { register: FeesRegister };

/** The fees register of a term: a line for each student of a class, and the classes of the whole school. */
export function registerRoutes(r: Routes, pages: RegisterPages): void {
  const shownRows = async (req: Request, chosen: readonly RegisterGroup[], span: RegisterSpan | null) =>
    span
      ? naming(
          await pages.register.rows(
            req.actor,
            chosen.flatMap((one) => one.students),
            span,
          ),
          (row) => row.studentId,
        )
      : [];
  const load = async (req: Request) => {
    const asked = Asked.parse(present(req.query));
    const terms = await termsToChoose(pages);
    const term = terms.find((one) => one.id === asked.term) ?? (await termOfNow(pages, terms));
    const { classes } = await pages.subjects.classList();
    const on = dayOf(term, asked.on, req.school!.today);
    const earlierTermIds = terms.filter((one) => term && one.startsOn < term.startsOn).map((one) => one.id);
    const span: RegisterSpan | null = term && { termId: term.id, startsOn: term.startsOn, earlierTermIds, on };
    const groups = span
      ? await pages.register.groups(
          req.actor,
          span,
          classes.map((one) => one.id),
        )
      : [];
    const names = new Map<string | null, string>([
      ...classes.map((one) => [one.id, one.name] as const),
      [null, req.t('In no class')],
    ]);
    const chosen =
      asked.class === ALL
        ? groups
        : groups.filter((one) => (one.classId ?? 'none') === (asked.class ?? groups[0]!.classId ?? 'none'));
    return { terms, term, on, span, groups, names, chosen, all: asked.class === ALL };
  };

  r.get('/fees/register', SEES_ACCOUNTS, async (req, res) => {
    const { span, chosen, names, groups, ...loaded } = await load(req);
    const { format } = req.query;
    if (span && (format === 'csv' || format === 'xlsx')) return sendRegister(req, res, format, chosen, names, span);
    const rows = await shownRows(req, chosen, span);
    const classes = classesOf(chosen, rows).map(({ classId, rows: own }) => ({
      classId,
      name: names.get(classId) ?? '',
      rows: own,
      sums: registerSums(own),
    }));
    return res.page('fees/register/index', {
      ...loaded,
      choices: groups.map(({ classId }) => ({ value: classId ?? 'none', label: names.get(classId) ?? '' })),
      classes,
      heads: await pages.register.headsOf(rows),
      sums: registerSums(rows),
    });
  });

  r.pdf<PrintedRegister>({
    path: '/fees/register/print.pdf',
    can: SEES_ACCOUNTS,
    filename: (_req, { on }) => `fees-register-${on}.pdf`,
    load: async (req) => {
      const { span, chosen, names, term, on } = await load(req);
      const rows = await shownRows(req, chosen, span);
      const classes = classesOf(chosen, rows).map(({ classId, rows: own }) => ({
        name: names.get(classId) ?? '',
        rows: own.map((row) => registerSheetRow(row, names.get(classId) ?? '')),
      }));
      return {
        context: await printContext(pages, req),
        currency: req.school!.currency,
        term: term?.label ?? '',
        on,
        heads: await pages.register.headsOf(rows),
        classes,
      };
    },
    draw: registerDrawing,
  });

  /** Class by class: a school of any size holds one of them in memory, but for its sums. */
  async function sendRegister(
    req: Request,
    res: Parameters<typeof sendSheet>[1],
    format: 'csv' | 'xlsx',
    chosen: readonly RegisterGroup[],
    names: ReadonlyMap<string | null, string>,
    span: RegisterSpan,
  ): Promise<void> {
    const heads = await pages.register.headsOfTerm(req.actor, span.termId);
    const pagesOf = async function* (): AsyncGenerator<RegisterSheetRow[]> {
      let total = registerSums([]);
      for (const { classId, students } of chosen) {
        const rows = await pages.register.rows(req.actor, students, span);
        total = registerSums([total, ...rows]);
        yield rows.map((row) => registerSheetRow(row, names.get(classId) ?? ''));
      }
      yield [{ ...total, className: req.t('Total'), admissionNo: '', name: '' }];
    };
    await sendSheet(req, res, { name: 'fees-register', columns: registerColumns(heads), format, rows: pagesOf() });
  }
}

/** The day that was asked for, else the last of the term or today, whichever is earlier; no day to come. */
function dayOf(term: TermToChoose | null, asked: string | undefined, today: string): string {
  const last = asked ?? (term && term.endsOn < today ? term.endsOn : today);
  return last > today ? today : last;
}

function classesOf(groups: readonly RegisterGroup[], rows: readonly NamedRow[]): { classId: string | null; rows: NamedRow[] }[] {
  const byId = new Map(rows.map((row) => [row.studentId, row]));
  return groups.map(({ classId, students }) => ({ classId, rows: students.map((one) => byId.get(one.id)!) }));
}
