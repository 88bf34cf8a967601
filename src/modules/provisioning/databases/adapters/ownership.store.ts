import type pg from 'pg';
import type { SchoolNames } from '../names.rules.js';
import type { Connection } from '../../ports.js';
import { exists, text, withClient } from './client.store.js';

/** Stands in the comment of a school's database and of its roles, beside whatever an operator may have written there. */
const MARK = /\bAIMS school ([0-9a-f-]{36})\b/;

export interface Holding {
  client: pg.Client;
  provisioner: Connection;
  /** The platform's database. */
  core: Connection;
  names: SchoolNames;
  schoolId: string;
}

interface Thing {
  kind: 'database' | 'role';
  comment: string | null;
  administered: boolean;
}

const THINGS = `select 'database' as kind, shobj_description(d.oid, 'pg_database') as comment, pg_has_role(d.datdba, 'member') as administered
    from pg_database d where datname = $1
  union all
  select 'role', shobj_description(r.oid, 'pg_authid'),
      exists (select 1 from pg_auth_members m where m.roleid = r.oid and m.member = current_user::regrole and m.admin_option)
    from pg_roles r where rolname = any($2)`;

export function markOf(schoolId: string): string {
  return `AIMS school ${schoolId}`;
}

/** As a statement, to be sent together with the one that makes the thing. */
export function marking(kind: 'database' | 'role', quotedName: string, schoolId: string): string {
  return `comment on ${kind} ${quotedName} is ${text(markOf(schoolId))}`;
}

/**
 * Whether what has these names in the cluster is another's. What has no mark was made before there were marks, or its
 * maker was killed before it could set one: then the map inside of the database, or the platform's, tells.
 */
export async function isOfAnother({ client, provisioner, core, names, schoolId }: Holding): Promise<boolean> {
  const { rows } = await client.query<Thing>(THINGS, [names.database, Object.values(names.roles)]);
  const marks = rows.map(({ comment }) => MARK.exec(comment ?? '')?.[1] ?? null);
  if (rows.some(({ administered }, at) => !administered || (marks[at] !== null && marks[at] !== schoolId))) return true;
  const unmarked = rows.some(({ kind }, at) => kind === 'database' && marks[at] === null);
  if (unmarked && !(await isFreeInside({ ...provisioner, database: names.database }, schoolId))) return true;
  if (marks.filter((mark) => mark !== null).length === 1 + Object.keys(names.roles).length) return false;
  return withClient(core, (inCore) =>
    exists(inCore, 'select 1 from app.schools_by_role where role_name = $1 and school_id <> $2', [names.roles.app, schoolId]),
  );
}

/** One of ours whose roles belong to this school, or to none yet. */
async function isFreeInside(database: Connection, schoolId: string): Promise<boolean> {
  return withClient(database, async (client) => {
    if (
      !(await exists(
        client,
        "select 1 from pg_tables where schemaname = 'app' and tablename = 'schools_by_role' and tableowner = 'aims_owner'",
        [],
      ))
    )
      return false;
    await client.query('set role aims_owner');
    return !(await exists(client, 'select 1 from app.schools_by_role where school_id <> $1', [schoolId]));
  });
}
