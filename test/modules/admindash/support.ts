import { newId } from '../../../src/kernel/id.js';
import type { PlatformUnderTest } from '../../support/core.js';

export interface PlantedSchool {
  id: string;
  subdomain: string;
}

interface Plant {
  name?: string;
  country?: string;
  state?: string;
  /** Hours ago that it signed up; null for one that the operator entered. */
  signedUp?: number;
  running?: boolean;
  schemaHead?: string;
}

let planted = 0;

/** A school with the steps of its life: a minute to the code, ten seconds to be ready. */
export async function plantSchool(
  platform: PlatformUnderTest,
  { name = 'Lake View Academy', country = 'KE', state = 'ready', signedUp = 48, running = true, schemaHead }: Plant = {},
): Promise<PlantedSchool> {
  planted += 1;
  const [id, subdomain] = [newId(), `school-${planted}`];
  await platform.sql(
    `insert into schools (id, subdomain, skeleton, name, name_folded, country, state, closes_at, created_at, owner_name, owner_email)
      values ($1, $2, $2, $3, lower($3), $4, $5, case when $5 = 'closing' then now() + interval '30 days' end, now() - make_interval(hours => $6), 'Otieno Grace', 'grace@school.test')`,
    [id, subdomain, name, country, state, signedUp],
  );
  await platform.sql(
    'insert into schools_deployments (id, school_id, running, started_at, schema_head) values ($1, $2, $3, now(), $4)',
    [newId(), id, running, schemaHead ?? null],
  );
  const reached = [
    'draft',
    ...(state === 'draft' ? [] : ['verified']),
    ...(['ready', 'suspended'].includes(state) ? ['ready'] : []),
  ];
  for (const [index, to] of reached.entries()) {
    await platform.sql(
      `insert into schools_transitions (id, school_id, to_state, reason, actor_name, at)
        values ($1, $2, $3, 'entered', 'signup', now() - make_interval(hours => $4) + make_interval(secs => $5))`,
      [newId(), id, to, signedUp, [0, 60, 70][index]],
    );
  }
  return { id, subdomain };
}

const STEPS = ['record', 'database', 'secrets', 'start', 'fill', 'answer'];

/** A run whose steps took one second each; `failedAt` is the step that it stands at. */
export async function plantRun(
  platform: PlatformUnderTest,
  schoolId: string,
  { failedAt, hours = 48 }: { failedAt?: string; hours?: number } = {},
): Promise<string> {
  const id = newId();
  const reason = failedAt ? 'The new school’s own service did not answer.' : null;
  await platform.sql(
    `insert into provisioning_runs (id, school_id, kind, token, state, attempts, reason, ordered_by, ordered_at, finished_at)
      values ($1, $2, 'make', $3, $4, 1, $5, 'signup', now() - make_interval(hours => $6), now() - make_interval(hours => $6) + interval '6 seconds')`,
    [id, schoolId, `token-${id}`, failedAt ? 'failed' : 'done', reason, hours],
  );
  for (const [position, name] of STEPS.entries()) {
    const at = failedAt ? STEPS.indexOf(failedAt) : STEPS.length;
    const state = position < at ? 'done' : position === at ? 'failed' : 'waiting';
    await platform.sql(
      `insert into provisioning_steps (id, run_id, position, name, state, attempts, reason, started_at, finished_at)
        values ($1, $2, $3, $4, $5, $6, $7, case when $5 <> 'waiting' then now() - make_interval(hours => $8) end, case when $5 <> 'waiting' then now() - make_interval(hours => $8) + interval '1 second' end)`,
      [newId(), id, position, name, state, state === 'failed' ? 4 : 0, state === 'failed' ? reason : null, hours],
    );
  }
  return id;
}

/** The figures of a school's last report, so many hours ago. */
export async function plantReport(
  platform: PlatformUnderTest,
  schoolId: string,
  report: {
    pupils?: number;
    active?: number;
    version?: string;
    schemaHead?: string;
    hours?: number;
    bytes?: number;
    money?: { currency: string; collectedMinor: number; sms: number };
  } = {},
): Promise<void> {
  const { pupils = 300, active = 20, version = '0.1.0', schemaHead = '9', hours = 0, bytes = 12_000_000, money } = report;
  await platform.sql(
    `insert into admindash_reports (id, school_id, taken_at, reported_at, version, schema_head, database_bytes, pupils, staff, active_1, active_7, active_30, first_class_at, first_student_at, first_receipt_at, currency, collected_30_minor, sms_30)
      values ($1, $2, now() - make_interval(hours => $8), now() - make_interval(hours => $8), $3, $4, $5, $6, 25, $7, $7 + 5, $7 + 10, now(), now(), case when $9::text is not null then now() end, $9, $10, $11)`,
    [
      newId(),
      schoolId,
      version,
      schemaHead,
      bytes,
      pupils,
      active,
      hours,
      money?.currency ?? null,
      money?.collectedMinor ?? null,
      money?.sms ?? null,
    ],
  );
}

export async function plantDay(
  platform: PlatformUnderTest,
  schoolId: string,
  daysAgo: number,
  counts: { signIns: number; failed?: number; locked?: number },
): Promise<void> {
  await platform.sql(
    `insert into admindash_usage (id, school_id, day, sign_ins, failed_sign_ins, lock_outs) values ($1, $2, (now() at time zone 'UTC')::date - $3::int, $4, $5, $6)`,
    [newId(), schoolId, daysAgo, counts.signIns, counts.failed ?? 0, counts.locked ?? 0],
  );
}
