import { randomUUID } from 'node:crypto';
import type { Request, RequestHandler, Response } from 'express';
import { z } from 'zod';
import { DomainError, Invalid, NotFound } from '../../../kernel/errors.js';
import { Missing } from '../../../kernel/missing.js';
import { isId } from '../../../kernel/id.js';
import { upload, uploadOf, wrongType } from '../../../platform/files/index.js';
import { FormState, type FlatValues } from '../../../platform/http/routes/form-data.js';
import type { Routes } from '../../../platform/http/routes/routes.js';
import { writeRejects, writeTemplate } from '../../../platform/sheets/writing/write.js';
import { FILE_TYPES, MOST_OF_ANY, USE, type Imports } from '../imports.js';
import { isMassChange, MODES } from '../import.rules.js';
import { MISREAD_SHOWN, type Replacement } from '../replacement.rules.js';
import type { Import, RowsShown } from '../ports.js';
import {
  cellToCorrect,
  letters,
  sentence,
  shownColumns,
  shownLine,
  shownMisread,
  shownQuestions,
  unmatched,
} from './page-model.js';

const PER_PAGE = 50;
/** The largest that any kind takes; which kind it is stands in the form itself, and each holds to its own limit. */
const receive = upload({ field: 'file', maxBytes: MOST_OF_ANY, types: FILE_TYPES });

/** A list may hold words that look like a page or a drawing, so these are let in; people are asked for the two kinds that there are. */
export const fileUpload: RequestHandler = (req, res, next) =>
  void receive(req, res, (error: unknown) => {
    const wrongKind = error instanceof Invalid && error.problems[0]?.message === wrongType(FILE_TYPES);
    next(wrongKind ? new Invalid({ file: wrongType(FILE_TYPES.slice(0, 2)) }) : error);
  });

/** On a page the form itself says what is wrong with the file. */
const pageUpload: RequestHandler = (req, res, next) =>
  void fileUpload(req, res, (error: unknown) => {
    if (!(error instanceof DomainError)) return next(error);
    refusals.set(req, error);
    next();
  });
const refusals = new WeakMap<Request, DomainError>();

export const importId = (req: Request): string => {
  const id = req.params.id;
  if (!isId(id)) throw new Missing('import');
  return id;
};

/** From a file to the register, and back. */
export function importRoutes(r: Routes, imports: Imports): void {
  r.list({
    path: '/imports',
    can: USE,
    view: 'imports/index',
    filter: z.object({}),
    load: (_filter, query, req) => imports.list(req.actor, query.cursor, query.limit),
    model: async (_filter, _page, req) => ({ kinds: imports.kindsFor(req.actor) }),
  });

  r.get('/imports/new', USE, async (req, res) => {
    const kinds = imports.kindsFor(req.actor);
    const kind = kinds.find((one) => one.key === req.query.kind) ?? kinds[0];
    await drawUpload(req, res, imports, { kind: kind?.key ?? '', mode: 'create' }, []);
  });

  r.get('/imports/template', USE, async (req, res) => {
    const kind = imports.kind(req.actor, String(req.query.kind));
    if (kind.source) throw new NotFound('There is no template for an archive.');
    res.attachment(`${kind.key}-template.xlsx`).type(XLSX).set('Cache-Control', 'no-store');
    await writeTemplate(
      res,
      (await kind.columns()).filter((column) => !column.spare),
      { title: req.t(kind.label), author: req.school?.name ?? 'AIMS' },
    );
  });

  r.upload('/imports', USE, pageUpload, async (req, res) => {
    const values = (req.body ?? {}) as FlatValues;
    const refused = (problems: { field: string; message: string }[], status = 422): Promise<void> =>
      drawUpload(req, res, imports, values, problems, status);
    const refusal = refusals.get(req);
    if (refusal) return refused([{ field: 'file', message: refusal.message }], refusal.status);
    const file = uploadOf(req);
    if (!file) return refused([{ field: 'file', message: 'Choose a file' }]);
    const mode = MODES.find((one) => one === values.mode);
    if (!mode) return refused([{ field: 'mode', message: 'Choose what the import may do' }]);
    try {
      const id = await imports.take(req.actor, { kind: String(values.kind), mode, file, mapping: null, answers: null });
      res.done(`/imports/${id}`);
    } catch (error) {
      if (error instanceof Invalid) return refused(error.problems);
      if (error instanceof DomainError && error.status === 422) return refused([{ field: 'file', message: error.message }]);
      throw error;
    }
  });

  r.get('/imports/:id', USE, async (req, res) => drawImport(req, res, imports, []));
  mappingRoutes(r, imports);
  stepRoutes(r, imports);

  r.get('/imports/:id/rejects', USE, async (req, res) => {
    const { found } = await imports.find(req.actor, importId(req));
    await sendRejects(req, res, imports, found, 'xlsx');
  });
}

