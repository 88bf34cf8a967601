import { newId } from '../../../kernel/id.js';
import { changed, query, unit } from '../../../platform/db/index.js';
import type { Progress, StepName, StepProgress } from '../saga.rules.js';
import type { NewRun, RunStore } from '../ports.js';

/** Announced with the commit, and heard by the provisioner: there is an order. */
export const ORDERS = 'provisioning.orders';

interface Row extends Omit<Progress, 'steps' | 'page'> {
  token: string;
  steps: StepProgress[];
}

const PROGRESS = `select r.id as "runId", r.school_id as "schoolId", r.kind, r.state, r.token, r.attempts, r.reason,
    r.ordered_at as "orderedAt", r.finished_at as "finishedAt", s.steps
  from provisioning_runs r
  join lateral (
    select json_agg(json_build_object('name', name, 'state', state, 'attempts', attempts, 'reason', reason,
        'ms', (extract(epoch from coalesce(finished_at, clock_timestamp()) - started_at) * 1000)::int) order by position) as steps
      from provisioning_steps where run_id = r.id
  ) s on true`;

export class PgRunStore implements RunStore {
  async order(run: NewRun): Promise<void> {
    await unit(async () => {
      await query(
        'provisioning.order-run',
        'insert into provisioning_runs (id, school_id, kind, token, ordered_by) values ($1, $2, $3, $4, $5)',
        [run.id, run.schoolId, run.kind, run.token, run.orderedBy],
      );
      await query(
        'provisioning.order-steps',
        'insert into provisioning_steps (id, run_id, position, name) select u.id, $1, u.position, u.name from unnest($2::uuid[], $3::int[], $4::text[]) as u(id, position, name)',
        [run.id, run.steps.map(() => newId()), run.steps.map((_step, position) => position), run.steps],
      );
      await this.enter(run.id);
    });
  }

  async again(runId: string): Promise<void> {
    await unit(async () => {
      await query(
        'provisioning.run-again',
        "update provisioning_runs set state = 'waiting', reason = null, finished_at = null where id = $1",
        [runId],
      );
      await query(
        'provisioning.steps-again',
        "update provisioning_steps set state = 'waiting', attempts = 0, reason = null, started_at = null, finished_at = null where run_id = $1 and state <> 'done'",
        [runId],
      );
      await this.enter(runId);
    });
  }

  async newest(schoolId: string): Promise<Progress | null> {
    const [row] = await query<Row>(
      'provisioning.newest',
      `${PROGRESS} where r.school_id = $1 order by r.ordered_at desc, r.id desc limit 1`,
      [schoolId],
    );
    return row ? progressOf(row) : null;
  }

  async byToken(token: string): Promise<Progress | null> {
    const [row] = await query<Row>('provisioning.by-token', `${PROGRESS} where r.token = $1`, [token]);
    return row ? progressOf(row) : null;
  }

  async wake(schoolId: string): Promise<void> {
    // One that is held at this moment is looked at again very soon by whoever holds it.
    await query(
      'provisioning.wake',
      `update provisioning_orders set due_at = now() where id in (
          select o.id from provisioning_orders o join provisioning_runs r on r.id = o.run_id where r.school_id = $1 and o.due_at > now() for update of o skip locked)`,
      [schoolId],
    );
    await changed(ORDERS);
  }

  async bindBrowser(runId: string, browserHash: string): Promise<boolean> {
    const [row] = await query<{ mine: boolean }>(
      'provisioning.bind-browser',
      'update provisioning_runs set browser_hash = coalesce(browser_hash, $2) where id = $1 returning browser_hash = $2 as mine',
      [runId, browserHash],
    );
    return row?.mine ?? false;
  }

  async begun(runId: string, step: StepName): Promise<void> {
    await unit(async () => {
      await query('provisioning.run-runs', "update provisioning_runs set state = 'running' where id = $1 and state = 'waiting'", [
        runId,
      ]);
      await query(
        'provisioning.step-begun',
        "update provisioning_steps set state = 'running', started_at = coalesce(started_at, clock_timestamp()) where run_id = $1 and name = $2 and state <> 'running'",
        [runId, step],
      );
    });
  }

  async done(runId: string, step: StepName): Promise<void> {
    await query(
      'provisioning.step-done',
      `update provisioning_steps set state = 'done', reason = null, started_at = coalesce(started_at, clock_timestamp()), finished_at = clock_timestamp()
        where run_id = $1 and name = $2 and state <> 'done'`,
      [runId, step],
    );
  }

  async stumbled(runId: string, step: StepName, reason: string, final: boolean): Promise<void> {
    await unit(async () => {
      await query(
        'provisioning.step-stumbled',
        `update provisioning_steps set attempts = attempts + 1, reason = $3, state = case when $4 then 'failed' else state end,
            finished_at = case when $4 then clock_timestamp() end where run_id = $1 and name = $2`,
        [runId, step, reason, final],
      );
      if (!final) return;
      await query(
        'provisioning.run-failed',
        "update provisioning_runs set state = 'failed', reason = $2, attempts = attempts + 1, finished_at = clock_timestamp() where id = $1",
        [runId, reason],
      );
    });
  }

  async finished(runId: string): Promise<void> {
    await query(
      'provisioning.run-done',
      "update provisioning_runs set state = 'done', reason = null, finished_at = clock_timestamp() where id = $1",
      [runId],
    );
  }

  private async enter(runId: string): Promise<void> {
    await query(
      'provisioning.enter-order',
      'insert into provisioning_orders (id, run_id) values ($1, $2) on conflict (run_id) do update set due_at = now()',
      [newId(), runId],
    );
    await changed(ORDERS);
  }
}

function progressOf({ token, ...row }: Row): Progress {
  return { ...row, page: `/provisioning/${token}` };
}
