import { newId } from '../../../src/kernel/id.js';
import { connect, testCluster } from '../../support/database.js';
import type { Stage, Visit } from '../stage.js';

/** Figures of the platform, with a school whose opening stands still. */
export const admindashVisits: Record<string, Visit> = {
  'provisioning/show': async (stage) => {
    const token = newToken();
    await at(stage, '', token);
    await stage.be('stranger', stage.coreUrl);
    return `/provisioning/${token}`;
  },
  'admindash/index': (stage) => at(stage, '/admindash'),
  'admindash/schools/index': (stage) => at(stage, '/admindash/schools'),
  'admindash/provisioning/index': (stage) => at(stage, '/admindash/provisioning'),
};

/** As long as the product's own. */
const newToken = (): string => newId().replaceAll('-', '');

async function at(stage: Stage, path: string, token = newToken()): Promise<string> {
  await stage.be(stage.superAdmin, stage.coreUrl);
  const { admin } = await testCluster();
  const client = await connect({ ...admin, database: 'aimsgodb' });
  const [id, run] = [newId(), newId()];
  try {
    await client.query(
      `insert into schools (id, subdomain, name, name_folded, country, state) values ($1, $2, 'Saint Theresa of the Lake Academy and Junior School', 'saint theresa', 'KE', 'provisioning')`,
      [id, `stood-${id.slice(-8)}`],
    );
    await client.query(
      `insert into schools_transitions (id, school_id, to_state, reason, actor_name, at) values ($1, $2, 'draft', 'entered', 'signup', now())`,
      [newId(), id],
    );
    const reason = 'The new school’s own service did not answer.';
    await client.query(
      `insert into provisioning_runs (id, school_id, kind, token, state, reason, ordered_by) values ($1, $2, 'make', $3, 'failed', $4, 'signup')`,
      [run, id, token, reason],
    );
    await client.query(
      `insert into provisioning_steps (id, run_id, position, name, state, attempts, reason, started_at, finished_at)
        values ($1, $3, 0, 'record', 'done', 0, null, now(), now()), ($2, $3, 1, 'database', 'failed', 4, $4, now(), now())`,
      [newId(), newId(), run, reason],
    );
    for (const [index, name] of ['secrets', 'start', 'fill', 'answer'].entries()) {
      await client.query(
        "insert into provisioning_steps (id, run_id, position, name, state) values ($1, $2, $3, $4, 'waiting')",
        [newId(), run, index + 2, name],
      );
    }
  } finally {
    await client.end();
  }
  return path;
}
