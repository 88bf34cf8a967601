import crypto from 'node:crypto';
import { syncBuiltinESMExports } from 'node:module';
import { prepareDemo } from '../../src/bin/commands/demo.js';
import type { DemoLogin } from '../../src/bin/demo/accounts.js';
import { DemoClock } from '../../src/bin/demo/demo-clock.js';
import { DEMO_PLANS } from '../../src/bin/demo/money/plans.js';
import { systemClock } from '../../src/kernel/clock.js';
import { aSchool, type SchoolUnderTest } from '../support/app.js';
import { sql } from '../support/database/sql.js';

/** A Thursday morning in the third term. */
const NOW = Date.parse('2026-10-01T06:30:00Z');

/** A small Kenyan school with three years behind it, the same at every run: one thing after the other, in the process's moved time. */
export async function theSchool(): Promise<SchoolUnderTest & { logins: DemoLogin[] }> {
  const putTimeRight = moveTime();
  const clock = new DemoClock(systemClock);
  let logins: DemoLogin[] = [];
  const school = await aSchool({
    clock,
    settings: ({ db }) => ({ db: { ...db, poolMax: 2 } }),
    arrange: async (app) => (logins = await prepareDemo(app, clock, { ...DEMO_PLANS.kilimani!, present: 90, left: 8 })),
  });
  // Its people sign in with a password alone, as those of other tests.
  await sql(school.database, 'delete from identity_factors');
  // All of them read the whole school within minutes.
  await sql(
    school.database,
    'insert into audit_settings (school_id, id, most_rows, most_pages) values ($1, gen_random_uuid(), 20000, 5000) on conflict do nothing',
    [school.database.schoolId],
  );
  // What is sorted by nothing more lies as it is read: the planner knows now what it would learn on the way.
  await sql(school.database, 'analyze');
  return { ...school, logins, stop: () => school.stop().finally(putTimeRight) };
}

/** Moves this process's time to that morning, from where it goes on; the answer puts it right again. */
function moveTime(): () => void {
  const Real = Date;
  const by = NOW - Real.now();
  globalThis.Date = class extends Real {
    constructor(...given: unknown[]) {
      super(...((given.length === 0 ? [Real.now() + by] : given) as [number]));
    }
    static override now(): number {
      return Real.now() + by;
    }
  } as DateConstructor;
  return () => void (globalThis.Date = Real);
}

/** From the first id on: those of one millisecond follow each other too, so that what is sorted by them has one order. */
export function idsInOrder(): void {
  let count = 0;
  crypto.randomFillSync = ((bytes: Buffer) => {
    bytes.fill(0);
    for (let at = 0; at < bytes.length; at += 16) bytes.writeUIntBE((count += 1), at + 10, 6);
    return bytes;
  }) as typeof crypto.randomFillSync;
  syncBuiltinESMExports();
}
