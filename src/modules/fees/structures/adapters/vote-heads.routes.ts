import { z } from 'zod';
import { idOf } from '../../../../platform/http/pages/fields.js';
import type { Routes } from '../../../../platform/http/routes/routes.js';
import { FREQUENCIES, HEAD_KINDS, LAST_PRIORITY } from '../vote-head.rules.js';
import { headColumns } from './fees.sheet.js';
import type { FeePages } from '../../adapters/pages.js';

const HeadForm = z.object({
  code: z
    .string({ error: 'Enter a code, such as TUI' })
    .trim()
    .toUpperCase()
    .regex(/^[0-9A-Z.-]{1,12}$/, 'A code has up to 12 letters and digits, such as TUI'),
  name: z.string({ error: 'Enter the name, such as Tuition' }).trim().max(60, 'At most 60 characters'),
  kind: z.enum(HEAD_KINDS, { error: 'Choose what happens to the money' }),
  frequency: z.enum(FREQUENCIES, { error: 'Choose how often it is charged' }),
  mandatory: z
    .literal('on')
    .optional()
    .transform((value) => value !== undefined),
  accountId: z.uuid('Choose an account'),
  priority: z.coerce
    .number({ error: 'A number from 1 to 99' })
    .int()
    .min(1, 'A number from 1 to 99')
    .max(LAST_PRIORITY, 'A number from 1 to 99'),
});

const UsualForm = z.object({
  code: z.preprocess((value) => [value ?? []].flat(), z.array(z.string()).min(1, 'Tick at least one').max(60)),
});

export function voteHeadRoutes(r: Routes, pages: FeePages): void {
  r.list({
    path: '/fees/vote-heads',
    can: 'fees.read',
    view: 'fees/vote-heads/index',
    filter: z.object({ state: z.enum(['active', 'closed']).default('active') }),
    load: async ({ state }, _query, req) => {
      const accounts = new Map((await pages.heads.accounts()).map((one) => [one.id, `${one.code} ${one.name}`]));
      const rows = (await pages.heads.list(req.actor)).filter((head) => head.active === (state === 'active'));
      return { rows: rows.map((head) => ({ ...head, account: accounts.get(head.accountId) ?? '' })), next: null };
    },
    model: async () => ({ ready: (await pages.heads.accounts()).length > 0 }),
    sheet: { name: 'vote-heads', columns: headColumns },
  });

  r.form({
    path: '/fees/vote-heads/new',
    action: '/fees/vote-heads',
    can: 'fees.setup',
    view: 'fees/vote-heads/new',
    schema: HeadForm,
    load: async (req) => {
      const next = Math.max(0, ...(await pages.heads.list(req.actor)).map((head) => head.priority)) + 1;
      return {
        accounts: await pages.heads.accounts(),
        values: { kind: 'income', frequency: 'term', mandatory: 'on', priority: Math.min(next, LAST_PRIORITY) },
      };
    },
    save: async (form, req) => {
      await pages.heads.add(req.actor, form);
      return {
        to: '/fees/vote-heads',
        flash: {
          text: req.t('{{name}} has been added.', { name: form.name }),
          links: [{ label: req.t('Add another'), href: '/fees/vote-heads/new' }],
        },
      };
    },
  });

  r.form({
    path: '/fees/vote-heads/usual',
    can: 'fees.setup',
    view: 'fees/vote-heads/usual',
    schema: UsualForm,
    load: async (req) => ({
      usual: await pages.heads.usual(req.actor),
      ready: (await pages.heads.accounts()).length > 0,
      country: (await pages.school.pack()).name,
    }),
    save: async ({ code }, req) => {
      const count = await pages.heads.addUsual(req.actor, code);
      return {
        to: '/fees/vote-heads',
        flash: count === 1 ? req.t('1 vote head added') : req.t('{{n}} vote heads added', { n: count }),
      };
    },
  });

  r.form({
    path: '/fees/vote-heads/:id/edit',
    can: 'fees.setup',
    view: 'fees/vote-heads/edit',
    schema: HeadForm.extend({ version: z.coerce.number().int() }),
    load: async (req) => {
      const head = await pages.heads.find(req.actor, idOf(req));
      return {
        voteHead: head,
        accounts: await pages.heads.accounts(),
        values: { ...head, mandatory: head.mandatory ? 'on' : null },
      };
    },
    save: async (form, req) => {
      await pages.heads.change(req.actor, idOf(req), form);
      return { to: '/fees/vote-heads', flash: req.t('The changes to {{name}} have been saved.', { name: form.name }) };
    },
  });

  r.post('/fees/vote-heads/:id/closing', 'fees.setup', async (req, res) => {
    await pages.heads.close(req.actor, idOf(req));
    res.done('/fees/vote-heads', {
      text: req.t('The vote head is switched off. Existing charges stay.'),
      links: [{ label: req.t('See those switched off'), href: '/fees/vote-heads?state=closed' }],
    });
  });
  r.post('/fees/vote-heads/:id/opening', 'fees.setup', async (req, res) => {
    await pages.heads.reopen(req.actor, idOf(req));
    res.done('/fees/vote-heads', req.t('The vote head is in use again.'));
  });
}
