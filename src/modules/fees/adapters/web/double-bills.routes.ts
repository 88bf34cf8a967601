import type { Request } from 'express';
import { z } from 'zod';
import { NotFound } from '../../../../kernel/errors.js';
import type { Routes } from '../../../../platform/http/routes.js';
import { SEES_ACCOUNTS, WRITES } from '../../domain/document.js';
import { idOf, termNames, type FeePages } from './pages.js';

const PATH = '/fees/double-bills';

/** Terms that are billed twice since two records became one: one bill is taken off by a credit note, or both are right. */
export function doubleBillRoutes(r: Routes, pages: FeePages): void {
  r.list({
    path: PATH,
    can: SEES_ACCOUNTS,
    view: 'fees/double-bills/index',
    filter: z.object({}),
    load: async (_filter, _query, req) => ({ rows: await pages.doubleBills.list(req.actor), next: null }),
    model: async () => ({ terms: await termNames(pages) }),
  });

  r.form({
    path: `${PATH}/:id/keeping`,
    can: WRITES,
    view: 'fees/double-bills/keep',
    schema: z.object({ reason: z.string({ error: 'Write why' }).trim().min(3, 'Write why').max(200, 'At most 200 characters') }),
    load: async (req) => ({ pair: await pairOf(pages, req), terms: await termNames(pages) }),
    save: async ({ reason }, req) => {
      await pages.doubleBills.keepBoth(req.actor, idOf(req), reason);
      return { to: PATH, flash: req.t('Both bills stay. The pair does not come up again.') };
    },
  });
}

/** By the bill that came from the other record. */
async function pairOf(pages: FeePages, req: Request) {
  const pair = (await pages.doubleBills.list(req.actor)).find((one) => one.bills[1].id === idOf(req));
  if (!pair) throw new NotFound('There is no such pair of bills, or somebody has decided about it already.');
  return pair;
}
