import { randomUUID } from 'node:crypto';
import type { Request, RequestHandler, Response } from 'express';
import { z } from 'zod';
import { DomainError, Invalid, RuleBroken, type FieldProblem } from '../../../../kernel/errors.js';
import { registerName } from '../../../../kernel/people/names.js';
import { upload, uploadOf } from '../../../../platform/files/index.js';
import { amountField, day, idOf } from '../../../../platform/http/pages/fields.js';
import { closeGaps, FormState, problemsOf, unflatten, type FlatValues } from '../../../../platform/http/routes/form-data.js';
import type { Routes } from '../../../../platform/http/routes/routes.js';
import { writeAmount } from '../../../../platform/sheets/reading/numbers.js';
import { MOST_LINES, type SponsorMoney } from '../sponsor-payments.js';
import { PURPOSES, type Purpose } from '../sponsor-split.rules.js';
import { accountOf, placesOf, type PayingPages } from '../../adapters/paying-pages.js';
import { linesOfFile, readSplitLines } from './split-lines.js';

const RECEIVE = 'fees.receive';
const PATH = '/fees/sponsors/:id/payments';
const METHODS = ['cheque', 'bank', 'mobile', 'cash'] as const;
const MOST_BYTES = 2 * 1024 * 1024;
const MOST_TEXT = 60_000;
const FILE_TYPES = ['application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', 'text/csv'] as const;
const text = (most: number) =>
  z
    .string()
    .trim()
    .max(most, `At most ${most} characters`)
    .optional()
    .transform((value) => value || null);

function paymentForm(currency: string) {
  return z.object({
    key: z.uuid(),
    method: z.enum(METHODS, 'Choose how it is paid'),
    reference: text(40),
    bank: text(40),
    accountId: z.uuid('Choose a bank account').optional(),
    receivedOn: day,
    amount: amountField(currency, 1),
    memo: text(120),
    purpose: z.enum(PURPOSES, 'Choose what it is paid for'),
    lines: z.string().max(MOST_TEXT, 'At most 1,000 students in one payment').default(''),
    sure: z.literal('1').optional(),
  });
}

/** One payment of a sponsor for many students: the list is looked at before anything is booked. */
export function sponsorPaymentRoutes(r: Routes, pages: PayingPages): void {
  const schema = (req: Request) => paymentForm(req.school!.currency);

  r.form({
    path: `${PATH}/new`,
    action: PATH,
    can: RECEIVE,
    view: 'fees/sponsors/pay',
    schema,
    load: async (req) => ({
      ...(await model(pages, req, (req.body ?? {}) as FlatValues)),
      values: { key: randomUUID(), method: 'cheque', receivedOn: req.school!.today, purpose: 'bills-first' },
    }),
    save: async (form, req) => {
      const { paymentId, state, receipts } = await pages.sponsorPayments.receive(req.actor, idOf(req), moneyOf(form, req));
      const to = `/fees/payments/${paymentId}`;
      if (state === 'provisional')
        return {
          to,
          flash: {
            kind: 'warn',
            text: req.t('The code is recorded as unverified. No balance changes until the payment is verified.'),
          },
        };
      return {
        to,
        flash: {
          text: req.t('The payment is booked, with {{n}} receipts.', { n: receipts.length }),
          links: [{ label: req.t('Print the receipts'), href: `${to}/a5.pdf` }],
        },
      };
    },
  });

  // Only the page that this draws can save.
  r.upload(`${PATH}/preview`, RECEIVE, listUpload, async (req, res) => {
    const sent = (req.body ?? {}) as FlatValues;
    try {
      if (refusals.has(req)) throw refusals.get(req)!;
      const typed = await withList(pages, req, sent);
      if (sent.step) return await draw(pages, req, res, typed, []);
      const parsed = await schema(req).safeParseAsync(closeGaps(unflatten(typed)));
      if (!parsed.success) return await draw(pages, req, res, typed, problemsOf(parsed.error));
      await look(pages, req, res, typed, parsed.data);
    } catch (error) {
      await draw(pages, req, res, sent, problemsIn(error));
    }
  });
}

/** On a page the form itself says what is wrong with the file. */
const listUpload: RequestHandler = (req, res, next) =>
  void upload({ field: 'file', maxBytes: MOST_BYTES, types: FILE_TYPES })(req, res, (error: unknown) => {
    if (!(error instanceof DomainError)) return next(error);
    refusals.set(req, error);
    next();
  });
const refusals = new WeakMap<Request, DomainError>();

