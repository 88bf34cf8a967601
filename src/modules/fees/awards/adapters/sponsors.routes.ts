import type { Request } from 'express';
import { z } from 'zod';
import { parsePhone } from '../../../../kernel/people/phone.js';
import { can } from '../../../../kernel/actor.js';
import { idOf } from '../../../../platform/http/pages/fields.js';
import type { Routes } from '../../../../platform/http/routes/routes.js';
import { SEES_ACCOUNTS, WRITES } from '../../documents/document.rules.js';
import { paidBy } from '../../documents/adapters/method-words.js';
import { namesOf, termNames, type FeePages } from '../../adapters/pages.js';

export function sponsorRoutes(r: Routes, pages: FeePages): void {
  r.list({
    path: '/fees/sponsors',
    can: SEES_ACCOUNTS,
    view: 'fees/sponsors/index',
    filter: z.object({ state: z.enum(['active', 'closed']).default('active') }),
    load: async ({ state }, _query, req) => ({
      rows: (await pages.sponsors.list(req.actor)).filter((one) => one.active === (state === 'active')),
      next: null,
    }),
  });

  r.form({
    path: '/fees/sponsors/new',
    action: '/fees/sponsors',
    can: WRITES,
    view: 'fees/sponsors/edit',
    schema: () => sponsorForm(pages),
    load: async () => ({ sponsor: null }),
    save: async (form, req) => {
      const id = await pages.sponsors.add(req.actor, {
        name: form.name,
        contact: form.contact,
        phone: form.phone,
        email: form.email,
      });
      return { to: `/fees/sponsors/${id}`, flash: req.t('{{name}} has been added.', { name: form.name }) };
    },
  });

  r.get('/fees/sponsors/:id', SEES_ACCOUNTS, async (req, res) => {
    const sponsor = await pages.sponsors.find(req.actor, idOf(req));
    const invoices = await pages.invoices.list(
      req.actor,
      { text: null, termId: null, classId: null, kind: null, state: null, payerId: sponsor.id },
      cursorOf(req),
      50,
    );
    const awards = await pages.awards.list(req.actor, { sponsorId: sponsor.id }, cursorOf(req, 'awards'), 50);
    const payments = can(req.actor, 'fees.payments.read')
      ? (
          await pages.payments.list(
            req.actor,
            {
              text: null,
              method: null,
              state: null,
              byUserId: null,
              from: null,
              to: null,
              studentId: null,
              sponsorId: sponsor.id,
            },
            null,
            5,
          )
        ).rows
      : [];
    await res.page('fees/sponsors/show', {
      payments,
      paidBy,
      sponsor,
      rows: invoices.rows,
      next: invoices.next,
      query: { cursor: cursorOf(req), awards: cursorOf(req, 'awards') },
      awards,
      terms: await termNames(pages),
      kinds: new Map((await pages.awards.kinds(req.actor)).map((kind) => [kind.id, kind.name])),
      names: await namesOf(
        pages,
        awards.rows.map((row) => row.studentId),
      ),
    });
  });

  r.form({
    path: '/fees/sponsors/:id/edit',
    can: WRITES,
    view: 'fees/sponsors/edit',
    schema: () => sponsorForm(pages),
    load: async (req) => {
      const sponsor = await pages.sponsors.find(req.actor, idOf(req));
      return { sponsor, values: { ...sponsor, active: sponsor.active ? null : 'off' } };
    },
    save: async (form, req) => {
      await pages.sponsors.change(req.actor, idOf(req), form);
      return { to: `/fees/sponsors/${idOf(req)}`, flash: req.t('The changes to {{name}} have been saved.', { name: form.name }) };
    },
  });
}

/** The page has two lists, each with a cursor of its own in the address. */
function cursorOf(req: Request, name = 'cursor'): string | null {
  const written = req.query[name];
  return typeof written === 'string' ? written : null;
}

async function sponsorForm(pages: FeePages) {
  const { country } = await pages.school.profile();
  return z.object({
    name: z.string({ error: 'Enter the name' }).trim().max(120, 'At most 120 characters'),
    contact: z.string().trim().max(120, 'At most 120 characters').default(''),
    phone: z
      .string()
      .trim()
      .optional()
      .transform((text, context) => {
        if (!text) return null;
        const phone = parsePhone(text, country);
        if (phone) return phone;
        context.addIssue({ code: 'custom', message: 'This is not a phone number' });
        return z.NEVER;
      }),
    email: z
      .email('This is not an email address')
      .optional()
      .transform((value) => value ?? null),
    active: z
      .literal('off')
      .optional()
      .transform((value) => value === undefined),
    version: z.coerce.number().int().default(0),
  });
}
