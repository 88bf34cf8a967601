import type { Request, Response } from 'express';
import { z } from 'zod';
import { isId } from '../../../../kernel/id.js';
import { Missing } from '../../../../kernel/missing.js';
import { ABOVE_ZERO } from '../../../../kernel/money.js';
import type { GivenLink } from '../../links/links.js';
import { registerName } from '../../../../kernel/people/names.js';
import { idOf } from '../../../../platform/http/pages/fields.js';
import type { FormState } from '../../../../platform/http/routes/form-data.js';
import type { Routes } from '../../../../platform/http/routes/routes.js';
import type { StudentBrief } from '../../../students/index.js';
import { isLate } from '../prompt.rules.js';
import { meaningOf } from '../../daraja/results.rules.js';
import { amount, emptyForm, orAgain, phone, type PaymentPages } from '../../adapters/pages.js';
import { stateOf } from './prompt-state.js';

const PromptForm = z.object({
  studentId: z.uuid(),
  accountId: z.uuid().optional(),
  phone,
  amount: amount.refine((minor) => minor !== null, ABOVE_ZERO),
});

/** Prompts from the desk. */
export function promptRoutes(r: Routes, pages: PaymentPages): void {
  r.list({
    path: '/payments/prompts',
    can: 'payments.prompt',
    view: 'payments/prompts/index',
    filter: z.object({ student: z.uuid().optional() }),
    load: ({ student }, query, req) => pages.prompts.page(req.actor, student ?? null, query.cursor, query.limit),
    model: async (_filter, page, req) => ({
      names: await namesOf(
        pages,
        req,
        page.rows.flatMap((one) => [one.studentId, ...one.shares.map((share) => share.studentId)]),
      ),
      isLate,
    }),
  });

  r.get('/payments/prompts/new', 'payments.prompt', async (req, res) => {
    const student = await studentOf(pages, req, req.query.student);
    await drawNew(
      pages,
      res,
      student,
      emptyForm('/payments/prompts', {
        phone: await phoneFor(pages, req, student.id),
        amount: typeof req.query.amount === 'string' ? req.query.amount.slice(0, 20) : '',
      }),
      200,
    );
  });

  r.post('/payments/prompts', 'payments.prompt', async (req, res) => {
    const student = await studentOf(pages, req, (req.body as { studentId?: unknown }).studentId);
    await orAgain(
      req,
      '/payments/prompts',
      (form, status) => drawNew(pages, res, student, form, status),
      async () => {
        const { studentId, accountId, phone: to, amount: minor } = PromptForm.parse(withoutEmpty(req.body));
        res.done(
          `/payments/prompts/${await pages.prompts.fromDesk(req.actor, { studentId, phone: to, amountMinor: minor!, ...(accountId ? { accountId } : {}) })}`,
        );
      },
    );
  });

  r.get('/payments/prompts/:id', 'payments.prompt', async (req, res) => {
    await pages.prompts.find(req.actor, idOf(req));
    const prompt = await pages.prompts.follow(idOf(req));
    const [student] = await pages.students.briefs(req.actor, [prompt.studentId]);
    await res.page('payments/prompts/show', {
      prompt,
      student: student ?? null,
      names: await namesOf(
        pages,
        req,
        prompt.shares.map((one) => one.studentId),
      ),
      late: isLate(prompt) ? meaningOf(prompt.resultCode ?? '').sentence : '',
      ...stateOf(prompt),
    });
  });
}

/** Links that are given to families. */
export function linkRoutes(r: Routes, pages: PaymentPages): void {
  r.post('/payments/links', 'payments.links', async (req, res) => {
    const { studentId, family } = req.body as { studentId?: unknown; family?: unknown };
    const student = await studentOf(pages, req, studentId);
    await pages.links.give(req.actor, student.id, family === '1');
    res.done(`/payments/links/${student.id}`);
  });

  r.get('/payments/links/:studentId', 'payments.links', async (req, res) => {
    const student = await studentOf(pages, req, req.params.studentId);
    const { own, family, billedUntil, siblings } = await pages.links.current(req.actor, student.id);
    const shown = (link: GivenLink | null) => link && { url: `${pages.publicUrl}/pay/${link.token}`, expiresAt: link.expiresAt };
    await res.page('payments/links/show', {
      student,
      name: registerName(student),
      own: shown(own),
      family: shown(family),
      billedUntil,
      siblings: siblings.map((one) => registerName(one)),
    });
  });

  r.post('/payments/links/:studentId/ending', 'payments.links', async (req, res) => {
    await pages.links.end(req.actor, idOf(req, 'studentId'));
    res.done(`/students/${idOf(req, 'studentId')}`, req.t('The pay link no longer works.'));
  });
}

/** Of the guardian who comes first: a number that M-Pesa can ask, else empty. */
async function phoneFor(pages: PaymentPages, req: Request, studentId: string): Promise<string> {
  const guardians = (await pages.students.guardiansOf(req.actor, [studentId])).get(studentId) ?? [];
  return guardians.find((one) => !one.barred && phone.safeParse(one.phone).success)?.phone ?? '';
}

async function drawNew(
  pages: PaymentPages,
  res: Response,
  student: StudentBrief,
  form: FormState,
  status: number,
): Promise<void> {
  const accounts = (await pages.prompts.accounts()).map((one) => ({
    id: one.id,
    name: one.name,
    shortcode: one.till ?? one.shortcode,
  }));
  await res.page('payments/prompts/new', { form, student, name: registerName(student), accounts }, { status });
}

async function studentOf(pages: PaymentPages, req: Request, id: unknown): Promise<StudentBrief> {
  const [student] = isId(id) ? await pages.students.briefs(req.actor, [id]) : [];
  if (!student) throw new Missing('student');
  return student;
}

async function namesOf(pages: PaymentPages, req: Request, ids: readonly string[]): Promise<Map<string, string>> {
  return new Map((await pages.students.briefs(req.actor, [...new Set(ids)])).map((one) => [one.id, registerName(one)]));
}

function withoutEmpty(body: unknown): object {
  return Object.fromEntries(Object.entries((body ?? {}) as Record<string, unknown>).filter(([, value]) => value !== ''));
}
