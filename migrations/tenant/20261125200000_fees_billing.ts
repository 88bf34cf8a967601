import type { Knex } from 'knex';
import { addComment, tenantTable } from '../../src/platform/db/migration.js';

/** How bills are made: runs over a term, who takes what is not for everybody, and what is taken off for whom. */
export async function up(knex: Knex): Promise<void> {
  await tenantTable(knex, 'fees_settings', (t) => {
    t.columns.boolean('auto_bill').notNullable().defaultTo(false);
    t.columns.text('joiners').notNullable().defaultTo('days');
    t.columns.text('leavers').notNullable().defaultTo('keep');
    t.columns.smallint('due_days').notNullable().defaultTo(14);
    t.columns.text('how_to_pay').notNullable().defaultTo('');
    t.columns.integer('version').notNullable().defaultTo(1);
    t.check('joiners', "joiners in ('days', 'whole')");
    t.check('leavers', "leavers in ('days', 'keep')");
    t.check('due_days', 'due_days between 0 and 120');
    // One row for a school.
    t.uniqueOn([]);
  });
  await addComment(
    knex,
    'fees_settings',
    'auto_bill',
    'Whether admissions, moves and departures are billed by themselves once their term is billed',
  );

  await tenantTable(
    knex,
    'fees_billing_runs',
    (t) => {
      t.ref('term_id', 'school_terms');
      t.columns.jsonb('scope').notNullable();
      t.columns.text('state').notNullable();
      t.columns.integer('learners').notNullable().defaultTo(0);
      t.columns.integer('documents').notNullable().defaultTo(0);
      t.columns.integer('done').notNullable().defaultTo(0);
      t.columns.bigInteger('total_minor').notNullable().defaultTo(0);
      t.columns.text('problem');
      t.columns.text('reversal_reason');
      t.columns.uuid('by_user_id');
      t.columns.text('by_name').notNullable();
      t.columns.timestamp('created_at').notNullable().defaultTo(knex.fn.now());
      t.columns.timestamp('finished_at');
      t.check('state', "state in ('queued', 'done', 'failed', 'reversing', 'reversed')");
      t.check('reversal', "(state in ('reversing', 'reversed')) = (reversal_reason is not null)");
      t.uniqueOn(['term_id'], { where: "state in ('queued', 'reversing')", name: 'fees_billing_runs_one_at_a_time' });
      t.indexed(['created_at', 'id']);
    },
    { comment: 'Bills of a term, made in one go and taken back in one go' },
  );

  await tenantTable(
    knex,
    'fees_subscriptions',
    (t) => {
      t.ref('student_id', 'students');
      t.ref('head_id', 'fees_vote_heads');
      t.ref('from_term_id', 'school_terms');
      t.ref('to_term_id', 'school_terms', { null: true });
      t.columns.timestamp('created_at').notNullable().defaultTo(knex.fn.now());
      t.columns.integer('version').notNullable().defaultTo(1);
      t.uniqueOn(['student_id', 'head_id'], { where: 'to_term_id is null', name: 'fees_subscriptions_one_open' });
    },
    { comment: 'Who takes a head that is not for everybody, from which term to which' },
  );

  await tenantTable(
    knex,
    'fees_award_kinds',
    (t) => {
      t.columns.text('name').notNullable();
      t.columns.text('method').notNullable();
      t.columns.bigInteger('value').notNullable();
      t.columns.integer('most_basis_points');
      t.columns.specificType('head_ids', 'uuid[]').notNullable().defaultTo('{}');
      t.columns.smallint('rank').notNullable();
      t.columns.bigInteger('limit_minor');
      t.columns.boolean('sponsored').notNullable().defaultTo(false);
      t.columns.boolean('active').notNullable().defaultTo(true);
      t.columns.integer('version').notNullable().defaultTo(1);
      t.check('method', "method in ('fixed', 'percent', 'siblings')");
      t.check('value', "value > 0 and (method = 'fixed' or value <= 10000)");
      t.check('siblings', "(method = 'siblings') = (most_basis_points is not null) and not (method = 'siblings' and sponsored)");
      t.check('rank', 'rank between 1 and 99');
      t.check('limit', 'limit_minor is null or limit_minor > 0');
      t.uniqueOn(['name']);
    },
    { comment: 'What may be taken off: a discount of the school, or a share that a sponsor pays' },
  );
  await addComment(
    knex,
    'fees_award_kinds',
    'value',
    'Minor units when fixed, else hundredths of a per cent; of siblings, for each elder one',
  );
  await addComment(
    knex,
    'fees_award_kinds',
    'most_basis_points',
    'Siblings only: more than this is not given, however many they are',
  );
  await addComment(
    knex,
    'fees_award_kinds',
    'head_ids',
    'What it is taken off; none named is every head that is the school’s own income',
  );
  await addComment(
    knex,
    'fees_award_kinds',
    'rank',
    'Lower ones are taken off first; a percentage is of what those before it have left',
  );
  await addComment(knex, 'fees_award_kinds', 'limit_minor', 'More than this in a term is not taken off');

  await tenantTable(knex, 'fees_awards', (t) => {
    t.ref('student_id', 'students');
    t.ref('kind_id', 'fees_award_kinds');
    t.ref('sponsor_id', 'fees_sponsors', { null: true });
    t.columns.bigInteger('value');
    t.ref('from_term_id', 'school_terms');
    t.ref('to_term_id', 'school_terms', { null: true });
    t.columns.text('state').notNullable();
    t.columns.text('reason').notNullable().defaultTo('');
    t.columns.text('by_name').notNullable();
    t.columns.timestamp('created_at').notNullable().defaultTo(knex.fn.now());
    t.columns.integer('version').notNullable().defaultTo(1);
    t.check('value', 'value is null or value > 0');
    t.check('state', "state in ('active', 'ended')");
    t.indexed(['student_id', 'state']);
  });
  await addComment(knex, 'fees_awards', 'value', 'Instead of the kind’s own');
  await knex.raw(holdFunction('perform pg_advisory_xact_lock_shared(4721, 0);'));
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(holdFunction(''));
  for (const table of ['fees_awards', 'fees_award_kinds', 'fees_subscriptions', 'fees_billing_runs', 'fees_settings'])
    await knex.schema.dropTableIfExists(table);
}

/** As before; but whoever writes for some students shares a lock that a billing run, which writes for all, takes alone. */
function holdFunction(share: string): string {
  return `
  create or replace function app.fees_hold(key text, names text[]) returns void language plpgsql as $$
    begin
      if key is not null then
        perform set_config('lock_timeout', '3000', true);
        perform pg_advisory_xact_lock(hashtextextended(key, 4721));
        perform set_config('lock_timeout', '0', true);
      end if;
      ${share}
      perform pg_advisory_xact_lock(named.hash) from (select distinct hashtextextended(n, 4722) as hash from unnest(names) as n order by 1) as named;
    end $$;`;
}
