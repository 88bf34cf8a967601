import type { Knex } from 'knex';
import { coreTable } from '../../src/platform/db/migration.js';

export async function up(knex: Knex): Promise<void> {
  await coreTable(knex, 'identity_passkeys', (t) => {
    t.ref('user_id', 'identity_users', { onDelete: 'cascade' });
    t.columns.text('credential_id').notNullable().comment('As the authenticator calls it, base64url');
    t.columns.binary('public_key').notNullable().comment('COSE');
    t.columns
      .bigInteger('counter')
      .notNullable()
      .comment('Signatures so far; one that goes back means that the key was copied. 0 for keys that don’t count');
    t.columns.specificType('transports', 'text[]').notNullable().defaultTo('{}');
    t.columns.text('name').notNullable().comment('What its owner calls it');
    t.columns.boolean('backed_up').notNullable().comment('Kept by a provider too, so that a lost phone does not lose it');
    t.columns.timestamp('created_at').notNullable().defaultTo(knex.fn.now());
    t.columns.timestamp('last_used_at');
    t.uniqueOn(['credential_id']);
    t.indexed(['user_id', 'created_at']);
  });
  await coreTable(knex, 'identity_challenges', (t) => {
    t.columns.text('challenge').notNullable();
    t.columns.text('purpose').notNullable().checkIn(['sign-in', 'confirm', 'enrol']);
    t.columns.text('holder').notNullable().comment('Whose it is: the hash of a browser that signs in, or an account');
    t.columns.timestamp('expires_at').notNullable();
    t.uniqueOn(['challenge']);
    t.indexed(['expires_at']);
  });
  // Whoever has passkeys alone has recovery codes too, but no secret of an app.
  await knex.raw('alter table identity_factors alter column secret_sealed drop not null');
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('delete from identity_factors where secret_sealed is null');
  await knex.raw('alter table identity_factors alter column secret_sealed set not null');
  await knex.schema.dropTableIfExists('identity_challenges');
  await knex.schema.dropTableIfExists('identity_passkeys');
}
