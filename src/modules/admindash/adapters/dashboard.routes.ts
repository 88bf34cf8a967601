import type { Request } from 'express';
import { z } from 'zod';
import { addDays, type Clock } from '../../../kernel/clock.js';
import { formatAmount } from '../../../kernel/money.js';
import type { Routes } from '../../../platform/http/routes/routes.js';
import { PERIODS, slotsOf, sumsOf, type Period } from '../period.rules.js';
import type { Reader } from '../ports.js';
import { doorChart, signupsChart, type Words } from './charts.js';
import { drawing } from './words.js';

export interface DashboardParts {
  reader: Reader;
  clock: Clock;
  newestSchema: string;
}

const LOOKED_AT = 8;
const Days = z.coerce.number().pipe(z.union([z.literal(7), z.literal(30), z.literal(90)]));

export function dashboardRoutes(routes: Routes, { reader, clock, newestSchema }: DashboardParts): void {
  routes.get('/admindash', 'admindash.read', async (req, res) => {
    const period = periodOf(req);
    const today = clock.now().toISOString().slice(0, 10);
    const [totals, days, course, looks] = [
      await reader.totals(newestSchema),
      await reader.days(addDays(today, 1 - 2 * period)),
      await reader.course(addDays(today, 1 - period)),
      await reader.schools({}, { sort: 'look', cursor: null, limit: LOOKED_AT }, newestSchema),
    ];
    const slots = slotsOf(days, period, today);
    await res.page('admindash/index', {
      ...drawing(clock.now(), newestSchema),
      period,
      periods: PERIODS,
      totals,
      course,
      money: totals.money.map(({ collectedMinor, ...line }) => ({
        ...line,
        collected: formatAmount(collectedMinor, line.currency, req.language),
      })),
      schools: looks.rows,
      failed: looks.rows.filter((school) => school.look === 'failed'),
      more: looks.next !== null,
      signups: sumsOf(days, 'signups', period, today),
      signIns: sumsOf(days, 'signIns', period, today),
      refused: sumsOf(days, 'failedSignIns', period, today),
      lockOuts: sumsOf(days, 'lockOuts', period, today),
      platformLockOuts: sumsOf(days, 'platformLockOuts', period, today),
      charts: {
        signups: (words: Words) => signupsChart(slots, words),
        schools: (words: Words) => doorChart(slots, { came: 'signIns', failed: 'failedSignIns' }, words),
        platform: (words: Words) => doorChart(slots, { came: 'platformSignIns', failed: 'platformFailures' }, words),
      },
    });
  });
}

function periodOf(req: Request): Period {
  return Days.safeParse(req.query.days).data ?? 30;
}
