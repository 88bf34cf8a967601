import type pg from 'pg';
import { SCHOOL_ROLES } from '../names.rules.js';
import type { SchoolNames } from '../names.rules.js';
import { OfAnotherSchool } from '../ownership.rules.js';
import type { Connection, SchoolConnections, SchoolDatabases, SchoolOrder, SchoolPasswords, Step } from '../../ports.js';
import { exists, name, text, withClient } from './client.store.js';
import { CORE_DATABASE } from './cluster.store.js';
import { isOfAnother, marking, markOf, type Holding } from './ownership.store.js';
import { cloneTemplate, databaseExists, ensureTemplate } from './template.store.js';

/** Which groups a school's roles belong to, and whether they hold the rights at once or must ask for them. */
const MEMBERSHIPS: [group: string, role: keyof SchoolNames['roles'], how: string][] = [
  ['aims_owner', 'owner', 'inherit false, set true'],
  ['aims_worker', 'owner', 'inherit false, set true'],
  ['aims_app', 'app', 'inherit true, set false'],
  ['aims_readonly', 'readonly', 'inherit true, set false'],
  ['aims_worker', 'worker', 'inherit true, set false'],
];

/** Kept by the server for each session of the role, also behind a pooler, where a SET would leak to others. */
const LIMITS: [role: keyof SchoolNames['roles'], setting: string, value: string][] = [
  ['app', 'statement_timeout', '30s'],
  ['app', 'lock_timeout', '10s'],
  ['app', 'idle_in_transaction_session_timeout', '60s'],
  ['readonly', 'statement_timeout', '60s'],
  ['readonly', 'default_transaction_read_only', 'on'],
];

const CORE_ACCESS_LOCK = 7_203_434;
/** Of two who want the same names at once the second finds the mark of the first. */
const NAMES_LOCK = 7_203_435;

export class PgSchoolDatabases implements SchoolDatabases {
  /** `core` is the platform's database. */
  constructor(
    private readonly provisioner: Connection,
    private readonly core: string = CORE_DATABASE,
  ) {}

  connections(names: SchoolNames, passwords: SchoolPasswords): SchoolConnections {
    const { host, port } = this.provisioner;
    const of = (role: keyof SchoolPasswords) => ({
      host,
      port,
      database: names.database,
      user: names.roles[role],
      password: passwords[role],
    });
    return { owner: of('owner'), app: of('app'), readonly: of('readonly'), worker: of('worker') };
  }

  async withSteps<Result>(order: SchoolOrder, work: (steps: Step[]) => Promise<Result>): Promise<Result> {
    return withClient(this.provisioner, async (client) => {
      const holding = this.holding(client, order);
      if (await isOfAnother(holding)) throw new OfAnotherSchool();
      return work([
        rolesStep(holding, order),
        membershipsStep(client, order),
        databaseStep(holding),
        grantsStep(client, order),
        limitsStep(client, order),
        coreStep(holding),
      ]);
    });
  }

  async warmUp(): Promise<void> {
    await withClient(this.provisioner, (client) => ensureTemplate(this.provisioner, client));
  }

  async drop(names: SchoolNames, schoolId: string): Promise<void> {
    await withClient(this.provisioner, async (client) => {
      if (await isOfAnother(this.holding(client, { names, schoolId }))) return;
      await client.query(`drop database if exists ${name(names.database)} with (force)`);
      if (!(await roleExists(client, names.roles.app))) return;
      await changeCoreAccess(client, `revoke connect on database ${name(this.core)} from ${name(names.roles.app)}`);
      await withClient({ ...this.provisioner, database: this.core }, (core) =>
        core.query('delete from app.schools_by_role where role_name = $1', [names.roles.app]),
      );
      await client.query(`drop role if exists ${allRoles(names)}`);
    });
  }

  private holding(client: pg.Client, { names, schoolId }: Pick<SchoolOrder, 'names' | 'schoolId'>): Holding {
    return { client, provisioner: this.provisioner, core: { ...this.provisioner, database: this.core }, names, schoolId };
  }
}

/** The password is set each time: what the caller keeps is what holds. A role and its mark are one transaction. */
function rolesStep(holding: Holding, { names, schoolId, passwords }: SchoolOrder): Step {
  const { client } = holding;
  return {
    name: 'login roles',
    isDone: async () => {
      const { rows } = await client.query(
        "select 1 from pg_roles where rolname = any($1) and rolcanlogin and shobj_description(oid, 'pg_authid') like '%' || $2 || '%'",
        [Object.values(names.roles), markOf(schoolId)],
      );
      return rows.length === SCHOOL_ROLES.length && (passwords === null || (await passwordsHold(client, names, passwords)));
    },
    apply: async () => {
      if (!passwords) throw new Error('Login roles need passwords.');
      await client.query('begin');
      try {
        await client.query('select pg_advisory_xact_lock($1, hashtext($2))', [NAMES_LOCK, names.database]);
        if (await isOfAnother(holding)) throw new OfAnotherSchool();
        for (const role of SCHOOL_ROLES) {
          const verb = (await roleExists(client, names.roles[role])) ? 'alter' : 'create';
          await client.query(
            `${verb} role ${name(names.roles[role])} login password ${text(passwords[role])}; ${marking('role', name(names.roles[role]), schoolId)}`,
          );
        }
        await client.query('commit');
      } catch (error) {
        await client.query('rollback');
        throw error;
      }
    },
  };
}

