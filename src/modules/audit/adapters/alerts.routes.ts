import { z } from 'zod';
import type { Routes } from '../../../platform/http/routes/routes.js';
import type { Alerts } from '../alerts.js';
import type { Retention } from '../retention.js';
import { alertSentence } from '../alert.rules.js';
import { countryNote, YEARS } from '../retention.rules.js';

const filter = z.object({ state: z.enum(['open', 'all']).default('open') });

const whole = (least: number, most: number): z.ZodCoercedNumber => {
  const sentence = `Enter a whole number from ${least} to ${most}.`;
  return z.coerce.number(sentence).int(sentence).min(least, sentence).max(most, sentence);
};
const settings = z.object({
  retentionYears: whole(YEARS.least, YEARS.most),
  mostRows: whole(50, 20_000),
  mostPages: whole(50, 5_000),
});

export function alertRoutes(routes: Routes, alerts: Alerts, retention: Retention): void {
  routes.list({
    path: '/audit/alerts',
    can: 'audit.read',
    view: 'audit/alerts/index',
    filter,
    load: ({ state }, query) => alerts.page(state === 'open', query.cursor, query.limit),
    model: async (_filter, page, req) => ({ sentences: new Map(page.rows.map((row) => [row.id, alertSentence(req.t, row)])) }),
  });

  routes.post('/audit/alerts/:id/seen', 'audit.alerts', async (req, res) => {
    await alerts.markSeen(req.actor, String(req.params.id));
    res.done('/audit/alerts', req.t('The alert has been marked as seen.'));
  });

  routes.form({
    path: '/audit/settings',
    can: 'audit.settings',
    view: 'audit/settings',
    asRead: ({ values }) => values,
    schema: settings,
    load: async (req) => {
      const { settings: values, ...plan } = await retention.plan();
      return { values, ...plan, years: YEARS, note: countryNote(req.school?.country) };
    },
    save: async (form, req) => {
      await retention.save(req.actor, form);
      return { to: '/audit/settings', flash: req.t('The settings have been saved.') };
    },
  });
}
