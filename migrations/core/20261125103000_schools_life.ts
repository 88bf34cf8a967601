import type { Knex } from 'knex';
import { addComment, changeCoreTable, coreTable } from '../../src/platform/db/migration.js';

/** Hyphens, 0 and o, 1 and i and l, rn and m, vv and w: what an eye may miss. As `skeleton` in the module's domain. */
const SKELETON = `translate(replace(replace(replace(subdomain, '-', ''), 'rn', 'm'), 'vv', 'w'), '01i', 'oll')`;

export async function up(knex: Knex): Promise<void> {
  await changeCoreTable(knex, 'schools', (t) => {
    t.columns.text('skeleton');
    t.columns.text('name_folded').notNullable().defaultTo('');
    t.columns.text('curriculum');
    t.columns.text('pupils');
    t.columns.text('language');
    t.columns.text('owner_name');
    t.columns.text('owner_email');
    t.columns.text('owner_phone');
    t.columns.timestamp('state_at').notNullable().defaultTo(knex.fn.now());
    t.columns.text('state_note');
  });
  await knex.raw('alter table schools drop constraint schools_state');
  await knex.raw(`update schools set state = 'closing' where state = 'closed'`);
  await knex.raw('update schools set name_folded = lower(name), state_at = created_at');
  // Of those that look alike already the oldest keeps the look; the others stay as they are.
  await knex.raw(
    `update schools set skeleton = ${SKELETON} where id in (select distinct on (${SKELETON}) id from schools order by ${SKELETON}, created_at, id)`,
  );
  await changeCoreTable(knex, 'schools', (t) => {
    t.check('state', `state in ('draft', 'verified', 'provisioning', 'ready', 'suspended', 'closing', 'deleted')`);
    t.check(
      'forgotten',
      `state <> 'deleted' or (owner_name is null and owner_email is null and owner_phone is null and town is null and state_note is null)`,
    );
    t.uniqueOn(['skeleton']);
    t.indexed(['name_folded', 'id']);
    t.indexed(['owner_email']);
  });
  await addComment(
    knex,
    'schools',
    'skeleton',
    'The address without what an eye may miss: one of those that look alike is enough',
  );
  await addComment(
    knex,
    'schools',
    'state_note',
    'What platform people wrote beside the reason; here and not in the transitions, since it may name somebody',
  );
  await coreTable(
    knex,
    'schools_transitions',
    (t) => {
      t.ref('school_id', 'schools');
      t.columns.text('from_state');
      t.columns.text('to_state').notNullable();
      t.columns.text('reason').notNullable();
      t.columns.uuid('actor_id');
      t.columns.text('actor_name').notNullable();
      t.columns.timestamp('at').notNullable();
      t.indexed(['to_state', 'at']);
    },
    { appendOnly: true, comment: 'Each step in the life of a school; names nobody of the school' },
  );
  await knex.raw(
    `insert into schools_transitions (id, school_id, from_state, to_state, reason, actor_name, at)
      select gen_random_uuid(), id, null, state, 'entered', 'operator', created_at from schools`,
  );
}

/** Narrower than the states that have come since: only for a register that has none of them. */
export async function down(knex: Knex): Promise<void> {
  await knex.schema.dropTable('schools_transitions');
  await knex.raw('alter table schools drop constraint schools_state, drop constraint schools_forgotten');
  await knex.raw(`update schools set state = 'closed' where state in ('closing', 'deleted')`);
  await knex.raw(`update schools set state = 'provisioning' where state in ('draft', 'verified')`);
  await knex.schema.alterTable('schools', (t) => {
    t.dropColumns(
      'skeleton',
      'name_folded',
      'curriculum',
      'pupils',
      'language',
      'owner_name',
      'owner_email',
      'owner_phone',
      'state_at',
      'state_note',
    );
  });
  await changeCoreTable(knex, 'schools', (t) => t.check('state', `state in ('provisioning', 'ready', 'suspended', 'closed')`));
}
