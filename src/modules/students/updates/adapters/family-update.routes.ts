import type { Request, Response } from 'express';
import { NotFound, RuleBroken, type FieldProblem } from '../../../../kernel/errors.js';
import { callingCode } from '../../../../kernel/people/phone.js';
import {
  closeGaps,
  flatten,
  FormState,
  problemsOf,
  unflatten,
  type FlatValues,
} from '../../../../platform/http/routes/form-data.js';
import type { Routes } from '../../../../platform/http/routes/routes.js';
import type { FamilyPage, UpdateLinks } from '../update-links.js';
import { CONSENT_WORDS } from '../../guardians/consent.rules.js';
import { Proof, shownValues, writtenSchema } from './update-form.js';

type Given = { bornOn: string | null; digits: string | null };

/** What a family opens without signing in: first a proof, then all that the school holds of it, to change and send. */
export function familyUpdateRoutes(r: Routes, links: UpdateLinks): void {
  r.get('/update/:token', 'public', async (req, res) => {
    await orOver(res, async () => drawProof(req, res, links, {}, []));
  });

  r.post('/update/:token', 'public', async (req, res) => {
    await orOver(res, async () => {
      const body = (req.body ?? {}) as FlatValues;
      const token = String(req.params.token);
      const parsed = Proof.safeParse(unflatten(body));
      if (!parsed.success)
        return drawProof(req, res, links, body, [
          { field: 'proof', message: 'Date of birth must be a real date, such as 14 3 2014' },
        ]);
      try {
        const page = await links.open(token, parsed.data);
        if (body.step !== 'send') return await drawFamily(req, res, page, parsed.data, flatten(shownValues(page)), []);
        await send(req, res, links, page, parsed.data);
      } catch (error) {
        if (error instanceof RuleBroken && error.code === 'wrong-proof')
          return drawProof(req, res, links, body, [{ field: 'proof', message: error.message }]);
        throw error;
      }
    });
  });
}

async function send(req: Request, res: Response, links: UpdateLinks, page: FamilyPage, proof: Given): Promise<void> {
  const body = (req.body ?? {}) as FlatValues;
  const written = writtenSchema(req.school!.country, page, req.school!.today).safeParse(closeGaps(unflatten(body)));
  if (!written.success) return drawFamily(req, res, page, proof, body, problemsOf(written.error));
  const { changes } = await links.submit(String(req.params.token), proof, written.data);
  await res.page('students/updates/thanks', { changes });
}

async function drawProof(
  req: Request,
  res: Response,
  links: UpdateLinks,
  body: FlatValues,
  problems: FieldProblem[],
): Promise<void> {
  const kind = await links.asks(String(req.params.token));
  const form = new FormState(
    `/update/${String(req.params.token)}`,
    body,
    problems.map((one) => ({ ...one, message: req.t(one.message) })),
    '',
  );
  await res.page('students/updates/proof', { form, kind }, { status: problems.length > 0 ? 422 : 200 });
}

async function drawFamily(
  req: Request,
  res: Response,
  page: FamilyPage,
  proof: Given,
  values: FlatValues,
  problems: FieldProblem[],
): Promise<void> {
  const form = new FormState(
    `/update/${String(req.params.token)}`,
    values,
    problems.map((one) => ({ ...one, message: req.t(one.message) })),
    '',
  );
  const consentWords = Object.entries(CONSENT_WORDS);
  await res.page(
    'students/updates/family',
    { form, page, proof, consentWords, callingCode: callingCode(req.school!.country) },
    { status: problems.length > 0 ? 422 : 200 },
  );
}

/** A dead link says so in a sentence, the same for one that never was. */
async function orOver(res: Response, work: () => Promise<void>): Promise<void> {
  // The site's own referrer policy keeps the address from other sites; none at all would make browsers send a form without its origin.
  res.set('Cache-Control', 'no-store');
  try {
    await work();
  } catch (error) {
    if (!(error instanceof NotFound)) throw error;
    await res.page('students/updates/over', {}, { status: 404 });
  }
}
