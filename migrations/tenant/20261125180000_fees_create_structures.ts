import type { Knex } from 'knex';
import { addComment, tenantTable } from '../../src/platform/db/migration.js';

/** What the school charges for, and how much for whom. */
export async function up(knex: Knex): Promise<void> {
  await tenantTable(knex, 'fees_vote_heads', (t) => {
    t.columns.text('code').notNullable();
    t.columns.text('name').notNullable();
    t.columns.text('kind').notNullable();
    t.columns.text('frequency').notNullable();
    t.columns.boolean('mandatory').notNullable();
    t.columns.uuid('account_id').notNullable();
    t.columns.smallint('priority').notNullable();
    t.columns.boolean('active').notNullable().defaultTo(true);
    t.columns.integer('version').notNullable().defaultTo(1);
    t.check('code', "code ~ '^[0-9A-Z.-]{1,12}$'");
    t.check('kind', "kind in ('income', 'deposit', 'for-others')");
    t.check('frequency', "frequency in ('term', 'year', 'once')");
    t.check('priority', 'priority between 1 and 99');
    t.uniqueOn(['code']);
  });
  await addComment(knex, 'fees_vote_heads', 'account_id', 'The account of the books that its charges end in');
  await addComment(knex, 'fees_vote_heads', 'priority', 'Inside one invoice a payment settles the lower number first');

  await tenantTable(knex, 'fees_structures', (t) => {
    t.ref('year_id', 'school_years');
    t.columns.text('name').notNullable();
    t.columns.text('boarding');
    t.columns.text('state').notNullable();
    t.columns.integer('edition').notNullable();
    t.ref('replaces_id', 'fees_structures', { null: true });
    t.columns.timestamp('published_at');
    t.columns.text('published_by');
    t.columns.integer('version').notNullable().defaultTo(1);
    t.check('boarding', "boarding is null or boarding in ('day', 'boarder')");
    t.check('state', "state in ('draft', 'published', 'replaced')");
    t.check('published', "(state = 'draft') = (published_at is null)");
    t.indexed(['year_id', 'state']);
    t.uniqueOn(['replaces_id'], { where: "replaces_id is not null and state = 'draft'", name: 'fees_structures_one_draft' });
  });

  await tenantTable(
    knex,
    'fees_structure_audiences',
    (t) => {
      t.ref('structure_id', 'fees_structures', { onDelete: 'cascade' });
      t.ref('class_id', 'subjects_classes', { null: true });
      t.ref('stream_id', 'subjects_streams', { null: true });
      t.check('one', '(class_id is null) <> (stream_id is null)');
      t.uniqueOn(['structure_id', 'class_id', 'stream_id'], { nullsNotDistinct: true });
    },
    { comment: 'Whom a structure is for; without rows it is for the whole school' },
  );

  await tenantTable(knex, 'fees_structure_lines', (t) => {
    t.ref('structure_id', 'fees_structures', { onDelete: 'cascade' });
    t.ref('head_id', 'fees_vote_heads');
    t.ref('term_id', 'school_terms');
    t.columns.bigInteger('amount_minor').notNullable();
    t.check('amount', 'amount_minor > 0');
    t.uniqueOn(['structure_id', 'head_id', 'term_id']);
  });
}

export async function down(knex: Knex): Promise<void> {
  for (const table of ['fees_structure_lines', 'fees_structure_audiences', 'fees_structures', 'fees_vote_heads'])
    await knex.schema.dropTableIfExists(table);
}
