import type { Request, Response } from 'express';
import { z } from 'zod';
import { Invalid, RuleBroken } from '../../../kernel/errors.js';
import { uploadOf } from '../../../platform/files/index.js';
import { readAs } from '../../../platform/http/routes/api.js';
import type { Routes } from '../../../platform/http/routes/routes.js';
import { USE, type Imports } from '../imports.js';
import { IMPORT_STATUSES, MODES, type Mode } from '../import.rules.js';
import type { ForeignImport, ForeignState, Import, ImportKind } from '../ports.js';
import { fileUpload, importId, sendRejects } from './imports.routes.js';
import { sentence } from './page-model.js';

const MOST_ERRORS = 1000;

const Mapping = z
  .record(z.string(), z.string().nullable())
  .meta({ description: 'Heading in the file → column; null ignores the heading' });
const Sent = z
  .object({
    file: z
      .string()
      .meta({ format: 'binary', description: 'CSV or XLSX of at most 50 MB; for `photos` a zip of at most 100 MB' }),
    kind: z.string().meta({
      description:
        '`students`, `guardians`, `former-classes`, `photos`, `staff`, `classes`, `subjects`, `allocations`, `opening-balances`, `opening-arrears` or `former-receipts`; `oneroster` for a bundle, which has no mode of its own',
    }),
    mode: z.enum(MODES).optional().meta({ description: 'Required for every kind except `oneroster`' }),
    mapping: z.string().optional().meta({ description: 'JSON: heading in the file → column. Headings not named are guessed.' }),
    answers: z
      .string()
      .optional()
      .meta({ description: 'JSON: key of a question → answer, such as {"days": "day"}, if you know what the file will ask' }),
  })
  .meta({ id: 'NewImport' });
const Asked = z
  .object({
    key: z.string(),
    question: z.string(),
    needed: z.boolean(),
    answer: z.string().nullable(),
    choices: z.array(
      z.object({
        value: z.string(),
        label: z.string(),
        examples: z.array(z.object({ from: z.string().nullable(), to: z.string() })),
      }),
    ),
  })
  .meta({ id: 'ImportQuestion' });
const Taken = z.object({ id: z.uuid() }).meta({ id: 'ImportTaken' });
const State = z
  .object({
    id: z.uuid(),
    kind: z.string(),
    mode: z.enum(MODES),
    file: z.string(),
    status: z.enum(IMPORT_STATUSES),
    message: z.string().nullable().meta({ description: 'Why it was refused or stopped' }),
    rows: z.number().int(),
    valid: z.number().int(),
    warnings: z.number().int(),
    created: z.number().int(),
    updated: z.number().int(),
    unchanged: z.number().int(),
    errors: z.array(z.object({ sheet: z.string(), row: z.number().int(), column: z.string(), message: z.string() })),
    questions: z
      .array(Asked)
      .meta({ description: 'Questions about the file. Required ones must be answered before it is imported.' }),
    mapping: Mapping,
  })
  .meta({ id: 'Import' });
const Given = z.record(z.string().max(60), z.string().max(60));
const Commit = z
  .object({ rows: z.enum(['all', 'valid']).default('all'), confirm: z.number().int().optional() })
  .meta({ id: 'ImportCommit' });

/** The same import for other systems. */
export function importApi(r: Routes, imports: Imports, foreign: () => readonly ForeignImport[]): void {
  r.api.raw(
    'post',
    { path: '/imports', can: USE, summary: 'Send a file', status: 202, multipart: Sent, output: Taken },
    [fileUpload],
    async (req, res) => {
      const file = uploadOf(req);
      if (!file) throw new Invalid({ file: 'Send a file in the field `file`' });
      const sent = readAs(Sent.omit({ file: true }), req.body ?? {});
      const other = foreign().find((one) => one.key === sent.kind);
      const id = other
        ? await other.take(req.actor, file)
        : await imports.take(req.actor, {
            kind: sent.kind,
            mode: demandMode(sent.mode),
            file,
            mapping: jsonOf(sent.mapping, Mapping, 'mapping', '{"D.O.B": "born_on"}'),
            answers: jsonOf(sent.answers, Given, 'answers', '{"days": "day"}'),
          });
      res.status(202).json({ id });
    },
  );

  r.api.get({
    path: '/imports/:id',
    can: USE,
    summary: 'Outcome',
    output: State,
    load: (req) => stateOf(req, imports, foreign()),
  });

  r.api.post({
    path: '/imports/:id/answers',
    can: USE,
    summary: 'Answer the questions about the file and check it again',
    status: 202,
    body: z.object({ answers: Given }),
    output: State,
    run: async ({ answers }, req) => {
      await imports.answer(req.actor, importId(req), answers);
      return stateOf(req, imports, foreign());
    },
  });

  r.api.post({
    path: '/imports/:id/commit',
    can: USE,
    summary: 'Import it',
    status: 202,
    body: Commit,
    output: State,
    run: async (body, req) => {
      const other = await foreignOf(req, foreign());
      if (other) {
        if (body.rows === 'all') demandSound(other.state);
        await other.kind.commit(req.actor, other.state.id);
      } else await imports.commit(req.actor, importId(req), { rows: body.rows, confirm: body.confirm ?? null });
      return stateOf(req, imports, foreign());
    },
  });

  r.api.post({
    path: '/imports/:id/undo',
    can: USE,
    summary: 'Undo it',
    status: 202,
    body: z.object({}),
    output: State,
    run: async (_body, req) => {
      const other = await foreignOf(req, foreign());
      await (other ? other.kind.undo(req.actor, other.state.id) : imports.undo(req.actor, importId(req)));
      return stateOf(req, imports, foreign());
    },
  });

  r.api.raw(
    'get',
    { path: '/imports/:id/rejects', can: USE, summary: 'The refused rows with reasons, as CSV (`?format=xlsx` for a workbook)' },
    [],
    async (req: Request, res: Response) => {
      const { found } = await imports.find(req.actor, importId(req));
      await sendRejects(req, res, imports, found, 'csv');
    },
  );
}