const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

/** Streamed; can be corrected and sent again as it is. */
export async function sendRejects(
  req: Request,
  res: Response,
  imports: Imports,
  found: Import,
  otherwise: 'csv' | 'xlsx',
): Promise<void> {
  const format = req.query.format === 'csv' || req.query.format === 'xlsx' ? req.query.format : otherwise;
  res
    .attachment(`${found.fileName.replace(/\.[^.]*$/, '')}-to-correct.${format}`)
    .type(format === 'csv' ? 'text/csv; charset=utf-8' : XLSX);
  res.set('Cache-Control', 'no-store');
  const rows = async function* () {
    for await (const row of imports.rejects(found.id)) {
      const errors = row.remarks.filter((remark) => remark.severity === 'error');
      yield {
        raw: { sheet: found.sheets.length > 1 ? row.sheet : '', row: row.rowNo, cells: row.cells.map(cellToCorrect) },
        reasons: errors.map((remark) => sentence(remark, req.t)),
      };
    }
  };
  await writeRejects(res, format, found.headers, rows(), { title: found.fileName, author: req.school?.name ?? 'AIMS' });
}

async function drawUpload(
  req: Request,
  res: Response,
  imports: Imports,
  values: FlatValues,
  problems: { field: string; message: string }[],
  status = 200,
): Promise<void> {
  const kinds = imports.kindsFor(req.actor);
  const form = new FormState(
    '/imports',
    values,
    problems.map((one) => ({ ...one, message: req.t(one.message) })),
    randomUUID(),
  );
  await res.page(
    'imports/new',
    { form, kinds, kind: kinds.find((one) => one.key === values.kind) ?? kinds[0] ?? null },
    { status },
  );
}

const SHOWN: readonly RowsShown[] = ['errors', 'warnings', 'all'];

async function drawImport(
  req: Request,
  res: Response,
  imports: Imports,
  problems: { field: string; message: string }[],
  status = 200,
): Promise<void> {
  const { found, kind } = await imports.find(req.actor, importId(req));
  const columns = await kind.columns();
  const fallback: RowsShown = found.counts.errors > 0 ? 'errors' : found.counts.warnings > 0 ? 'warnings' : 'all';
  const show = SHOWN.find((one) => one === req.query.show) ?? fallback;
  const rows = found.status === 'checking' ? [] : await imports.page(found.id, show, afterOf(req), PER_PAGE + 1);
  const listed = rows.slice(0, PER_PAGE);
  const shown = shownColumns(found, kind, columns, listed);
  await res.page(
    'imports/show',
    {
      found,
      kind,
      show,
      shown,
      unmatched: kind.source ? [] : unmatched(found, columns),
      also: found.status === 'checking' ? [] : await imports.alsoMakes(found, kind),
      questions: shownQuestions(found, req.t),
      misread: shownMisread(await imports.misread(found, kind), columns, req.t),
      readAs: found.replacements.map((one) => ({
        ...one,
        column: columns.find(({ key }) => key === one.column)?.head ?? one.column,
      })),
      lines: listed.map((row) => shownLine(row, shown, req.t, kind)),
      next: rows.length > PER_PAGE ? listed.at(-1)!.n : null,
      started: afterOf(req) > 0,
      matched: kind.source ? [] : matchedColumns(found, columns),
      severalSheets: found.sheets.filter((sheet) => sheet.chosen).length > 1,
      results: found.status === 'done' ? ((await kind.results?.(found.id, req.actor)) ?? []) : [],
      massChange: isMassChange(found.counts),
      form: new FormState(
        '',
        (req.body ?? {}) as FlatValues,
        problems.map((one) => ({ ...one, message: req.t(one.message) })),
        '',
      ),
    },
    { status },
  );
}

function afterOf(req: Request): number {
  const after = Number(req.query.after);
  return Number.isInteger(after) && after > 0 && after < 2 ** 31 ? after : 0;
}

function matchedColumns(
  found: Import,
  columns: readonly { key: string; head: string }[],
): { letter: string; heading: string; column: string | null }[] {
  const heads = new Map(columns.map((column) => [column.key, column.head]));
  return found.headers.map((heading, at) => {
    const key = found.mapping[at];
    return { letter: letters(at), heading, column: key ? (heads.get(key) ?? null) : null };
  });
}

