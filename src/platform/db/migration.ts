import type { Knex } from 'knex';
import { TableDefinition } from './rows/table-definition.js';
import type { TableOptions } from './rows/table-definition.js';

export type { TableDefinition, TableOptions } from './rows/table-definition.js';

/** The condition of every policy; the sub-select lets PostgreSQL ask once for each statement, not for each row. */
const OWN_SCHOOL = '(select app.current_school())';

/** Signature shared by `tenantTable` and `coreTable`, for tables that both kinds of database have. */
export type TableMaker = (
  knex: Knex,
  name: string,
  define: (t: TableDefinition) => void,
  options?: TableOptions,
) => Promise<void>;

/**
 * Creates a table of the school's database: `school_id` and `id` as its key, row-level security and grants.
 * `options.appendOnly` lets the application insert and read, nothing else.
 */
export const tenantTable: TableMaker = async (knex, name, define, options = {}) => {
  const definition = new TableDefinition(knex, name, ['school_id']);
  await knex.schema.createTable(name, (columns) => {
    columns.uuid('school_id').notNullable().defaultTo(knex.raw('app.current_school()'));
    columns.uuid('id').notNullable();
    columns.primary(['school_id', 'id'], { constraintName: `${name}_pkey` });
    definition.apply(columns, define);
  });
  await definition.finish();
  await protectTenantTable(knex, name, options);
  if (options.comment) await commentTable(knex, name, options.comment);
};

/** Adds columns, references and indexes to a table that `tenantTable` made. */
export async function changeTenantTable(knex: Knex, name: string, define: (t: TableDefinition) => void): Promise<void> {
  await changeTable(knex, name, define, ['school_id']);
}

/** Row-level security and grants for a table of a library's own shape; it needs a `school_id` with the usual default. */
export async function protectTenantTable(knex: Knex, name: string, options: TableOptions = {}): Promise<void> {
  await forceRowSecurity(knex, name);
  await knex.raw(`create policy own_school on ?? using (school_id = ${OWN_SCHOOL}) with check (school_id = ${OWN_SCHOOL})`, [
    name,
  ]);
  await knex.raw(`grant ${rights(options)} on ?? to aims_app`, [name]);
  await knex.raw('grant select on ?? to aims_readonly', [name]);
}

/**
 * Creates a table of the platform's database for the core role. `options.schoolColumn` names the column
 * (often `id` or `school_id`) by which a school's own role may read its own rows.
 */
export const coreTable: TableMaker = async (knex, name, define, options = {}) => {
  const definition = new TableDefinition(knex, name, []);
  await knex.schema.createTable(name, (columns) => {
    columns.uuid('id').notNullable();
    columns.primary(['id'], { constraintName: `${name}_pkey` });
    definition.apply(columns, define);
  });
  await definition.finish();
  await protectCoreTable(knex, name, options);
  if (options.comment) await commentTable(knex, name, options.comment);
};

export async function changeCoreTable(knex: Knex, name: string, define: (t: TableDefinition) => void): Promise<void> {
  await changeTable(knex, name, define, []);
}

export async function protectCoreTable(knex: Knex, name: string, options: TableOptions = {}): Promise<void> {
  await forceRowSecurity(knex, name);
  await knex.raw('create policy platform on ?? to aims_core_app, aims_core_owner using (true) with check (true)', [name]);
  await knex.raw(`grant ${rights(options)} on ?? to aims_core_app`, [name]);
  if (!options.schoolColumn) return;
  await knex.raw(`create policy own_school on ?? for select to aims_app using (?? = ${OWN_SCHOOL})`, [
    name,
    options.schoolColumn,
  ]);
  await knex.raw('grant select on ?? to aims_app', [name]);
}

/**
 * Lets a school's own role add rows of its own to a table of the platform, and change these columns of them; with an
 * empty list what it has said stands for good. The table needs a `schoolColumn`.
 */
export async function letSchoolsAdd(
  knex: Knex,
  name: string,
  schoolColumn: string,
  changeable: readonly string[] = [],
): Promise<void> {
  await knex.raw(`create policy own_school_adds on ?? for insert to aims_app with check (?? = ${OWN_SCHOOL})`, [
    name,
    schoolColumn,
  ]);
  await knex.raw('grant insert on ?? to aims_app', [name]);
  if (changeable.length > 0) await letSchoolsChange(knex, name, schoolColumn, changeable);
}

/** The same for columns of rows that the platform has added for it. */
export async function letSchoolsChange(
  knex: Knex,
  name: string,
  schoolColumn: string,
  columns: readonly string[],
): Promise<void> {
  await knex.raw(
    `create policy own_school_changes on ?? for update to aims_app using (?? = ${OWN_SCHOOL}) with check (?? = ${OWN_SCHOOL})`,
    [name, schoolColumn, schoolColumn],
  );
  await knex.raw(`grant update (${columns.map(() => '??').join(', ')}) on ?? to aims_app`, [...columns, name]);
}

/** Takes back what `tenantTable` gave: the application may add rows, change these columns of them, and remove none. */
export async function grantOnlyChanges(knex: Knex, name: string, columns: readonly string[]): Promise<void> {
  await knex.raw('revoke update, delete on ?? from aims_app', [name]);
  await knex.raw(`grant update (${columns.map(() => '??').join(', ')}) on ?? to aims_app`, [...columns, name]);
}

/** A view for reports over a module's own tables; it acts with the rights of who asks, so policies hold in it. */
export async function reportView(knex: Knex, name: string, select: string): Promise<void> {
  await knex.raw(`create view ?? with (security_invoker = true) as ${select}`, [name]);
  await knex.raw('grant select on ?? to aims_app, aims_readonly', [name]);
}

/** The same in the platform's database; no school's role sees it. */
export async function coreReportView(knex: Knex, name: string, select: string): Promise<void> {
  await knex.raw(`create view ?? with (security_invoker = true) as ${select}`, [name]);
  await knex.raw('grant select on ?? to aims_core_app', [name]);
}

export async function addComment(knex: Knex, table: string, column: string, comment: string): Promise<void> {
  await knex.raw(`comment on column ??.?? is ${literal(comment)}`, [table, column]);
}

async function commentTable(knex: Knex, table: string, comment: string): Promise<void> {
  await knex.raw(`comment on table ?? is ${literal(comment)}`, [table]);
}

async function changeTable(knex: Knex, name: string, define: (t: TableDefinition) => void, prefix: string[]): Promise<void> {
  const definition = new TableDefinition(knex, name, prefix);
  await knex.schema.alterTable(name, (columns) => definition.apply(columns, define));
  await definition.finish();
}

async function forceRowSecurity(knex: Knex, name: string): Promise<void> {
  await knex.raw('alter table ?? enable row level security', [name]);
  await knex.raw('alter table ?? force row level security', [name]);
}

function rights(options: TableOptions): string {
  return options.appendOnly ? 'select, insert' : 'select, insert, update, delete';
}

function literal(text: string): string {
  return `'${text.replaceAll("'", "''").replaceAll('?', '\\?')}'`;
}
