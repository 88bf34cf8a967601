import { z } from 'zod';
import { Invalid } from '../../../kernel/errors.js';
import { MISSING } from '../../../kernel/missing.js';
import { idOf } from '../../../platform/http/pages/fields.js';
import type { Routes } from '../../../platform/http/routes/routes.js';
import { totalOf } from '../billing/billing.rules.js';
import { DOCUMENT_KINDS, SEES_ACCOUNTS, WRITES } from '../documents/document.rules.js';
import { termNames, type FeePages } from './pages.js';

const minor = z.number().int().meta({ description: 'Minor units of the school’s currency' });
const InvoiceOut = z
  .object({
    id: z.uuid(),
    number: z.string(),
    kind: z.enum(DOCUMENT_KINDS),
    student: z.uuid(),
    term: z.uuid().nullable(),
    sponsor: z.string().nullable(),
    issued_on: z.iso.date(),
    due_on: z.iso.date(),
    total_minor: minor,
    net_minor: minor,
    paid_minor: minor,
    state: z.enum(['issued', 'reversed']),
  })
  .meta({ id: 'FeeDocument' });

const RunIn = z.object({
  term: z.uuid(),
  classes: z.array(z.uuid()).max(100).default([]),
  streams: z.array(z.uuid()).max(200).default([]),
  boarding: z.enum(['day', 'boarder']).nullable().default(null),
  student: z.uuid().nullable().default(null),
  dry_run: z.boolean().default(false),
});
const RunOut = z
  .object({
    id: z.uuid().nullable().meta({ description: 'Null for a dry run' }),
    students: z.number().int(),
    documents: z.number().int(),
    total_minor: minor,
  })
  .meta({ id: 'BillingRun' });
const RunState = z
  .object({
    id: z.uuid(),
    term: z.uuid(),
    state: z.enum(['queued', 'done', 'failed', 'reversing', 'reversed']),
    done: z.number().int(),
    students: z.number().int(),
    documents: z.number().int(),
    total_minor: minor,
    problem: z.string().nullable(),
  })
  .meta({ id: 'BillingRunState' });

export function feesApi(r: Routes, pages: FeePages): void {
  r.api.list({
    path: '/invoices',
    can: SEES_ACCOUNTS,
    summary: 'Invoices, debit and credit notes, newest first',
    query: z.object({
      student: z.uuid().optional(),
      term: z.uuid().optional(),
      class: z.uuid().optional(),
      kind: z.enum(DOCUMENT_KINDS).optional(),
      state: z.enum(['open', 'paid', 'reversed']).optional(),
    }),
    row: InvoiceOut,
    load: async (query, req) => {
      const filter = {
        text: null,
        termId: query.term ?? null,
        classId: query.class ?? null,
        kind: query.kind ?? null,
        state: query.state ?? null,
        ...(query.student && { studentId: query.student }),
      };
      const page = await pages.invoices.list(req.actor, filter, query.cursor, query.limit);
      return {
        next: page.next,
        rows: page.rows.map((row) => ({
          id: row.id,
          number: row.number,
          kind: row.kind,
          student: row.studentId,
          term: row.termId,
          sponsor: row.sponsorName,
          issued_on: row.issuedOn,
          due_on: row.dueOn,
          total_minor: row.totalMinor,
          net_minor: row.netMinor,
          paid_minor: row.settledMinor,
          state: row.state,
        })),
      };
    },
  });

  r.api.get({
    path: '/students/:id/account',
    can: SEES_ACCOUNTS,
    summary:
      'What a student’s family owes, with every line since the start of the school year; `?from=` and `?to=` choose other dates',
    query: z.object({ from: z.iso.date().optional(), to: z.iso.date().optional() }),
    output: z
      .object({
        balance_minor: minor,
        currency: z.string(),
        opening_minor: minor,
        lines: z.array(
          z.object({
            on: z.iso.date(),
            kind: z.string(),
            number: z.string(),
            description: z.string(),
            term: z.uuid().nullable(),
            amount_minor: minor,
            balance_minor: minor,
          }),
        ),
      })
      .meta({ id: 'StudentAccount' }),
    load: async (req, span) => {
      const { openingMinor, closingMinor, lines } = await pages.statements.ofStudent(req.actor, idOf(req), span);
      return {
        balance_minor: closingMinor,
        currency: (await pages.school.profile()).currency,
        opening_minor: openingMinor,
        lines: lines.map((line) => ({
          on: line.on,
          kind: line.kind,
          number: line.number,
          description: line.memo,
          term: line.termId,
          amount_minor: line.amountMinor,
          balance_minor: line.balanceMinor,
        })),
      };
    },
  });

  r.api.post({
    path: '/billing-runs',
    can: WRITES,
    summary: 'Bills a term in the background; with `dry_run` it shows what would be issued and issues nothing',
    status: 202,
    body: RunIn,
    output: RunOut,
    run: async (body, req) => {
      await demandKnown(pages, body);
      const scope = {
        classIds: body.classes,
        streamIds: body.streams,
        boarding: body.boarding,
        studentIds: body.student ? [body.student] : null,
      };
      const { rows } = await pages.runs.dryRun(req.actor, body.term, scope);
      const changed = rows.filter((row) => row.steps.length > 0);
      const steps = changed.flatMap((row) => row.steps);
      return {
        id: body.dry_run ? null : await pages.runs.start(req.actor, body.term, scope),
        students: changed.length,
        documents: steps.length,
        total_minor: steps.reduce((sum, step) => sum + totalOf(step.lines), 0),
      };
    },
  });

  r.api.get({
    path: '/billing-runs/:id',
    can: WRITES,
    summary: 'Progress of a billing run, and what it issued',
    output: RunState,
    load: async (req) => {
      const { id, termId, state, done, learners, documents, totalMinor, problem } = await pages.runs.find(req.actor, idOf(req));
      return { id, term: termId, state, done, students: learners, documents, total_minor: totalMinor, problem };
    },
  });
}

/** A run for nobody would look as if all were billed. @throws Invalid at what isn't there */
async function demandKnown(pages: FeePages, { term, classes, streams, student }: z.infer<typeof RunIn>): Promise<void> {
  const list = await pages.subjects.classList();
  const unknown = (ids: readonly string[], known: readonly { id: string }[]): boolean =>
    ids.some((id) => !known.some((one) => one.id === id));
  if (!(await termNames(pages)).has(term)) throw new Invalid({ term: MISSING.term });
  if (unknown(classes, list.classes)) throw new Invalid({ classes: MISSING.class });
  if (unknown(streams, list.streams)) throw new Invalid({ streams: MISSING.stream });
  if (student && (await pages.students.holders([student])).length === 0) throw new Invalid({ student: MISSING.student });
}
