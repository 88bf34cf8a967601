import type { Request } from 'express';
import { z } from 'zod';
import { NotFound } from '../../../kernel/errors.js';
import { isId } from '../../../kernel/id.js';
import { formatAmount } from '../../../kernel/money.js';
import { parsePhone } from '../../../kernel/people/phone.js';
import { parseAmount } from '../../../platform/sheets/reading/numbers.js';
import type { Routes } from '../../../platform/http/routes/routes.js';
import type { FamilyWishes } from '../opt-outs.js';
import type { Estimate, FamilyMessagesApi } from '../index.js';

export interface FamilyPages {
  wishes: FamilyWishes;
  messages: FamilyMessagesApi;
  /** Where the gateway reports to; null where nothing is sent by one. */
  callbacks: { reports: string; optOuts: string } | null;
}

const SETUP = 'notifications.setup';
const time = z.string({ error: 'Enter a time, such as 20:00' }).regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'Enter a time, such as 20:00');
const Try = z.object({ text: z.string().max(2000).optional(), families: z.coerce.number().int().min(1).max(100_000).catch(1) });

function settingsForm(req: Request) {
  const price = z
    .string()
    .optional()
    .transform((text, context) => {
      if (text === undefined || text.trim() === '') return null;
      const minor = parseAmount(text, req.school!.currency);
      if (minor !== null && minor >= 0) return minor;
      context.addIssue({ code: 'custom', message: 'Enter the price of one part, such as 0.80' });
      return z.NEVER;
    });
  return z.object({ quietFrom: time, quietUntil: time, price, version: z.coerce.number().int().min(0) });
}

/** How families are written to, and who asked for no more of it. */
export function familyRoutes(r: Routes, pages: FamilyPages): void {
  r.form({
    path: '/notifications/settings',
    can: SETUP,
    view: 'notifications/settings',
    schema: async (req) => settingsForm(req),
    load: async (req) => {
      const { segmentPriceMinor, ...settings } = await pages.wishes.settings();
      const { text, families } = Try.parse({ text: req.query.text, families: req.query.families ?? 1 });
      return {
        values: { ...settings, price: segmentPriceMinor === null ? '' : formatAmount(segmentPriceMinor, req.school!.currency) },
        callbacks: pages.callbacks,
        tried: text ?? '',
        families,
        estimate: text ? await tryOut(pages, text, families, segmentPriceMinor) : null,
      };
    },
    save: async ({ price, ...settings }, req) => {
      await pages.wishes.change(req.actor, { ...settings, segmentPriceMinor: price });
      return { to: '/notifications/settings', flash: req.t('The settings have been saved.') };
    },
  });

  r.list({
    path: '/notifications/opt-outs',
    can: 'notifications.read',
    view: 'notifications/opt-outs/index',
    filter: z.object({}),
    load: (_filter, { cursor, limit }, req) => pages.wishes.page(req.actor, cursor, limit),
  });

  r.form({
    path: '/notifications/opt-outs/new',
    action: '/notifications/opt-outs',
    can: SETUP,
    view: 'notifications/opt-outs/new',
    schema: async (req) => z.object({ address: addressIn(req.school!.country) }),
    save: async ({ address }, req) => {
      await pages.wishes.add(req.actor, address);
      return { to: '/notifications/opt-outs', flash: req.t('This address will no longer get messages.') };
    },
  });

  r.post('/notifications/opt-outs/:id/removal', SETUP, async (req, res) => {
    if (!isId(req.params.id)) throw new NotFound();
    await pages.wishes.remove(req.actor, req.params.id);
    res.done('/notifications/opt-outs', req.t('This address will get messages again.'));
  });
}

/** A phone in any common spelling, or an email address. */
function addressIn(country: string) {
  return z
    .string({ error: 'Enter a phone number or an email address' })
    .trim()
    .max(254)
    .transform((text, context) => {
      const address = text.includes('@') ? z.email().safeParse(text.toLowerCase()).data : parsePhone(text, country);
      if (address) return address;
      context.addIssue({ code: 'custom', message: 'This is neither a phone number nor an email address' });
      return z.NEVER;
    });
}

/** The words of the box, as if they went to so many families. */
async function tryOut({ messages }: FamilyPages, words: string, families: number, priceMinor: number | null): Promise<Estimate> {
  const template = { key: 'notifications.try', label: 'Try', subject: () => '', text: () => words } as const;
  const one = await messages.estimate({
    template,
    key: 'try',
    to: [{ phone: '+000000000000', email: null, language: null, params: {} }],
  });
  const segments = one.segments * families;
  return { ...one, messages: families, sms: families, segments, costMinor: priceMinor === null ? null : segments * priceMinor };
}
