import { Conflict } from '../../../../kernel/errors.js';
import { newId } from '../../../../kernel/id.js';
import { fold } from '../../../../kernel/people/names.js';
import { Cached, changed, db, query } from '../../../../platform/db/index.js';
import type { RoleName } from '../../ports.js';
import { TOP_ROLES } from '../../roles/limits.rules.js';
import type { Login } from '../login.rules.js';
import type { Account, AccountPatch, AccountState, AccountStore, PersonKind } from '../../ports.js';

/** Announced whenever a session, a role or an account changes: every process forgets what it keeps of them. */
export const PEOPLE = 'identity.people';
/** Announced when a person gets an account or is left without one. */
const HOLDERS = 'identity.holders';

interface Row {
  id: string;
  name: string;
  email: string | null;
  phone: string | null;
  shared_phone: string | null;
  person_kind: PersonKind | null;
  person_id: string | null;
  password_hash: string | null;
  must_set_password: boolean;
  password_expires_at: Date | null;
  version: number;
  state: AccountState;
  language: string | null;
  density: 'compact' | 'normal' | null;
  created_at: Date;
  last_sign_in_at: Date | null;
  roles: RoleName[];
  has_totp: boolean;
  passkeys: number;
}

const SELECT = `select u.id, u.name, u.email, u.phone, u.shared_phone, u.person_kind, u.person_id, u.password_hash, u.must_set_password,
  u.password_expires_at, u.version, u.state, u.language, u.density, u.created_at, u.last_sign_in_at,
  array(select r.role from identity_user_roles r where r.user_id = u.id order by r.role) as roles,
  exists (select 1 from identity_factors f where f.user_id = u.id and f.confirmed_at is not null) as has_totp,
  (select count(*)::int from identity_passkeys k where k.user_id = u.id) as passkeys
  from identity_users u`;

export class PgAccountStore implements AccountStore {
  /** Every page of a child asks who of the family can sign in; accounts are made in batches, and hardly ever taken away. */
  private readonly held = new Cached<ReadonlySet<string>>(HOLDERS, async () => {
    const rows = await query<{ holder: string }>(
      'identity.account.holders',
      "select person_kind || ':' || person_id as holder from identity_users where person_id is not null",
    );
    return new Set(rows.map((row) => row.holder));
  });

  async find(id: string): Promise<Account | null> {
    return first(await query<Row>('identity.account', `${SELECT} where u.id = $1`, [id]));
  }

  async lock(id: string): Promise<Account | null> {
    await query('identity.account.lock', 'select 1 from identity_users where id = $1 for update', [id]);
    return this.find(id);
  }

  async byLogin(login: Login): Promise<Account | null> {
    return login.kind === 'email'
      ? first(await query<Row>('identity.account.by-email', `${SELECT} where u.email = $1`, [login.value]))
      : first(await query<Row>('identity.account.by-phone', `${SELECT} where u.phone = $1`, [login.value]));
  }

  async reachedBy(login: Login): Promise<Account[]> {
    if (login.kind === 'email') return [await this.byLogin(login)].filter((account) => account !== null);
    const rows = await query<Row>(
      'identity.account.reached',
      `${SELECT} where u.phone = $1 or u.shared_phone = $1 order by u.name`,
      [login.value],
    );
    return rows.map(toAccount);
  }

  async byPersons(kind: PersonKind, ids: readonly string[]): Promise<Account[]> {
    const rows = await query<Row>('identity.account.by-persons', `${SELECT} where u.person_kind = $1 and u.person_id = any($2)`, [
      kind,
      ids,
    ]);
    return rows.map(toAccount);
  }

  async holders(kind: PersonKind, ids: readonly string[]): Promise<ReadonlySet<string>> {
    const held = await this.held.get();
    return new Set(ids.filter((id) => held.has(`${kind}:${id}`)));
  }

  async many(ids: readonly string[]): Promise<Account[]> {
    const rows = await query<Row>('identity.account.many', `${SELECT} where u.id = any($1) order by u.name`, [ids]);
    return rows.map(toAccount);
  }

  async insert(account: Account): Promise<void> {
    try {
      await db()('identity_users').insert({
        ...toRow(account),
        id: account.id,
        created_at: account.createdAt,
        ...personOf(account),
      });
    } catch (error) {
      throw taken(error);
    }
    await this.addRoles(account.id, account.roles);
    if (account.person) await changed(HOLDERS);
  }

