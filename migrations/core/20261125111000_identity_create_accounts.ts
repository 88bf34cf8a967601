import type { Knex } from 'knex';
import { coreTable } from '../../src/platform/db/migration.js';

export async function up(knex: Knex): Promise<void> {
  await coreTable(knex, 'identity_settings', (t) => {
    t.columns.integer('permissions_version').notNullable().defaultTo(1).comment('Grows with every change of the matrix');
    t.columns
      .specificType('factor_roles', 'text[]')
      .notNullable()
      .defaultTo('{super-admin,support,analyst}')
      .comment('Roles that need a second factor');
    // One row for the platform.
    t.uniqueOn(['(true)'], { name: 'identity_settings_key' });
  });

  await coreTable(knex, 'identity_users', (t) => {
    t.columns.text('name').notNullable();
    t.columns.text('name_folded').notNullable();
    t.columns.text('email').comment('Login, folded to lower case');
    t.columns.text('phone').comment('Login, E.164');
    t.columns.text('shared_phone').comment('E.164; a phone that is another account’s login or is shared: codes only');
    t.columns.text('person_kind').checkIn(['staff', 'guardian', 'student']);
    t.columns.uuid('person_id');
    t.columns.text('password_hash');
    t.columns.boolean('must_set_password').notNullable().defaultTo(false);
    t.columns.timestamp('password_expires_at').comment('End of a printed one-time password');
    t.columns.integer('version').notNullable().defaultTo(1).comment('Grows with every change that ends API tokens');
    t.columns.text('state').notNullable().defaultTo('invited').checkIn(['invited', 'active', 'disabled']);
    t.columns.text('language');
    t.columns.text('density').checkIn(['compact', 'normal']);
    t.columns.timestamp('created_at').notNullable().defaultTo(knex.fn.now());
    t.columns.timestamp('last_sign_in_at');
    t.uniqueOn(['email']);
    t.uniqueOn(['phone']);
    t.uniqueOn(['person_kind', 'person_id']);
    t.indexed(['shared_phone']);
    t.indexed(['name_folded', 'id']);
  });

  await coreTable(knex, 'identity_user_roles', (t) => {
    t.ref('user_id', 'identity_users', { onDelete: 'cascade' });
    t.columns.text('role').notNullable();
    t.uniqueOn(['user_id', 'role']);
    t.indexed(['role']);
  });

  await coreTable(knex, 'identity_role_permissions', (t) => {
    t.columns.text('role').notNullable();
    t.columns.text('permission').notNullable();
    t.columns.boolean('granted').notNullable().comment('false takes away what the module gave by default');
    t.uniqueOn(['role', 'permission']);
  });

  await coreTable(knex, 'identity_factors', (t) => {
    t.ref('user_id', 'identity_users', { onDelete: 'cascade' });
    t.columns.text('secret_sealed').notNullable().comment('TOTP secret, encrypted with a key made from SECRET_KEY');
    t.columns.timestamp('confirmed_at').comment('Null until the first right code');
    t.columns
      .bigInteger('last_counter')
      .notNullable()
      .defaultTo(0)
      .comment('30-second step of the last code used: each counts once');
    t.columns.specificType('recovery_hashes', 'text[]').notNullable().defaultTo('{}');
    t.columns.timestamp('created_at').notNullable().defaultTo(knex.fn.now());
    t.uniqueOn(['user_id']);
  });
}

export async function down(knex: Knex): Promise<void> {
  for (const table of [
    'identity_factors',
    'identity_role_permissions',
    'identity_user_roles',
    'identity_users',
    'identity_settings',
  ]) {
    await knex.schema.dropTableIfExists(table);
  }
}
