import type { Request, Response } from 'express';
import { z } from 'zod';
import { Invalid, NotFound } from '../../../../kernel/errors.js';
import type { FormState } from '../../../../platform/http/form-data.js';
import type { Routes } from '../../../../platform/http/routes.js';
import { networkOf, RateLimit } from '../../../../platform/rate-limits.js';
import { amount, emptyForm, idOf, orAgain, phone, type PaymentPages } from './pages.js';
import { stateOf } from './prompt-state.js';

/** Whoever guesses links is soon asked to wait. */
const guesses = new RateLimit('payments.wrong-links', { points: 30, duration: 600 });
/** Prompts disturb whoever has the phone: of one link, and from one place, few. */
const ofLink = new RateLimit('payments.link-prompts', { points: 6, duration: 600 });
const fromPlace = new RateLimit('payments.place-prompts', { points: 30, duration: 600 });

const PayForm = z.object({ child: z.string().max(40).optional(), how: z.enum(['all', 'other']).default('other'), amount, phone });

/** A family pays without an account: `/pay/{token}`. The page shows initials, a number and what is owed, and nothing else. */
export function payRoutes(r: Routes, pages: PaymentPages): void {
  r.get('/pay/:token', 'public', (req, res) => orOver(req, res, () => draw(pages, req, res, emptyForm(actionOf(req)), 200)));

  r.post('/pay/:token', 'public', (req, res) => orOver(req, res, async () => {
    const page = await pages.links.open(tokenOf(req));
    await orAgain(req, actionOf(req), (form, status) => draw(pages, req, res, form, status), async () => {
      const { child, how, amount: written, phone: to } = PayForm.parse(Object.fromEntries(Object.entries((req.body ?? {}) as object).filter(([, value]) => value !== '')));
      const chosen = page.children.length === 1 ? page.children[0] : page.children.find((one) => one.paymentNo === child);
      if (!chosen) throw new Invalid({ child: 'Choose who you pay for' });
      const amountMinor = how === 'all' && chosen.balanceMinor > 0 ? chosen.balanceMinor : written;
      if (amountMinor === undefined) throw new Invalid({ amount: 'Write an amount above zero, such as 12,500' });
      await ofLink.take(page.link.id);
      await fromPlace.take(networkOf(req.ip ?? null));
      res.done(`${actionOf(req)}/prompts/${await pages.links.prompt(tokenOf(req), { phone: to, amountMinor, paymentNo: chosen.paymentNo })}`);
    });
  }));

  r.get('/pay/:token/prompts/:id', 'public', (req, res) => orOver(req, res, async () => {
    const { prompt, child, receipts } = await pages.links.follow(tokenOf(req), idOf(req));
    await res.page('payments/pay/prompt', { prompt, child, receipts, base: actionOf(req), ...stateOf(prompt) });
  }));
}

async function draw(pages: PaymentPages, req: Request, res: Response, form: FormState, status: number): Promise<void> {
  const page = await pages.links.open(tokenOf(req));
  await res.page('payments/pay/show', { page, form }, { status });
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