  async remove(id: string): Promise<void> {
    await query('identity.account.remove', 'delete from identity_users where id = $1', [id]);
    await changed(HOLDERS);
    await changed(PEOPLE);
  }

  async patch(id: string, patch: AccountPatch): Promise<void> {
    try {
      await db()('identity_users').where({ id }).update(toRow(patch));
    } catch (error) {
      throw taken(error);
    }
    await changed(PEOPLE);
  }

  async setRoles(id: string, roles: readonly RoleName[]): Promise<void> {
    await db()('identity_user_roles').where({ user_id: id }).delete();
    await this.addRoles(id, roles);
    await this.bump(id);
  }

  async bump(id: string): Promise<void> {
    await db()('identity_users').where({ id }).increment('version', 1);
    await changed(PEOPLE);
  }

  async otherOwners(id: string): Promise<number> {
    // Two who remove each other at once must not both find the other still there.
    await query('identity.owners.lock', "select pg_advisory_xact_lock(hashtext('identity.owners'))");
    const [row] = await query<{ count: number }>(
      'identity.owners',
      `select count(*)::int as count from identity_users u join identity_user_roles r on r.user_id = u.id and r.role = any($2) where u.id <> $1 and u.state = 'active'`,
      [id, TOP_ROLES],
    );
    return row?.count ?? 0;
  }

  owners(): Promise<{ email: string; language: string | null }[]> {
    return query(
      'identity.owners.mail',
      `select u.email, u.language from identity_users u join identity_user_roles r on r.user_id = u.id and r.role = any($1) where u.state = 'active' and u.email is not null`,
      [TOP_ROLES],
    );
  }

  activeWith(roles: readonly RoleName[]): ReturnType<AccountStore['activeWith']> {
    return query(
      'identity.active-with',
      `select u.id, u.name, u.email, u.language, array_agg(r.role) as roles from identity_users u join identity_user_roles r on r.user_id = u.id and r.role = any($1)
        where u.state = 'active' group by u.id, u.name, u.email, u.language order by u.name, u.id`,
      [roles],
    );
  }

  private async addRoles(id: string, roles: readonly RoleName[]): Promise<void> {
    if (roles.length > 0) await db()('identity_user_roles').insert(roles.map((role) => ({ id: newId(), user_id: id, role })));
  }
}

function first(rows: Row[]): Account | null {
  return rows[0] ? toAccount(rows[0]) : null;
}

function toAccount(row: Row): Account {
  return {
    id: row.id,
    name: row.name,
    email: row.email,
    phone: row.phone,
    sharedPhone: row.shared_phone,
    person: row.person_kind && row.person_id ? { kind: row.person_kind, id: row.person_id } : null,
    passwordHash: row.password_hash,
    mustSetPassword: row.must_set_password,
    passwordExpiresAt: row.password_expires_at,
    version: row.version,
    state: row.state,
    language: row.language,
    density: row.density,
    roles: row.roles,
    hasFactor: row.has_totp || row.passkeys > 0,
    hasTotp: row.has_totp,
    passkeys: row.passkeys,
    createdAt: row.created_at,
    lastSignInAt: row.last_sign_in_at,
  };
}

const COLUMNS: Record<keyof AccountPatch, string> = {
  name: 'name',
  email: 'email',
  phone: 'phone',
  sharedPhone: 'shared_phone',
  passwordHash: 'password_hash',
  mustSetPassword: 'must_set_password',
  passwordExpiresAt: 'password_expires_at',
  state: 'state',
  language: 'language',
  density: 'density',
  lastSignInAt: 'last_sign_in_at',
};

function toRow(patch: AccountPatch): Record<string, unknown> {
  const row: Record<string, unknown> = {};
  for (const [key, column] of Object.entries(COLUMNS)) {
    const value = patch[key as keyof AccountPatch];
    if (value !== undefined) row[column] = value;
  }
  if (patch.name !== undefined) row['name_folded'] = fold(patch.name);
  return row;
}

function personOf(account: Account): Record<string, unknown> {
  return { person_kind: account.person?.kind ?? null, person_id: account.person?.id ?? null };
}

function taken(error: unknown): unknown {
  const { code, constraint } = error as { code?: string; constraint?: string };
  if (code !== '23505') return error;
  if (constraint?.includes('email')) return new Conflict('Another account already uses this email address.', 'login-taken');
  if (constraint?.includes('phone')) return new Conflict('Another account already uses this phone number.', 'login-taken');
  return new Conflict('This person already has an account.', 'account-exists');
}
