import { z } from 'zod';
import { idOf } from '../../../../platform/http/pages/fields.js';
import type { Routes } from '../../../../platform/http/routes/routes.js';
import { SEES_ACCOUNTS, WRITES } from '../../documents/document.rules.js';
import { termNames, type FeePages } from '../../adapters/pages.js';

const PATH = '/fees/double-bills';

/** Terms that are billed twice since two records became one: one bill is taken off by a credit note, or both are right. */
export function doubleBillRoutes(r: Routes, pages: FeePages): void {
  r.list({
    path: PATH,
    can: SEES_ACCOUNTS,
    view: 'fees/double-bills/index',
    filter: z.object({}),
    load: (_filter, query, req) => pages.doubleBills.list(req.actor, query.cursor, query.limit),
    model: async () => ({ terms: await termNames(pages) }),
  });

  r.form({
    path: `${PATH}/:id/keeping`,
    can: WRITES,
    view: 'fees/double-bills/keep',
    schema: z.object({
      reason: z.string({ error: 'Enter a reason' }).trim().min(3, 'Enter a reason').max(200, 'At most 200 characters'),
    }),
    load: async (req) => ({ pair: await pages.doubleBills.find(req.actor, idOf(req)), terms: await termNames(pages) }),
    save: async ({ reason }, req) => {
      await pages.doubleBills.keepBoth(req.actor, idOf(req), reason);
      return { to: PATH, flash: req.t('Both bills stay. You won’t be asked about them again.') };
    },
  });
}
