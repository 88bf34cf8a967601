import type { Knex } from 'knex';
import { coreTable } from '../../src/platform/db/migration.js';

export async function up(knex: Knex): Promise<void> {
  await coreTable(knex, 'identity_sessions', (t) => {
    t.columns.text('sid').notNullable().comment('SHA-256 of the session id; the id itself is only in the cookie');
    t.columns.json('sess').notNullable();
    t.columns.timestamp('expire', { precision: 6 }).notNullable();
    t.ref('user_id', 'identity_users', { onDelete: 'cascade' });
    t.columns.timestamp('created_at').notNullable().defaultTo(knex.fn.now());
    t.columns.timestamp('last_seen_at').notNullable().defaultTo(knex.fn.now());
    t.columns.text('ip');
    t.columns.text('user_agent');
    t.uniqueOn(['sid']);
    t.indexed(['user_id']);
    t.indexed(['expire']);
  });

  await coreTable(knex, 'identity_codes', (t) => {
    t.columns.text('purpose').notNullable().checkIn(['sign-in', 'choose', 'factor']);
    t.columns.text('target').comment('E-mail or phone that the code goes to');
    t.columns.text('code_hash').comment('Null until it is sent: the code is made when it leaves');
    t.columns.text('browser_hash').notNullable();
    t.columns
      .specificType('candidate_ids', 'uuid[]')
      .notNullable()
      .defaultTo('{}')
      .comment('Whose sign-in this is; several share a phone');
    t.columns.text('method').notNullable();
    t.columns.integer('tries').notNullable().defaultTo(0);
    t.columns.timestamp('created_at').notNullable().defaultTo(knex.fn.now());
    t.columns.timestamp('expires_at').notNullable();
    t.columns.timestamp('used_at');
    t.indexed(['target', 'created_at']);
    t.indexed(['expires_at']);
  });

  await coreTable(knex, 'identity_links', (t) => {
    t.columns.text('kind').notNullable().checkIn(['invitation', 'reset']);
    t.ref('user_id', 'identity_users', { onDelete: 'cascade' });
    t.columns.text('token_hash').notNullable();
    t.columns.timestamp('created_at').notNullable().defaultTo(knex.fn.now());
    t.columns.timestamp('expires_at').notNullable();
    t.columns.timestamp('used_at');
    t.uniqueOn(['token_hash']);
    t.indexed(['user_id']);
  });

  await coreTable(knex, 'identity_refresh_tokens', (t) => {
    t.ref('user_id', 'identity_users', { onDelete: 'cascade' });
    t.columns.uuid('family').notNullable().comment('All tokens of one sign-in; the reuse of an old one ends them all');
    t.columns.text('token_hash').notNullable();
    t.columns.timestamp('created_at').notNullable().defaultTo(knex.fn.now());
    t.columns.timestamp('expires_at').notNullable();
    t.columns.timestamp('used_at');
    t.columns.text('ip');
    t.columns.text('user_agent');
    t.uniqueOn(['token_hash']);
    t.indexed(['family']);
    t.indexed(['user_id']);
  });

  await coreTable(knex, 'identity_known_devices', (t) => {
    t.ref('user_id', 'identity_users', { onDelete: 'cascade' });
    t.columns.text('token_hash').notNullable();
    t.columns.text('user_agent');
    t.columns.timestamp('created_at').notNullable().defaultTo(knex.fn.now());
    t.columns.timestamp('last_used_at').notNullable().defaultTo(knex.fn.now());
    t.uniqueOn(['user_id', 'token_hash']);
  });

  await coreTable(
    knex,
    'identity_attempts',
    (t) => {
      t.columns.timestamp('at').notNullable().defaultTo(knex.fn.now());
      t.columns.uuid('user_id').comment('Null when nobody has this login; no key, so that the history outlives an account');
      t.columns.text('login').notNullable().comment('Masked');
      t.columns.text('method').notNullable();
      t.columns.text('outcome').notNullable();
      t.columns.boolean('known_device').notNullable().defaultTo(false);
      t.columns.text('ip');
      t.columns.text('user_agent');
      t.indexed(['at']);
      t.indexed(['user_id', 'id']);
    },
    { appendOnly: true },
  );
}

export async function down(knex: Knex): Promise<void> {
  const tables = ['attempts', 'known_devices', 'refresh_tokens', 'links', 'codes', 'sessions'];
  for (const table of tables) await knex.schema.dropTableIfExists(`identity_${table}`);
}
