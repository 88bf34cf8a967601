import type { Knex } from 'knex';

/**
 * Contacts, identity numbers, health and faith of children have rights of their own. A role that the school has changed
 * keeps what it could do: whoever could see students saw all of that. Other roles have the defaults of the new version.
 */
const WERE_SEEN = ['students.contacts', 'students.identity', 'students.health', 'students.faith'];
const STAFF = [
  'owner',
  'administrator',
  'head',
  'registrar',
  'bursar',
  'class-teacher',
  'teacher',
  'hr-officer',
  'librarian',
  'nurse',
  'caterer',
  'auditor',
];

export async function up(knex: Knex): Promise<void> {
  await knex.raw(
    `insert into identity_role_permissions (school_id, id, role, permission, granted)
      select r.school_id, gen_random_uuid(), r.role, p.permission, true
        from (select distinct school_id, role from identity_role_permissions where role = any(?)) r, unnest(?::text[]) as p (permission)
        where not exists (select 1 from identity_role_permissions d
          where d.school_id = r.school_id and d.role = r.role and d.permission = 'students.read' and not d.granted)
      on conflict (school_id, role, permission) do nothing`,
    [STAFF, WERE_SEEN],
  );
  // Medical alerts were a default of class teachers.
  await knex.raw(
    `insert into identity_role_permissions (school_id, id, role, permission, granted)
      select distinct school_id, gen_random_uuid(), role, 'students.alerts.health', true from (select distinct school_id, role from identity_role_permissions where role = 'class-teacher') r
      on conflict (school_id, role, permission) do nothing`,
  );
  await knex.raw('update identity_settings set permissions_version = permissions_version + 1');
}

/** The version before knows nothing of these rights. */
export async function down(knex: Knex): Promise<void> {
  await knex.raw('delete from identity_role_permissions where permission = any(?)', [WERE_SEEN]);
}
