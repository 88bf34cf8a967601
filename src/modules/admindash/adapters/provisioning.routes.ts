import { z } from 'zod';
import { NotFound } from '../../../kernel/errors.js';
import { isId } from '../../../kernel/id.js';
import type { Routes } from '../../../platform/http/routes/routes.js';
import type { ProvisioningApi } from '../../provisioning/index.js';
import type { RunsFilter } from '../ports.js';
import type { DashboardParts } from './dashboard.routes.js';
import { drawing } from './words.js';

const RUN_STATES = ['waiting', 'running', 'done', 'failed'] as const;
const Filter: z.ZodType<RunsFilter> = z.object({
  q: z.string().trim().max(100).optional(),
  state: z.enum(RUN_STATES).optional(),
  kind: z.enum(['make', 'remove']).optional(),
});

/** Every run that makes or removes a school, with its steps; a failed one can be tried again from here. */
export function provisioningRoutes(
  routes: Routes,
  { reader, clock, newestSchema, provisioning }: DashboardParts & { provisioning: ProvisioningApi },
): void {
  routes.list({
    path: '/admindash/provisioning',
    can: 'admindash.read',
    view: 'admindash/provisioning/index',
    filter: Filter,
    perPage: 30,
    load: (filter, query) => reader.runs(filter, query.cursor, query.limit),
    model: async () => drawing(clock.now(), newestSchema),
  });

  routes.post('/admindash/provisioning/:schoolId/retries', 'admindash.retry', async (req, res) => {
    const schoolId = String(req.params.schoolId);
    if (!isId(schoolId) || !(await provisioning.progress(schoolId))) throw new NotFound();
    await provisioning.retry(schoolId, req.actor);
    res.done('/admindash/provisioning', req.t('Trying again. Completed steps are kept.'));
  });
}
