import type { Request } from 'express';
import { z } from 'zod';
import { NotFound } from '../../../../kernel/errors.js';
import { isId } from '../../../../kernel/id.js';
import { registerName } from '../../../../kernel/people/names.js';
import { idOf } from '../../../../platform/http/pages/fields.js';
import { printedFor } from '../../../../platform/http/routes/pdf-route.js';
import type { Routes } from '../../../../platform/http/routes/routes.js';
import { opening } from '../../../../platform/people-shown.js';
import type { Statement } from '../statements.js';
import { agesOf, duesOf } from '../ageing.rules.js';
import { SEES_ACCOUNTS, SHARES, WRITES } from '../../documents/document.rules.js';
import { invoiceDrawing } from '../../documents/adapters/invoice.pdf.js';
import { statementColumns } from './statement.sheet.js';
import { statementDrawing } from './statement.pdf.js';
import { dueWords, isPaid, lineWords, setApartWords } from '../../documents/adapters/method-words.js';
import { printedInvoice } from '../../documents/adapters/invoice.page.js';
import { termNames, type FeePages } from '../../adapters/pages.js';
import { payerAmong } from '../../adapters/paying-pages.js';

const day = z.iso.date();
const Span = z.object({ from: day.optional(), to: day.optional() });

/** What a child's family owes, line by line; for one child or the family, on the screen, on paper, and by an address without an account. */
export function statementRoutes(r: Routes, pages: FeePages): void {
  r.list({
    path: '/fees/students/:id',
    can: SEES_ACCOUNTS,
    view: 'fees/students/show',
    filter: Span,
    load: async (filter, _query, req) => {
      opening(idOf(req));
      const statement = await pages.statements.ofStudent(req.actor, idOf(req), filter);
      return { rows: [...statement.lines], next: null, statement };
    },
    model: async (_filter, { statement }, req) => ({
      statement,
      spans: await spansOf(pages),
      ...(await beside(pages, req)),
      ...(await words(pages)),
      ...(await paperOf(pages, req)),
    }),
    sheet: { name: 'statement', columns: async () => statementColumns(await termNames(pages)) },
  });

  r.get('/fees/students/:id/family', SEES_ACCOUNTS, async (req, res) => {
    const span = Span.catch({}).parse(req.query);
    await res.page('fees/students/family', {
      statements: await pages.statements.ofFamily(req.actor, idOf(req), span),
      ...(await words(pages)),
      ...(await paperOf(pages, req)),
    });
  });

  r.pdf({
    path: '/fees/students/:id/statement.pdf',
    can: SEES_ACCOUNTS,
    filename: (_req, { sheets }) => `statement-${sheets[0]!.admissionNo}.pdf`,
    load: async (req) => {
      const span = Span.catch({}).parse(req.query);
      const statements =
        req.query.family === '1'
          ? await pages.statements.ofFamily(req.actor, idOf(req), span)
          : [await pages.statements.ofStudent(req.actor, idOf(req), span)];
      const guardians = await pages.students.guardiansOf(
        req.actor,
        statements.map((one) => one.student.id),
      );
      const { labels, terms } = await words(pages);
      const context = printedFor(req, await pages.school.letterhead());
      return {
        context,
        payTo: await pages.payTo.find(),
        currency: (await pages.school.profile()).currency,
        sheets: statements.map((one) => ({
          ...one,
          name: registerName(one.student),
          admissionNo: one.student.admissionNo,
          paymentNo: one.student.paymentNo,
          className: labels.get(one.student.streamId ?? one.student.classId ?? '') ?? '',
          guardian: payerAmong(guardians.get(one.student.id))?.fullName ?? '',
          lines: one.lines.map((line) => ({ ...line, term: terms.get(line.termId ?? '') ?? '' })),
          sponsored: one.sponsored.map((bill) => ({ ...bill, term: terms.get(bill.termId ?? '') ?? '' })),
        })),
      };
    },
    draw: statementDrawing,
  });

  r.form({
    path: '/fees/students/:id/links/new',
    action: '/fees/students/:id/links',
    can: SHARES,
    view: 'fees/students/share',
    schema: z.object({
      family: z
        .literal('on')
        .optional()
        .transform((value) => value !== undefined),
    }),
    load: async (req) => ({ statement: await pages.statements.ofStudent(req.actor, idOf(req)) }),
    save: async ({ family }, req) => {
      const token = await pages.statements.share(req.actor, idOf(req), family);
      return {
        to: `/fees/students/${idOf(req)}`,
        flash: {
          text: req.t('Send this link to the family. It is shown only once.'),
          links: [{ label: `${pages.publicUrl}/statement/${token}`, href: `/statement/${token}` }],
        },
      };
    },
  });

  r.post('/fees/students/:id/links/:link/revocation', SHARES, async (req, res) => {
    if (!isId(req.params.link)) throw new NotFound();
    await pages.statements.revoke(req.actor, idOf(req), String(req.params.link));
    res.done(`/fees/students/${idOf(req)}`, req.t('The link no longer works.'));
  });

  r.get('/statement/:token', 'public', async (req, res) => {
    const token = tokenOf(req);
    const statements = await pages.statements.shared(token);
    res.setHeader('Cache-Control', 'no-store');
    res.setHeader('Referrer-Policy', 'no-referrer');
    const copyHref = (invoiceId: string): string => `/statement/${token}/copies/${invoiceId}.pdf`;
    await res.page('fees/students/shared', {
      statements,
      guardian: null,
      contact: await pages.school.contactLines(),
      payTo: await pages.payTo.find(),
      ...(await words(pages)),
      copyHref,
    });
  });

  r.pdf({
    path: '/statement/:token/copies/:id.pdf',
    can: 'public',
    filename: (_req, { number }) => `${number}-copy.pdf`,
    load: async (req) => {
      await pages.statements.demandShared(tokenOf(req), idOf(req));
      return printedInvoice(pages, req, await pages.invoices.familyCopy(idOf(req)), true);
    },
    draw: invoiceDrawing,
  });

  subscriptionRoutes(r, pages);
}

