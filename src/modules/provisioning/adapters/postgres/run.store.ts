import { newId } from '../../../../kernel/id.js';
import { query, unit } from '../../../../platform/db/index.js';
import type { Progress, StepProgress } from '../../domain/saga.js';
import type { NewRun, RunStore } from '../../ports.js';

/** Heard by the provisioner: there is an order. */
export const ORDERS_CHANNEL = 'provisioning_orders';

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
      await query('provisioning.run-again', "update provisioning_runs set state = 'waiting', attempts = 0, reason = null, finished_at = null where id = $1", [runId]);
      await query("provisioning.steps-again", "update provisioning_steps set state = 'waiting', reason = null, started_at = null, finished_at = null where run_id = $1 and state <> 'done'", [runId]);
      await this.enter(runId);
    });
  }

  async newest(schoolId: string): Promise<Progress | null> {
    const [row] = await query<Row>('provisioning.newest', `${PROGRESS} where r.school_id = $1 order by r.ordered_at desc, r.id desc limit 1`, [schoolId]);
    return row ? progressOf(row) : null;
  }

  private async enter(runId: string): Promise<void> {
    await query('provisioning.enter-order', 'insert into provisioning_orders (id, run_id) values ($1, $2) on conflict (run_id) do update set due_at = now()', [newId(), runId]);
    await query('provisioning.tell-order', `select pg_notify('${ORDERS_CHANNEL}', '')`);
  }
}

function progressOf({ token, ...row }: Row): Progress {
  return { ...row, page: `/provisioning/${token}` };
}
