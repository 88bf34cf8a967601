import type { Knex } from 'knex';
import { addComment } from '../../src/platform/db/migration.js';

/**
 * Staged rows are written once, read twice and thrown away: as `json` they are kept as they come, without being taken
 * apart first, and all marks of a row lie in one value that the comparison of a file reads in a single pass.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    alter table imports_rows
      alter column cells type json,
      alter column "values" type json,
      add column marks json not null default '[]'`);
  await knex.raw('alter table imports_rows drop column mark_rules, drop column mark_values, drop column mark_details');
  await addComment(knex, 'imports_rows', 'marks', 'What no two rows of one file may share: [[rule, value, detail], …]');
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    alter table imports_rows
      alter column cells type jsonb,
      alter column "values" type jsonb,
      add column mark_rules text[] not null default '{}',
      add column mark_values text[] not null default '{}',
      add column mark_details text[] not null default '{}',
      drop column marks`);
}
