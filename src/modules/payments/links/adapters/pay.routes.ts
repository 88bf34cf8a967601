import type { Request, Response } from 'express';
import { z } from 'zod';
import { Invalid, NotFound } from '../../../../kernel/errors.js';
import { isId } from '../../../../kernel/id.js';
import { ABOVE_ZERO, formatAmount } from '../../../../kernel/money.js';
import { idOf } from '../../../../platform/http/pages/fields.js';
import { closeGaps, FormState, problemsOf, unflatten, type FlatValues } from '../../../../platform/http/routes/form-data.js';
import type { Routes } from '../../../../platform/http/routes/routes.js';
import { networkOf, RateLimit } from '../../../../platform/rate-limits.js';
import { PAYS_OWN } from '../bill-links.js';
import type { PayPage, WrittenPart } from '../links.js';
import { CURRENCY } from '../../accounts/account.rules.js';
import { amount, orAgain, phone, type PaymentPages } from '../../adapters/pages.js';
import { stateOf } from '../../prompts/adapters/prompt-state.js';

/** Whoever guesses links is soon asked to wait. */
const guesses = new RateLimit('payments.wrong-links', { points: 30, duration: 600 });
/** Prompts disturb whoever has the phone: of one link, and from one place, few. */
const ofLink = new RateLimit('payments.link-prompts', { points: 6, duration: 600 });
const fromPlace = new RateLimit('payments.place-prompts', { points: 30, duration: 600 });

const EITHER = 'You entered an amount. Choose “Another amount” to pay it, or clear this box';
const PayForm = z.object({ how: z.enum(['all', 'next', 'overdue', 'other']).default('other'), amount, phone });
const FamilyForm = z.object({
  shares: z
    .array(z.object({ number: z.string().max(40), amount }))
    .max(30)
    .default([]),
  phone,
});

/** A family pays without an account: `/pay/{token}`. The page shows initials, a number, what is owed and what of it is due next, and nothing else. */
export function payRoutes(r: Routes, pages: PaymentPages): void {
  r.get('/pay/:token', 'public', (req, res) =>
    orOver(req, res, async () => {
      const page = await pages.links.open(tokenOf(req));
      await draw(req, res, page, await offered(pages, req, page), 200);
    }),
  );

  r.post('/payments/own-links', PAYS_OWN, async (req, res) => {
    const { student } = req.body as { student?: unknown };
    if (typeof student !== 'string' || !isId(student)) throw new NotFound();
    res.redirect(303, new URL(await pages.billLinks.giveOwn(req.actor, student)).pathname);
  });

  r.post('/pay/:token', 'public', (req, res) =>
    orOver(req, res, async () => {
      const page = await pages.links.open(tokenOf(req));
      await orAgain(
        req,
        actionOf(req),
        (form, status) => draw(req, res, page, form, status),
        async () => {
          const { phone: to, shares } = page.children.length === 1 ? ofOne(page, req.body) : ofSeveral(req.body);
          await ofLink.take(page.link.id);
          await fromPlace.take(networkOf(req.ip ?? null));
          res.done(`${actionOf(req)}/prompts/${await pages.links.prompt(tokenOf(req), { phone: to, shares })}`);
        },
      );
    }),
  );

  r.get('/pay/:token/prompts/:id', 'public', (req, res) =>
    orOver(req, res, async () => {
      const { prompt, parts } = await pages.links.follow(tokenOf(req), idOf(req));
      await res.page('payments/pay/prompt', { prompt, parts, base: actionOf(req), ...stateOf(prompt) });
    }),
  );
}

/** What each child owes; or a sum that the address names, shared out among them. */
async function offered(pages: PaymentPages, req: Request, page: PayPage): Promise<FormState> {
  const written = typeof req.query.sum === 'string' ? req.query.sum.slice(0, 20) : '';
  const { data, error } = z.object({ sum: amount }).safeParse({ sum: written });
  const sum = data?.sum ?? null;
  const shares = sum === null ? owedBy(page) : await pages.links.shareOut(tokenOf(req), sum);
  const problems = error ? problemsOf(error).map((one) => ({ ...one, message: req.t(one.message) })) : [];
  return new FormState(actionOf(req), { sum: written, ...partsOf(page, shares) }, problems, '');
}

function owedBy({ children }: PayPage): ReadonlyMap<string, number> {
  return new Map(children.filter((one) => one.balanceMinor > 0).map((one) => [one.paymentNo, one.balanceMinor]));
}

function partsOf({ children }: PayPage, shares: ReadonlyMap<string, number>): FlatValues {
  return Object.fromEntries(
    children.flatMap(({ paymentNo }, n) =>
      shares.has(paymentNo) ? [[`shares.${n}.amount`, formatAmount(shares.get(paymentNo)!, CURRENCY)]] : [],
    ),
  );
}

/** Of an amount beside another answer nobody can say which was meant. @throws Invalid beside the amount */
function ofOne({ children: [child] }: PayPage, body: unknown): { phone: string; shares: WrittenPart[] } {
  const { how, amount: written, phone: to } = PayForm.parse(unflatten((body ?? {}) as FlatValues));
  if (how !== 'other' && written !== null) throw new Invalid({ amount: EITHER });
  const amountMinor =
    how === 'next' && child.next
      ? child.next.amountMinor
      : how === 'overdue' && child.overdueMinor > 0
        ? child.overdueMinor
        : how !== 'other' && child.balanceMinor > 0
          ? child.balanceMinor
          : written;
  if (amountMinor === null) throw new Invalid({ amount: ABOVE_ZERO });
  return { phone: to, shares: [{ paymentNo: child.paymentNo, amountMinor }] };
}

/** An empty box leaves a child out. @throws Invalid when all are empty */
function ofSeveral(body: unknown): { phone: string; shares: WrittenPart[] } {
  const { shares, phone: to } = FamilyForm.parse(closeGaps(unflatten((body ?? {}) as FlatValues)));
  const parts = shares.flatMap(({ number, amount: minor }) =>
    minor === null ? [] : [{ paymentNo: number, amountMinor: minor }],
  );
  if (parts.length === 0) throw new Invalid({ 'shares.0.amount': ABOVE_ZERO });
  return { phone: to, shares: parts };
}

/** A link that went out with a bill leads to the statement, under the same secret. */
async function draw(req: Request, res: Response, page: PayPage, form: FormState, status: number): Promise<void> {
  const statement = page.link.statement ? `/statement/${encodeURIComponent(tokenOf(req))}` : null;
  await res.page('payments/pay/show', { page, form, statement }, { status });
}

function tokenOf(req: Request): string {
  return String(req.params.token);
}

function actionOf(req: Request): string {
  return `/pay/${encodeURIComponent(tokenOf(req))}`;
}

/** A dead link says so in a sentence, the same for one that never was. */
async function orOver(req: Request, res: Response, work: () => Promise<void>): Promise<void> {
  res.set('Cache-Control', 'no-store').set('X-Robots-Tag', 'noindex');
  try {
    await work();
  } catch (error) {
    if (!(error instanceof NotFound)) throw error;
    // What hasn't the form of a link is no guess at one.
    if (/^[\w-]{43}$/.test(tokenOf(req))) await guesses.take(networkOf(req.ip ?? null));
    await res.page('payments/pay/over', {}, { status: 404 });
  }
}
