import type { Request } from 'express';
import { addDays } from '../../../../kernel/clock.js';
import { isId } from '../../../../kernel/id.js';
import { showPhone } from '../../../../kernel/people/phone.js';
import { drawInWorker, type Drawing } from '../../../../platform/pdf/worker.js';
import type { SignInSlips } from '../../../../platform/pdf/sign-in-slips.pdf.js';
import { sendPdf, printedFor } from '../../../../platform/http/routes/pdf-route.js';
import type { FlatValues } from '../../../../platform/http/routes/form-data.js';
import type { Routes } from '../../../../platform/http/routes/routes.js';
import type { GuardianAccounts } from '../guardian-accounts.js';
import { classLabels, type StudentPages } from '../../register/adapters/students.routes.js';

export interface AccountPages extends StudentPages {
  slipDrawing: Drawing<SignInSlips>;
  publicUrl: string;
}

const CAN = 'students.change-guardians';
/** How long a printed password works. */
const SLIP_DAYS = 30;

/** Sign-ins for the guardians of chosen classes, with a slip of paper for each. */
export function guardianAccountRoutes(r: Routes, pages: AccountPages): void {
  r.get('/students/guardians/accounts', CAN, async (req, res) => {
    const chosen = streamsOf(req.query.stream);
    const plan = chosen.length > 0 ? await pages.guardianAccounts.plan(req.actor, chosen) : null;
    await res.page('students/guardians/accounts', { ...(await classLabels(pages.subjects)), chosen, plan });
  });

  r.post('/students/guardians/accounts', CAN, async (req, res) => {
    const chosen = streamsOf((req.body as FlatValues | undefined)?.stream);
    const back = `/students/guardians/accounts?${chosen.map((id) => `stream=${id}`).join('&')}`;
    if (chosen.length === 0)
      return res.done('/students/guardians/accounts', { kind: 'bad', text: req.t('Choose at least one class.') });
    const { slips, leftOut } = await pages.guardianAccounts.makeMany(req.actor, chosen);
    if (slips.length === 0)
      return res.done(
        back,
        leftOut.length > 0
          ? {
              kind: 'warn',
              text: req.t('The email addresses of {{names}} belong to other accounts.', {
                names: leftOut.map((one) => one.fullName).join(', '),
              }),
            }
          : req.t('They can all sign in already.'),
      );
    sendPdf(res, 'sign-in-slips.pdf', await drawInWorker(pages.slipDrawing, await papers(pages, req, slips)));
  });
}

async function papers(
  pages: AccountPages,
  req: Request,
  slips: Awaited<ReturnType<GuardianAccounts['makeMany']>>['slips'],
): Promise<SignInSlips> {
  const { country, today } = req.school!;
  return {
    context: printedFor(req, await pages.school.letterhead()),
    slips: slips.map((slip) => ({
      name: slip.name,
      note: slip.note,
      login: slip.login.startsWith('+') ? showPhone(slip.login, country) : slip.login,
      password: slip.password ?? req.t('A code will be sent by SMS'),
    })),
    siteUrl: pages.publicUrl,
    validUntil: addDays(today, SLIP_DAYS),
  };
}

function streamsOf(value: unknown): string[] {
  return [value].flat().filter((one): one is string => isId(one));
}
