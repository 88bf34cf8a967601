import { newId } from '../../../src/kernel/id.js';
import { connect, testCluster } from '../../support/database.js';
import type { Stage, Visit } from '../stage.js';

/** The register, as the platform's own people see it. */
export const schoolsVisits: Record<string, Visit> = {
  'schools/index': (stage) => at(stage, () => '/schools'),
  'schools/show': (stage) => at(stage, (id) => `/schools/${id}`),
  'schools/move': (stage) => at(stage, (id) => `/schools/${id}/suspension`),
  'schools/giving-up': (stage) => at(stage, (id) => `/schools/${id}/giving-up`),
  'schools/deletion': (stage) => at(stage, (id) => `/schools/${id}/deletion`, 'closed'),
};

async function at(stage: Stage, pathOf: (id: string) => string, state = 'ready'): Promise<string> {
  await stage.be(stage.superAdmin, stage.coreUrl);
  const { admin } = await testCluster();
  const client = await connect({ ...admin, database: 'aimsgodb' });
  const id = newId();
  try {
    await client.query(
      `insert into schools (id, subdomain, name, name_folded, country, town, curriculum, pupils, owner_name, owner_email, owner_phone, state)
        values ($1, $2, 'Saint Theresa of the Lake Academy and Junior School', 'saint theresa', 'KE', 'Nakuru', 'cbc', '301-600', 'Wanjiru Njeri', 'wanjiru.njeri.kamau@saint-theresa.example', '+254722481903', $3)`,
      [id, `seen-${id.slice(-8)}`, state],
    );
    await client.query(
      `insert into schools_transitions (id, school_id, from_state, to_state, reason, actor_name, at) values ($1, $2, null, 'ready', 'entered', 'operator', now())`,
      [newId(), id],
    );
  } finally {
    await client.end();
  }
  return pathOf(id);
}
