import { z } from 'zod';
import type { Routes } from '../../../platform/http/routes/routes.js';
import type { Retention } from '../retention.js';

const rule = z.object({
  key: z.string().max(60),
  on: z
    .union([z.literal('on'), z.literal('')])
    .optional()
    .transform((value) => value === 'on'),
  months: z.coerce.number('A number of months').int('A whole number of months'),
});

export function retentionRoutes(r: Routes, retention: Retention, enqueue: () => Promise<void>): void {
  r.form({
    path: '/privacy/retention',
    can: 'privacy.retention',
    view: 'privacy/retention/edit',
    asRead: ({ values }) => values,
    schema: z.object({ rules: z.array(rule).max(50) }),
    load: async (req) => {
      const { classes, runs } = await retention.plan(req.actor);
      const values = {
        rules: classes.map(({ rule: { key, on, months } }) => ({ key, on: on ? 'on' : '', months: String(months) })),
      };
      return { values, classes, runs };
    },
    save: async ({ rules }, req) => {
      await retention.save(req.actor, rules);
      return { to: '/privacy/retention', flash: req.t('Saved. Removal runs every night.') };
    },
  });

  r.post('/privacy/retention/runs', 'privacy.retention', async (req, res) => {
    await enqueue();
    res.done('/privacy/retention', req.t('Started. The results will appear here in a moment.'));
  });
}
