import { z } from 'zod';
import { can } from '../../../../kernel/actor.js';
import { formatAmount } from '../../../../kernel/money.js';
import { amountField } from '../../../../platform/http/pages/fields.js';
import type { Routes } from '../../../../platform/http/routes/routes.js';
import { LIMITS } from '../../receiving/receiving-settings.js';
import { ALLOCATION_ORDERS } from '../../allocations/allocation.rules.js';
import { RECEIPT_PAPERS } from '../../ports.js';
import type { FeePages } from '../../adapters/pages.js';

const days = (most: number) => {
  const asked = `A number from 0 to ${most}`;
  return z.coerce.number({ error: asked }).int(asked).min(0, asked).max(most, asked);
};

/** How the school bills, and how it receives. */
export function settingsRoutes(r: Routes, pages: FeePages): void {
  r.form({
    path: '/fees/settings',
    can: 'fees.setup',
    view: 'fees/settings',
    schema: (req) =>
      z.object({
        autoBill: z
          .literal('on')
          .optional()
          .transform((value) => value !== undefined),
        joiners: z.enum(['days', 'whole'], { error: 'Choose one' }),
        leavers: z.enum(['days', 'keep'], { error: 'Choose one' }),
        dueDays: days(120),
        planGraceDays: days(60),
        howToPay: z.string().trim().max(600, 'At most 600 characters').default(''),
        version: z.coerce.number().int(),
        allocationOrder: z.enum(ALLOCATION_ORDERS, { error: 'Choose one' }),
        receiptPaper: z.enum(RECEIPT_PAPERS, { error: 'Choose one' }).optional(),
        reversalLimit: can(req.actor, LIMITS)
          ? amountField(req.school!.currency, 0)
          : z
              .unknown()
              .optional()
              .transform(() => undefined),
        tellFamilies: z
          .literal('on')
          .optional()
          .transform((value) => value !== undefined),
        receivingVersion: z.coerce.number().int(),
      }),
    load: async (req) => {
      const [settings, receiving] = [await pages.settings.find(req.actor), await pages.receiving.find(req.actor)];
      const { allocationOrder, reversalLimitMinor, receiptPaper, tellFamilies, version } = receiving;
      return {
        limitMinor: reversalLimitMinor,
        values: {
          ...settings,
          autoBill: settings.autoBill ? 'on' : null,
          tellFamilies: tellFamilies ? 'on' : null,
          allocationOrder,
          receiptPaper,
          reversalLimit: formatAmount(reversalLimitMinor, req.school!.currency, 'en'),
          receivingVersion: version,
        },
      };
    },
    save: async ({ allocationOrder, receiptPaper, reversalLimit, tellFamilies, receivingVersion, ...billing }, req) => {
      const now = await pages.receiving.find(req.actor);
      await pages.receiving.save(req.actor, {
        allocationOrder,
        receiptPaper: receiptPaper ?? now.receiptPaper,
        reversalLimitMinor: reversalLimit ?? now.reversalLimitMinor,
        tellFamilies,
        version: receivingVersion,
      });
      await pages.settings.save(req.actor, billing);
      return { to: '/fees/settings', flash: req.t('The settings have been saved.') };
    },
  });
}