async function look(
  pages: PayingPages,
  req: Request,
  res: Response,
  typed: FlatValues,
  form: z.infer<ReturnType<typeof paymentForm>>,
): Promise<void> {
  try {
    const money = moneyOf(form, req);
    const split = await pages.sponsorPayments.check(req.actor, idOf(req), money);
    await res.page('fees/sponsors/pay-check', {
      sponsor: await pages.sponsorPayments.sponsor(req.actor, idOf(req)),
      form: formOf(req, typed, []),
      money,
      account: money.method === 'bank' ? await accountOf(pages, money.accountId ?? null) : null,
      split,
      place: await placesOf(pages),
    });
  } catch (error) {
    await draw(pages, req, res, typed, problemsIn(error));
  }
}

async function draw(
  pages: PayingPages,
  req: Request,
  res: Response,
  typed: FlatValues,
  problems: readonly FieldProblem[],
): Promise<void> {
  await res.page(
    'fees/sponsors/pay',
    {
      ...(await model(pages, req, typed)),
      form: formOf(
        req,
        typed,
        problems.map((one) => ({ ...one, message: req.t(one.message) })),
      ),
    },
    { status: problems.length > 0 ? 422 : 200 },
  );
}

/** The lines that are written so far stand under the form, each with what is wrong with it. */
async function model(pages: PayingPages, req: Request, typed: FlatValues) {
  const lines = readSplitLines(
    typeof typed.lines === 'string' ? typed.lines.slice(0, MOST_TEXT) : '',
    req.school!.currency,
  ).slice(0, MOST_LINES);
  const purpose: Purpose = PURPOSES.find((one) => one === typed.purpose) ?? 'bills-first';
  const [sponsor, awarded, split, place, banks] = [
    await pages.sponsorPayments.sponsor(req.actor, idOf(req)),
    await pages.sponsorPayments.awarded(req.actor, idOf(req)),
    await pages.sponsorPayments.look(req.actor, idOf(req), lines, purpose),
    await placesOf(pages),
    await pages.ledger.banks(),
  ];
  return { sponsor, awarded, split, place, banks };
}

/** What a file or the ticked children add to the list. */
async function withList(pages: PayingPages, req: Request, sent: FlatValues): Promise<FlatValues> {
  const file = uploadOf(req);
  if (file) return { ...sent, lines: await linesOfFile(file, MOST_LINES) };
  if (sent.step !== 'pick') return sent;
  const picked = new Set([sent.pick ?? []].flat());
  const written = typeof sent.lines === 'string' ? sent.lines.trimEnd() : '';
  const there = new Set(readSplitLines(written, req.school!.currency).map((line) => line.number));
  const added = (await pages.sponsorPayments.awarded(req.actor, idOf(req)))
    .filter(({ student }) => picked.has(student.id) && !there.has(student.admissionNo))
    .map(({ student, openMinor }) =>
      [student.admissionNo, openMinor > 0 ? writeAmount(openMinor, req.school!.currency) : '', registerName(student)].join('\t'),
    );
  return { ...sent, lines: [written, ...added].filter(Boolean).join('\n') };
}

function moneyOf(
  {
    key,
    method,
    reference,
    bank,
    accountId,
    receivedOn,
    amount,
    memo,
    purpose,
    lines,
    sure,
  }: z.infer<ReturnType<typeof paymentForm>>,
  req: Request,
): SponsorMoney {
  const { currency } = req.school!;
  return {
    method,
    reference,
    bank,
    accountId,
    receivedOn,
    amountMinor: amount,
    currency,
    memo: memo ?? '',
    purpose,
    lines: readSplitLines(lines, currency),
    sure: sure === '1',
    client: `user:${req.actor.userId}`,
    clientKey: key,
  };
}

function formOf(req: Request, { _csrf: _, step: __, pick: ___, ...typed }: FlatValues, problems: FieldProblem[]): FormState {
  const once = typeof typed._once === 'string' ? typed._once : randomUUID();
  return new FormState(
    `/fees/sponsors/${idOf(req)}/payments`,
    Object.fromEntries(Object.entries(typed).filter(([name]) => !name.startsWith('_'))),
    problems,
    once,
  );
}

/** What a refusal says beside its field; other errors go on. */
function problemsIn(error: unknown): FieldProblem[] {
  if (error instanceof Invalid) return error.problems;
  if (error instanceof RuleBroken) return [{ field: error.field ?? '', message: error.message }];
  if (error instanceof DomainError && [409, 413, 422].includes(error.status))
    return [{ field: error.status === 413 ? 'file' : '', message: error.message }];
  throw error;
}
