import type { Request } from 'express';
import { z } from 'zod';
import { idOf } from '../../../../platform/http/pages/fields.js';
import type { Routes } from '../../../../platform/http/routes/routes.js';
import { ENVIRONMENTS, RAIL_KINDS, type AccountDetails } from '../account.rules.js';
import type { WrittenKeys } from '../accounts.js';
import { phone, type PaymentPages } from '../../adapters/pages.js';

const key = z.string().trim().max(1000).default('');
const AccountForm = z.object({
  name: z
    .string({ error: 'Enter a name, such as School Paybill' })
    .trim()
    .min(1, 'Enter a name, such as School Paybill')
    .max(60, 'At most 60 characters'),
  environment: z.enum(ENVIRONMENTS, { error: 'Choose whether real money moves' }),
  kind: z.enum(RAIL_KINDS, { error: 'Choose what it is' }),
  shortcode: z
    .string({ error: 'Five to seven digits' })
    .trim()
    .regex(/^\d{5,7}$/, 'Five to seven digits'),
  till: z
    .string()
    .trim()
    .regex(/^\d{5,7}$/, 'Five to seven digits')
    .optional(),
  nominatedPhone: phone,
  ledgerAccountId: z.uuid('Choose a ledger account'),
  consumerKey: key,
  consumerSecret: key,
  passkey: key,
  initiatorName: key,
  initiatorCredential: key,
});
type Written = z.infer<typeof AccountForm>;

/** Numbers that are paid to. What is asked for here waits for a second person. */
export function accountRoutes(r: Routes, pages: PaymentPages): void {
  const { accounts } = pages;
  const waits = (req: Request) => req.t('A second person has to approve it. An owner will find it under Approvals.');

  r.get('/payments/accounts', 'payments.read', async (req, res) =>
    res.page('payments/accounts/index', { accounts: await accounts.list(req.actor) }),
  );

  r.form({
    path: '/payments/accounts/new',
    action: '/payments/accounts',
    can: 'payments.setup',
    view: 'payments/accounts/new',
    schema: AccountForm,
    load: async () => ({
      ledgerAccounts: await accounts.ledgerAccounts(),
      practice: accounts.practice,
      values: { environment: 'production', kind: 'paybill' },
    }),
    save: async (form, req) => ({
      to: `/payments/accounts/${await accounts.add(req.actor, detailsOf(form), keysOf(form))}`,
      flash: waits(req),
    }),
  });

  r.get('/payments/accounts/:id', 'payments.read', async (req, res) => {
    const account = await accounts.find(req.actor, idOf(req));
    const ledgerAccount = (await accounts.ledgerAccounts()).find((one) => one.id === account.ledgerAccountId) ?? null;
    await res.page('payments/accounts/show', { account, ledgerAccount });
  });

  r.form({
    path: '/payments/accounts/:id/edit',
    can: 'payments.setup',
    view: 'payments/accounts/edit',
    schema: AccountForm.extend({ version: z.coerce.number().int() }),
    load: async (req) => {
      const account = await accounts.find(req.actor, idOf(req));
      const { name, environment, kind, shortcode, till, nominatedPhone, ledgerAccountId, version } = account;
      return {
        account,
        ledgerAccounts: await accounts.ledgerAccounts(),
        practice: accounts.practice,
        values: { name, environment, kind, shortcode, till, nominatedPhone, ledgerAccountId, version },
      };
    },
    save: async ({ version, ...form }, req) => {
      await accounts.change(req.actor, idOf(req), detailsOf(form), keysOf(form), version);
      return { to: `/payments/accounts/${idOf(req)}`, flash: waits(req) };
    },
  });

  r.post('/payments/accounts/:id/trials', 'payments.setup', async (req, res) => {
    const says = await accounts.attempt(req.actor, idOf(req));
    res.done(
      `/payments/accounts/${idOf(req)}`,
      says === '' ? req.t('M-Pesa accepted the keys.') : req.t('M-Pesa says: {{says}}', { says }),
    );
  });
  r.post('/payments/accounts/:id/registrations', 'payments.setup', async (req, res) => {
    await accounts.register(req.actor, idOf(req));
    res.done(`/payments/accounts/${idOf(req)}`, req.t('M-Pesa will now report payments here.'));
  });
  r.post('/payments/accounts/:id/closing', 'payments.setup', async (req, res) => {
    await accounts.switchOff(req.actor, idOf(req));
    res.done(
      `/payments/accounts/${idOf(req)}`,
      req.t('No more prompts are sent for it and its list is no longer read. Payments reported for it are still received.'),
    );
  });
}

function detailsOf({ name, environment, kind, shortcode, till, nominatedPhone, ledgerAccountId }: Written): AccountDetails {
  return { name, environment, kind, shortcode, till: kind === 'till' ? (till ?? null) : null, nominatedPhone, ledgerAccountId };
}

function keysOf({ consumerKey, consumerSecret, passkey, initiatorName, initiatorCredential }: Written): WrittenKeys {
  return { consumerKey, consumerSecret, passkey, initiatorName, initiatorCredential };
}