function demandMode(mode: Mode | undefined): Mode {
  if (!mode) throw new Invalid({ mode: 'Choose what the import may do' });
  return mode;
}

function jsonOf<Value>(text: string | undefined, schema: z.ZodType<Value>, field: string, example: string): Value | null {
  if (text === undefined || text.trim() === '') return null;
  try {
    const parsed = schema.safeParse(JSON.parse(text));
    if (parsed.success) return parsed.data;
  } catch {
    // told below
  }
  throw new Invalid({ [field]: `The ${field} must be JSON such as ${example}` });
}

interface Foreign {
  kind: ForeignImport;
  state: ForeignState;
}

async function foreignOf(req: Request, kinds: readonly ForeignImport[]): Promise<Foreign | null> {
  for (const kind of kinds) {
    const state = await kind.state(req.actor, importId(req));
    if (state) return { kind, state };
  }
  return null;
}

/** As with lists: all or nothing is asked for, and not all can be had. */
function demandSound({ errors }: ForeignState): void {
  if (errors > 0)
    throw new RuleBroken(
      'has-errors',
      `${errors} rows can’t be imported. Correct them and upload the file again, or import only the valid rows.`,
      'rows',
    );
}

async function stateOf(req: Request, imports: Imports, foreign: readonly ForeignImport[]): Promise<z.infer<typeof State>> {
  const other = await foreignOf(req, foreign);
  return other ? foreignState(req, other) : ownState(req, imports);
}

function foreignState(req: Request, { kind, state }: Foreign): z.infer<typeof State> {
  const { id, file, status, sentence: message, rows, created, updated, unchanged, warnings, errors, problems } = state;
  return {
    id,
    kind: kind.key,
    mode: 'both',
    file,
    status,
    message,
    rows,
    valid: rows - errors,
    warnings,
    created,
    updated,
    unchanged,
    questions: [],
    mapping: {},
    errors: problems.slice(0, MOST_ERRORS).map(({ remark, ...at }) => ({ ...at, message: sentence(remark, req.t) })),
  };
}

async function ownState(req: Request, imports: Imports): Promise<z.infer<typeof State>> {
  const { found, kind } = await imports.find(req.actor, importId(req));
  const { counts } = found;
  return {
    id: found.id,
    kind: found.kind,
    mode: found.mode,
    file: found.fileName,
    status: found.status,
    message: found.sentence,
    rows: counts.rows,
    valid: counts.rows - counts.errors,
    warnings: counts.warnings,
    created: counts.create,
    updated: counts.update,
    unchanged: counts.unchanged,
    errors: await errorsOf(req, imports, found, kind),
    questions: found.questions.map(({ key, text, vars, choices, needed }) => ({
      key,
      question: req.t(text, vars),
      needed,
      answer: found.answers[key] ?? null,
      choices: choices.map(({ value, label, examples }) => ({
        value,
        label: req.t(label),
        examples: examples.map(({ from, to }) => ({ from, to })),
      })),
    })),
    mapping: Object.fromEntries(found.headers.map((heading, at) => [heading, found.mapping[at] ?? null])),
  };
}

async function errorsOf(
  req: Request,
  imports: Imports,
  found: Import,
  kind: ImportKind,
): Promise<z.infer<typeof State>['errors']> {
  if (found.status === 'checking' || found.counts.errors === 0)
    return found.sentence ? [{ sheet: '', row: 0, column: '', message: req.t(found.sentence) }] : [];
  const heads = new Map((await kind.columns()).map((column) => [column.key, column.head]));
  const rows = await imports.page(found.id, 'errors', 0, MOST_ERRORS);
  return rows
    .flatMap((row) =>
      row.remarks
        .filter((remark) => remark.severity === 'error')
        .map((remark) => ({
          sheet: row.sheet,
          row: row.rowNo,
          column: headingOf(found, remark.column, heads),
          message: sentence(remark, req.t),
        })),
    )
    .slice(0, MOST_ERRORS);
}

/** As the file calls it; a column that the file doesn't have, as the product calls it. */
function headingOf(found: Import, key: string | null, heads: ReadonlyMap<string, string>): string {
  if (key === null) return '';
  const at = found.mapping.indexOf(key);
  return at < 0 ? (heads.get(key) ?? key) : (found.headers[at] ?? key);
}
