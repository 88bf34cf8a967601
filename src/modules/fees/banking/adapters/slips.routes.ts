import { z } from 'zod';
import { idOf } from '../../../../platform/http/pages/fields.js';
import type { Routes } from '../../../../platform/http/routes/routes.js';
import type { Slips } from '../slips.js';
import { REVERSE } from '../../reversals/reversals.js';
import type { BankSlip } from '../../ports.js';

const reason = (sentence: string) => z.string({ error: sentence }).trim().min(3, sentence).max(200, 'At most 200 characters');

/** A slip of the bank that was wrong. */
export function slipRoutes(r: Routes, slips: Slips): void {
  r.form({
    path: '/fees/slips/:id/undoing',
    can: REVERSE,
    view: 'fees/slips/undo',
    schema: z.object({ reason: reason('Enter a reason for undoing') }),
    load: async (req) => ({ slip: await slips.find(req.actor, idOf(req)), backOf }),
    save: async (given, req) => ({
      to: backOf(await slips.undo(req.actor, idOf(req), given.reason)),
      flash: req.t('The slip was undone. What was on it is back at the school.'),
    }),
  });

  r.form({
    path: '/fees/slips/:id/account',
    can: REVERSE,
    view: 'fees/slips/account',
    schema: z.object({ accountId: z.uuid('Choose a bank account'), reason: reason('Enter a reason for correcting') }),
    load: async (req) => ({ slip: await slips.find(req.actor, idOf(req)), backOf }),
    save: async ({ accountId, ...given }, req) => ({
      to: backOf(await slips.correct(req.actor, idOf(req), accountId, given.reason)),
      flash: req.t('The slip is now on the right account.'),
    }),
  });
}

/** The page that shows it. */
function backOf({ depositId, sessionId }: BankSlip): string {
  return depositId ? `/fees/cheques/deposits/${depositId}` : `/fees/tills/${sessionId}`;
}
