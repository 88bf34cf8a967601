import { z } from 'zod';
import type { Routes } from '../../../platform/http/routes/routes.js';
import type { Column } from '../../../platform/sheets/columns.js';
import { COUNTRIES, SCHOOL_STATES, STATE_WORDS } from '../../schools/index.js';
import { LOOKS } from '../standing.rules.js';
import { SCHOOL_SORTS, type ListAsk, type SchoolRow, type SchoolsFilter, type SchoolSort } from '../ports.js';
import type { DashboardParts } from './dashboard.routes.js';
import { drawing, LOOK_WORDS } from './words.js';

const Filter: z.ZodType<SchoolsFilter> = z.object({
  q: z.string().trim().max(100).optional(),
  state: z.enum(SCHOOL_STATES).optional(),
  country: z
    .string()
    .regex(/^[A-Z]{2}$/)
    .optional(),
  version: z.string().max(40).optional(),
  look: z.enum(LOOKS).optional(),
  silent: z
    .literal('1')
    .transform(() => true)
    .optional(),
});

/** All schools with what an operator keeps an eye on. */
export function schoolsRoutes(routes: Routes, { reader, clock, newestSchema }: DashboardParts): void {
  routes.list({
    path: '/admindash/schools',
    can: 'admindash.read',
    view: 'admindash/schools/index',
    filter: Filter,
    load: (filter, query) => reader.schools(filter, { ...query, sort: sortOf(query.sort) } satisfies ListAsk, newestSchema),
    model: async () => ({
      ...drawing(clock.now(), newestSchema),
      versions: await reader.versions(),
      states: SCHOOL_STATES.map((value) => ({ value, label: STATE_WORDS[value] })),
      countries: COUNTRIES.map(({ code, name }) => ({ value: code, label: name })),
    }),
    sheet: { name: 'schools', columns },
  });
}

function sortOf(sort: string | null): SchoolSort {
  return SCHOOL_SORTS.find((known) => known === sort) ?? 'look';
}

const columns: Column<SchoolRow>[] = [
  { key: 'name', head: 'School', kind: 'text', width: 30, value: (row) => row.name },
  { key: 'subdomain', head: 'Address', kind: 'text', width: 20, value: (row) => row.subdomain },
  { key: 'country', head: 'Country', kind: 'text', width: 9, value: (row) => row.country },
  { key: 'state', head: 'State', kind: 'text', width: 12, value: (row) => STATE_WORDS[row.state] },
  { key: 'look', head: 'Needs a look', kind: 'text', width: 18, value: (row) => LOOK_WORDS[row.look].text },
  { key: 'pupils', head: 'Students', kind: 'integer', width: 10, value: (row) => row.pupils },
  { key: 'active', head: 'Active, 7 days', kind: 'integer', width: 14, value: (row) => row.active7 },
  { key: 'sign_ins', head: 'Sign-ins, 7 days', kind: 'integer', width: 16, value: (row) => row.signIns },
  { key: 'refused', head: 'Refused, 7 days', kind: 'integer', width: 16, value: (row) => row.failedSignIns },
  { key: 'lock_outs', head: 'Lock-outs, 7 days', kind: 'integer', width: 16, value: (row) => row.lockOuts },
  { key: 'bytes', head: 'Database, bytes', kind: 'integer', width: 16, value: (row) => row.databaseBytes },
  { key: 'version', head: 'Version', kind: 'text', width: 12, value: (row) => row.version },
  { key: 'schema', head: 'Newest migration', kind: 'text', width: 44, value: (row) => row.schemaHead },
  { key: 'reported', head: 'Last report (UTC)', kind: 'text', width: 26, value: (row) => row.reportedAt?.toISOString() ?? null },
  { key: 'started', head: 'Last start (UTC)', kind: 'text', width: 26, value: (row) => row.startedAt?.toISOString() ?? null },
  { key: 'next_job', head: 'Next job (UTC)', kind: 'text', width: 26, value: (row) => row.nextJobAt?.toISOString() ?? null },
];
