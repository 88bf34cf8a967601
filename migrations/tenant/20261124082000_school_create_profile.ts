import type { Knex } from 'knex';
import { tenantTable } from '../../src/platform/db/migration.js';

export async function up(knex: Knex): Promise<void> {
  await tenantTable(knex, 'school', (t) => {
    t.columns.boolean('only_one').notNullable().defaultTo(true).comment('Unique: a database holds one school');
    t.columns.text('name').notNullable();
    t.columns.text('short_name').notNullable();
    t.columns.text('motto').notNullable().defaultTo('');
    t.columns.text('type').notNullable().checkIn(['day', 'boarding', 'day-and-boarding']);
    t.columns.text('code').notNullable().defaultTo('').comment('Number of the school with the ministry or the examination body');
    t.columns.text('address').notNullable().defaultTo('');
    t.columns.text('town').notNullable().defaultTo('');
    t.columns.text('region').notNullable().defaultTo('').comment('County, state, region, district or province');
    t.columns.text('country').notNullable().comment('ISO 3166, two letters');
    t.columns.specificType('phones', 'text[]').notNullable().defaultTo('{}').comment('E.164');
    t.columns.text('email').notNullable().defaultTo('');
    t.columns.text('website').notNullable().defaultTo('');
    t.columns.text('currency').notNullable();
    t.columns.text('zone').notNullable().comment('IANA name');
    t.columns.text('language').notNullable().defaultTo('en');
    t.columns.text('pack_id').notNullable().comment('Country pack that the school was seeded from');
    t.columns.specificType('stages', 'text[]').notNullable().defaultTo('{}').comment('Stages of the pack that the school has');
    t.columns.text('number_prefix').notNullable().defaultTo('');
    t.columns.text('admission_pattern').notNullable();
    t.columns.text('staff_pattern').notNullable();
    t.columns.text('first_colour').notNullable();
    t.columns.text('second_colour').notNullable();
    t.columns.text('theme_css').notNullable();
    t.columns.text('theme_hash').notNullable().comment('In the address of the theme, so that browsers keep it for ever');
    t.columns.specificType('modules_off', 'text[]').notNullable().defaultTo('{}');
    t.columns
      .specificType('setup_done', 'text[]')
      .notNullable()
      .defaultTo('{}')
      .comment('Steps of the set-up that have been saved');
    t.columns.timestamp('setup_finished_at');
    t.columns.timestamp('created_at').notNullable().defaultTo(knex.fn.now());
    t.uniqueOn(['only_one']);
    t.check('only_one', 'only_one');
    t.check('two_colours', 'first_colour <> second_colour');
  });

  await tenantTable(knex, 'school_counters', (t) => {
    t.columns.text('key').notNullable().comment('`admission`, or `admission:2026` where the count begins again each year');
    t.columns.bigInteger('last').notNullable().defaultTo(0).comment('Given out last; only ever grows');
    t.uniqueOn(['key']);
  });

  await tenantTable(knex, 'school_assets', (t) => {
    t.columns.text('kind').notNullable().checkIn(['logo', 'letterhead', 'stamp', 'signature']);
    t.columns.text('signatory').notNullable().defaultTo('').comment('Whose signature it is; empty for other kinds');
    t.columns.text('title').notNullable().defaultTo('');
    t.columns.integer('version').notNullable();
    t.columns.uuid('file_id').notNullable().comment('Kept by the files module');
    t.columns.boolean('current').notNullable();
    t.columns.timestamp('created_at').notNullable().defaultTo(knex.fn.now());
    t.uniqueOn(['kind', 'signatory', 'version']);
    t.uniqueOn(['kind', 'signatory'], { where: 'current', name: 'school_assets_current_key' });
  });
}

export async function down(knex: Knex): Promise<void> {
  for (const table of ['school_assets', 'school_counters', 'school']) await knex.schema.dropTableIfExists(table);
}