function mappingRoutes(r: Routes, imports: Imports): void {
  const draw = async (
    req: Request,
    res: Response,
    problems: { field: string; message: string }[],
    status = 200,
  ): Promise<void> => {
    const { found, kind } = await imports.find(req.actor, importId(req));
    if (kind.source) throw new NotFound('An archive has no columns to match.');
    const form = new FormState(
      `/imports/${found.id}/mapping`,
      (req.body ?? {}) as FlatValues,
      problems.map((one) => ({ ...one, message: req.t(one.message) })),
      '',
    );
    const sent = req.method === 'POST';
    const known = await kind.columns();
    const columns = known.map(({ key, head, required }) => ({ value: key, label: head, required: required ?? false }));
    const headings = found.headers.map((heading, at) => ({
      heading,
      letter: letters(at),
      value: sent ? form.value(`map.${at}`) : (found.mapping[at] ?? ''),
    }));
    await res.page('imports/mapping', { found, kind, form, columns, headings, unmatched: unmatched(found, known) }, { status });
  };
  r.get('/imports/:id/mapping', USE, (req, res) => draw(req, res, []));

  r.post('/imports/:id/mapping', USE, async (req, res) => {
    const { found } = await imports.find(req.actor, importId(req));
    const body = (req.body ?? {}) as FlatValues;
    const mapping = found.headers.map((_heading, at) => String(body[`map.${at}`] ?? '') || null);
    const chosen = [body.sheets ?? []].flat();
    const sheets = found.sheets.map((sheet) => sheet.name).filter((name) => chosen.includes(name));
    try {
      await imports.checkAgain(req.actor, found.id, {
        mapping,
        ...(sheets.length > 0 && sheets.length < found.sheets.length + 1 && changedSheets(found, sheets) && { sheets }),
      });
      res.done(`/imports/${found.id}`, req.t('Checking the file again.'));
    } catch (error) {
      if (error instanceof Invalid) return draw(req, res, error.problems, 422);
      throw error;
    }
  });
}

function changedSheets(found: Import, sheets: readonly string[]): boolean {
  return (
    found.sheets
      .filter((sheet) => sheet.chosen)
      .map((sheet) => sheet.name)
      .join('\n') !== sheets.join('\n')
  );
}

function stepRoutes(r: Routes, imports: Imports): void {
  const step = (path: string, act: (req: Request, id: string) => Promise<{ to?: string; text?: string } | void>): void =>
    r.post(path, USE, async (req, res) => {
      const id = importId(req);
      try {
        const then = (await act(req, id)) ?? {};
        res.done(then.to ?? `/imports/${id}`, then.text);
      } catch (error) {
        if (!(error instanceof DomainError) || (error.status !== 422 && error.status !== 409)) throw error;
        const field = 'field' in error && typeof error.field === 'string' ? error.field : '';
        await drawImport(
          req,
          res,
          imports,
          error instanceof Invalid ? error.problems : [{ field, message: error.message }],
          error.status,
        );
      }
    });

  step('/imports/:id/check', (req, id) => imports.checkAgain(req.actor, id));
  step('/imports/:id/answers', async (req, id) => {
    await imports.answer(req.actor, id, answersOf((req.body ?? {}) as FlatValues));
    return { text: req.t('Checking the file again.') };
  });
  step('/imports/:id/replacements', async (req, id) => {
    await imports.readAs(req.actor, id, replacementsOf((req.body ?? {}) as FlatValues));
    return { text: req.t('Checking the file again.') };
  });
  step('/imports/:id/replacements/removal', async (req, id) => {
    await imports.checkAgain(req.actor, id, { replacements: [] });
    return { text: req.t('Checking the file again.') };
  });
  step('/imports/:id/commit', (req, id) => imports.commit(req.actor, id, commitOf((req.body ?? {}) as FlatValues)));
  step('/imports/:id/undo', (req, id) => imports.undo(req.actor, id));
  step('/imports/:id/discard', async (req, id) => {
    await imports.discard(req.actor, id);
    return { to: '/imports', text: req.t('The file was discarded. Nothing was imported.') };
  });
}

function answersOf(body: FlatValues): Record<string, string> {
  return Object.fromEntries(
    Object.entries(body).flatMap(([name, value]) =>
      name.startsWith('answer.') ? [[name.slice('answer.'.length), String([value].flat()[0] ?? '')]] : [],
    ),
  );
}

function replacementsOf(body: FlatValues): Replacement[] {
  const text = (name: string): string => [body[name] ?? ''].flat()[0] ?? '';
  return Array.from({ length: MISREAD_SHOWN }, (_unused, at) => ({
    column: text(`column.${at}`),
    from: text(`from.${at}`),
    to: text(`to.${at}`),
  }));
}

function commitOf(body: FlatValues): { rows: 'all' | 'valid'; confirm: number | null } {
  const typed = String(body.confirm ?? '').replace(/[\s,.]/g, '');
  return { rows: body.rows === 'all' ? 'all' : 'valid', confirm: /^\d{1,9}$/.test(typed) ? Number(typed) : null };
}
