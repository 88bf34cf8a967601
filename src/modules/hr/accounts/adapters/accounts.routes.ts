import { z } from 'zod';
import { addDays } from '../../../../kernel/clock.js';
import { isId } from '../../../../kernel/id.js';
import { showPhone } from '../../../../kernel/people/phone.js';
import { roleTitle } from '../../../../platform/http/pages/page.js';
import { sendPdf, printedFor } from '../../../../platform/http/routes/pdf-route.js';
import type { Routes } from '../../../../platform/http/routes/routes.js';
import { STAFF_ROLES, type RoleName } from '../../../../platform/module.js';
import { drawInWorker, type Drawing } from '../../../../platform/pdf/worker.js';
import type { PrintContext } from '../../../../platform/pdf/kit.js';
import type { SchoolApi } from '../../../school/index.js';
import { idOf } from '../../staff/adapters/staff.routes.js';
import { createAccounts, type StaffAccounts } from '../accounts.js';

/** A printed password is good for this long. */
const GOOD_FOR_DAYS = 30;

/** What identity's drawing of slips needs. */
export interface SlipSheet {
  context: PrintContext;
  slips: readonly { name: string; note?: string | null; login: string; password: string }[];
  siteUrl: string;
  validUntil?: string | null;
}

export interface AccountPages {
  accounts: StaffAccounts;
  school: SchoolApi;
  slipDrawing: Drawing<SlipSheet>;
  publicUrl: string;
}

const chosen = z
  .union([z.string(), z.array(z.string())])
  .default([])
  .transform((value) => [value].flat().filter((one) => isId(one)));

const roles = z
  .union([z.string(), z.array(z.string())], { error: 'Choose at least one role' })
  .transform((value) => [value].flat().filter((one): one is RoleName => (STAFF_ROLES as readonly string[]).includes(one)))
  .refine((value) => value.length > 0, 'Choose at least one role');

/** Ticked people of the list get accounts; their slips are printed from the page after. */
export function accountRoutes(r: Routes, pages: AccountPages): void {
  r.form({
    path: '/hr/staff/accounts/new',
    action: '/hr/staff/accounts',
    command: createAccounts,
    view: 'hr/accounts/new',
    schema: z.object({ staff: chosen, roles }),
    load: async (req) => {
      const sent = (req.body as { staff?: unknown } | undefined)?.staff ?? req.query.staff;
      const candidates = await pages.accounts.candidates(chosen.catch([]).parse(sent));
      const teaching = candidates.length > 0 && candidates.every((one) => one.staff.category === 'teaching');
      return {
        candidates,
        roles: STAFF_ROLES.map((value) => ({ value, label: roleTitle(value) })),
        values: { roles: teaching ? ['teacher'] : [] },
      };
    },
    save: async (form, req) => {
      const batch = await req.run(createAccounts, form);
      return { to: `/hr/staff/accounts/slips/${batch}` };
    },
  });

  r.get('/hr/staff/accounts/slips/:id', 'hr.staff.accounts', async (req, res) => {
    const batch = await pages.accounts.open(req.actor, idOf(req));
    await res.page('hr/accounts/slips', {
      id: idOf(req),
      slips: batch.slips,
      minutes: Math.round((Date.parse(batch.until) - Date.parse(batch.madeAt)) / 60_000),
      days: GOOD_FOR_DAYS,
    });
  });

  r.get('/hr/staff/accounts/slips/:id/print', 'hr.staff.accounts', async (req, res) => {
    const { slips } = await pages.accounts.open(req.actor, idOf(req));
    const { country, today } = req.school!;
    const body = await drawInWorker(pages.slipDrawing, {
      context: printedFor(req, await pages.school.letterhead()),
      slips: slips.map((slip) => ({
        name: slip.name,
        note: slip.note,
        login: slip.login?.startsWith('+')
          ? showPhone(slip.login, country)
          : (slip.login ?? (slip.phone ? showPhone(slip.phone, country) : '')),
        password: slip.password ?? req.t('A code will be sent to this phone'),
      })),
      siteUrl: pages.publicUrl,
      validUntil: addDays(today, GOOD_FOR_DAYS),
    });
    sendPdf(res, 'sign-in-slips.pdf', body);
  });
}
