import type { Knex } from 'knex';
import { changeTenantTable } from '../../src/platform/db/migration.js';

/** Lists name the first guardian of each child who may be told: the index gives that one, instead of all of them to be sorted. */
export async function up(knex: Knex): Promise<void> {
  await changeTenantTable(knex, 'students_guardianships', (t) => {
    t.indexed(['student_id', 'priority', 'id'], { where: 'not barred', name: 'students_guardianships_first' });
  });
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('drop index students_guardianships_first');
}