async function passwordsHold(client: pg.Client, names: SchoolNames, passwords: SchoolPasswords): Promise<boolean> {
  if (!(await databaseExists(client, names.database))) return false;
  const { host, port } = client;
  for (const role of SCHOOL_ROLES) {
    const connection = { host, port, database: names.database, user: names.roles[role], password: passwords[role] };
    const holds = await withClient(connection, () => Promise.resolve(true)).catch(() => false);
    if (!holds) return false;
  }
  return true;
}

function membershipsStep(client: pg.Client, { names }: SchoolOrder): Step {
  return {
    name: 'group memberships',
    isDone: async () => {
      const { rows } = await client.query(
        `select 1 from pg_auth_members m join unnest($1::name[], $2::name[], $3::boolean[]) as wanted(grp, member, inherits)
           on m.roleid = wanted.grp::regrole and m.member = (select oid from pg_roles where rolname = wanted.member)
          and m.inherit_option = wanted.inherits and m.set_option = not wanted.inherits`,
        [
          MEMBERSHIPS.map(([group]) => group),
          MEMBERSHIPS.map(([, role]) => names.roles[role]),
          MEMBERSHIPS.map(([, , how]) => how.startsWith('inherit true')),
        ],
      );
      return rows.length === MEMBERSHIPS.length;
    },
    apply: async () => {
      await client.query(
        MEMBERSHIPS.map(([group, role, how]) => `grant ${group} to ${name(names.roles[role])} with ${how};`).join('\n'),
      );
    },
  };
}

/** Killed before the mark, it is an empty database that belongs to nobody: the next one marks it. */
function databaseStep({ provisioner, client, names, schoolId }: Holding): Step {
  return {
    name: 'database',
    isDone: () =>
      exists(
        client,
        "select 1 from pg_database where datname = $1 and shobj_description(oid, 'pg_database') like '%' || $2 || '%'",
        [names.database, markOf(schoolId)],
      ),
    apply: async () => {
      if (!(await databaseExists(client, names.database))) await cloneTemplate(provisioner, client, names.database);
      await client.query(marking('database', name(names.database), schoolId));
    },
  };
}

/** A clone has none of its template's grants on the database itself. */
function grantsStep(client: pg.Client, { names }: SchoolOrder): Step {
  return {
    name: 'right to connect',
    isDone: async () => {
      const { rows } = await client.query<{ mine: boolean; everybody: boolean }>(
        `select count(*) filter (where has_database_privilege(r.oid, $1, 'connect')) = 4 as mine,
                exists (select 1 from pg_database d, aclexplode(coalesce(d.datacl, acldefault('d', d.datdba))) a where d.datname = $1 and a.grantee = 0) as everybody
           from pg_roles r where r.rolname = any($2) and exists (select 1 from pg_database where datname = $1)`,
        [names.database, Object.values(names.roles)],
      );
      if (rows[0]?.mine !== true || rows[0].everybody) return false;
      return exists(client, "select 1 where has_database_privilege('aims_owner', $1::name, 'create')", [names.database]);
    },
    apply: async () => {
      const database = name(names.database);
      await client.query(`
        revoke all on database ${database} from public;
        grant create on database ${database} to aims_owner;
        grant connect on database ${database} to ${allRoles(names)}`);
    },
  };
}

function limitsStep(client: pg.Client, { names }: SchoolOrder): Step {
  return {
    name: 'limits',
    isDone: async () => {
      const { rows } = await client.query<{ rolname: string; setting: string }>(
        `select r.rolname, unnest(s.setconfig) as setting from pg_db_role_setting s
           join pg_database d on d.oid = s.setdatabase join pg_roles r on r.oid = s.setrole where d.datname = $1`,
        [names.database],
      );
      const set = new Set(rows.map((row) => `${row.rolname} ${row.setting}`));
      return LIMITS.every(([role, setting, value]) => set.has(`${names.roles[role]} ${setting}=${value}`));
    },
    apply: async () => {
      const statements = LIMITS.map(
        ([role, setting, value]) =>
          `alter role ${name(names.roles[role])} in database ${name(names.database)} set ${setting} = ${text(value)};`,
      );
      await client.query(statements.join('\n'));
    },
  };
}

/** A school reads its own row of the platform's database, and no other. */
function coreStep({ client, core, names, schoolId }: Holding): Step {
  const isMapped = (inCore: pg.Client) =>
    exists(inCore, 'select 1 from app.schools_by_role where role_name = $1 and school_id = $2', [names.roles.app, schoolId]);
  return {
    name: 'own row of the platform',
    isDone: async () => {
      const connects = await exists(client, 'select 1 from pg_roles where rolname = $1 and has_database_privilege(oid, $2, $3)', [
        names.roles.app,
        core.database,
        'connect',
      ]);
      return connects && (await withClient(core, isMapped));
    },
    apply: async () => {
      await changeCoreAccess(client, `grant connect on database ${name(core.database)} to ${name(names.roles.app)}`);
      await withClient(core, async (inCore) => {
        await inCore.query('insert into app.schools_by_role values ($1, $2) on conflict do nothing', [names.roles.app, schoolId]);
        if (!(await isMapped(inCore))) throw new OfAnotherSchool();
      });
    },
  };
}

/**
 * The rights on the platform's database are one row of the catalogue: two schools that are made or removed at once
 * follow each other here. Both statements are one transaction, since they are sent as one query.
 */
async function changeCoreAccess(client: pg.Client, statement: string): Promise<void> {
  await client.query(`select pg_advisory_xact_lock(${CORE_ACCESS_LOCK}); ${statement}`);
}

async function roleExists(client: pg.Client, role: string): Promise<boolean> {
  return exists(client, 'select 1 from pg_roles where rolname = $1', [role]);
}

function allRoles(names: SchoolNames): string {
  return SCHOOL_ROLES.map((role) => name(names.roles[role])).join(', ');
}