/** Who takes what is not for everybody: on the page of the child's account. */
function subscriptionRoutes(r: Routes, pages: FeePages): void {
  r.form({
    path: '/fees/students/:id/subscriptions/new',
    action: '/fees/students/:id/subscriptions',
    can: WRITES,
    view: 'fees/students/subscribe',
    schema: z.object({
      headId: z.uuid('Choose what the student takes'),
      fromTermId: z.uuid('Choose a term'),
      fromOn: day.optional(),
      toTermId: z.uuid().optional(),
    }),
    load: async (req) => {
      const running = (await pages.school.currentTerm())?.term;
      return {
        statement: await pages.statements.ofStudent(req.actor, idOf(req)),
        ...(await beside(pages, req)),
        ...(await words(pages)),
        values: { fromTermId: running?.id, fromOn: running && req.school!.today },
      };
    },
    save: async ({ headId, fromTermId, fromOn, toTermId }, req) => {
      await pages.subscriptions.take(req.actor, {
        studentId: idOf(req),
        headId,
        fromTermId,
        fromOn: fromOn ?? null,
        toTermId: toTermId ?? null,
      });
      return {
        to: `/fees/students/${idOf(req)}`,
        flash: req.t('It is charged from the next bill. If the term has already been billed, bill it again.'),
      };
    },
  });

  r.form({
    path: '/fees/students/:id/subscriptions/:subscription/ending',
    can: WRITES,
    view: 'fees/students/unsubscribe',
    schema: z.object({ lastTermId: z.uuid().optional(), lastOn: day.optional() }),
    load: async (req) => {
      const { name, toTermId, toOn } = await pages.subscriptions.find(req.actor, idOf(req), subscriptionOf(req));
      const running = (await pages.school.currentTerm())?.term;
      return {
        statement: await pages.statements.ofStudent(req.actor, idOf(req)),
        fee: name,
        ...(await words(pages)),
        values: toTermId
          ? { lastTermId: toTermId, lastOn: toOn }
          : { lastTermId: running?.id, lastOn: running && req.school!.today },
      };
    },
    save: async ({ lastTermId, lastOn }, req) => {
      await pages.subscriptions.end(req.actor, idOf(req), subscriptionOf(req), lastTermId ?? null, lastOn ?? null);
      return { to: `/fees/students/${idOf(req)}`, flash: req.t('Saved. If the term has already been billed, bill it again.') };
    },
  });
}

function subscriptionOf({ params: { subscription } }: Request): string {
  if (!isId(subscription)) throw new NotFound();
  return subscription;
}

function tokenOf(req: Request): string {
  const token = String(req.params.token);
  if (!/^[\w-]{8,80}$/.test(token)) throw new NotFound('This link no longer works. Ask the school for a new one.');
  return token;
}

async function beside(pages: FeePages, req: Request) {
  const optional = (await pages.heads.list(req.actor)).filter((head) => !head.mandatory && head.kind !== 'grant');
  return { optional, aside: await pages.statements.aside(req.actor, idOf(req)) };
}

/** Head and foot of the paper, as it is shown to somebody of the school. */
async function paperOf(pages: FeePages, req: Request) {
  const guardians = await pages.students.guardiansOf(req.actor, [idOf(req)]);
  return {
    guardian: payerAmong(guardians.get(idOf(req))),
    contact: await pages.school.contactLines(),
    payTo: await pages.payTo.find(),
  };
}

/** What one looks at: the school year, or a term of it that has begun. */
async function spansOf(pages: FeePages) {
  const { name, startsOn, terms } = await pages.school.currentYear();
  const today = await pages.school.today();
  const begun = terms.filter((term) => term.startsOn <= today).reverse();
  return [
    { label: name, from: startsOn, to: today },
    ...begun.map((term) => ({
      label: `${term.name}, ${name}`,
      from: term.startsOn,
      to: term.endsOn < today ? term.endsOn : today,
    })),
  ];
}

async function words(pages: FeePages) {
  const { classes, streams } = await pages.subjects.classList();
  return {
    copyHref: (invoiceId: string): string => `/fees/invoices/${invoiceId}/family-copy.pdf`,
    terms: await termNames(pages),
    lineWords,
    isPaid,
    agesOf,
    duesOf,
    dueWords,
    setApartWords,
    labels: new Map([
      ...classes.map((one) => [one.id, one.name] as const),
      ...streams.map((one) => [one.id, one.label] as const),
    ]),
    total: (statements: readonly Statement[]) => statements.reduce((sum, one) => sum + one.closingMinor, 0),
  };
}
