import { changed, query } from '../../../platform/db/index.js';
import {
  worded,
  type DataSection,
  type PersonalData,
  type RetentionClass,
  type Say,
  type Subject,
  type Value,
} from '../../../kernel/people/personal-data.js';
import { PEOPLE } from '../accounts/adapters/account.store.js';

type Row = Record<string, Value>;

/** What sign-in keeps about the person behind an account. */
export const accountData: PersonalData = {
  order: 50,
  nameOf: async ({ kind, id }) => {
    if (kind !== 'account') return null;
    const [row] = await query<{ name: string }>('identity.privacy.name', 'select name from identity_users where id = $1', [id]);
    return row?.name ?? null;
  },
  contacts: async (subject) => {
    const id = await accountOf(subject);
    const [row] = id
      ? await query<Row>('identity.privacy.contacts', 'select email, phone, shared_phone from identity_users where id = $1', [id])
      : [];
    return Object.values(row ?? {}).filter((value): value is string => typeof value === 'string');
  },
  sections: async (subject, t) => {
    const id = await accountOf(subject);
    if (!id) return [];
    const [row] = await query<Row>('identity.privacy.account', 'select * from identity_users where id = $1', [id]);
    const roles = await query<{ role: string }>(
      'identity.privacy.roles',
      'select role from identity_user_roles where user_id = $1 order by role',
      [id],
    );
    const fact = (label: string, column: string) => ({ label: t(label), value: row?.[column] ?? null });
    const facts = [
      fact('Name', 'name'),
      fact('Email', 'email'),
      fact('Phone', 'phone'),
      fact('Shared phone', 'shared_phone'),
      { label: t('Roles'), value: roles.map((one) => worded(one.role, t)).join(', ') },
      fact('Language', 'language'),
      { label: t('State'), value: worded(row?.state ?? null, t) },
      fact('Created', 'created_at'),
      fact('Last sign-in', 'last_sign_in_at'),
    ];
    const sessions = await query<Row>(
      'identity.privacy.sessions',
      'select created_at, last_seen_at, ip, user_agent from identity_sessions where user_id = $1 order by created_at desc',
      [id],
    );
    const attempts = await query<Row>(
      'identity.privacy.attempts',
      'select at, method, outcome, ip, user_agent from identity_attempts where user_id = $1 order by id desc limit 1000',
      [id],
    );
    const sections: DataSection[] = [
      { title: t('Account'), facts },
      {
        title: t('Open sessions'),
        table: {
          heads: [t('Since'), t('Last seen'), t('Address'), t('Browser')],
          rows: sessions.map((one) => Object.values(one)),
        },
      },
      {
        title: t('Sign-ins'),
        table: {
          heads: [t('Time'), t('Way'), t('Outcome'), t('Address'), t('Browser')],
          rows: attempts.map((one) =>
            Object.values({ ...one, method: wayOf(String(one.method), t), outcome: worded(one.outcome ?? null, t) }),
          ),
        },
      },
    ];
    return sections.filter((one) => one.facts ?? one.table?.rows.length);
  },
  erase: async (subject, pseudonym) => {
    const id = await accountOf(subject);
    if (!id) return { done: [] };
    for (const table of [
      'identity_sessions',
      'identity_links',
      'identity_refresh_tokens',
      'identity_known_devices',
      'identity_factors',
      'identity_passkeys',
      'identity_user_roles',
    ]) {
      await query(`identity.privacy.clear.${table}`, `delete from ${table} where user_id = $1`, [id]);
    }
    await query(
      'identity.privacy.erase',
      `update identity_users set name = $2, name_folded = lower($2), email = null, phone = null, shared_phone = null, password_hash = null, state = 'disabled', version = version + 1 where id = $1`,
      [id, `Erased ${pseudonym}`],
    );
    await changed(PEOPLE);
    return { done: ['Sign-in names, password, second step, sessions and devices of the account'] };
  },
  keeps: async (subject) =>
    (await accountOf(subject))
      ? ['The sign-in log keeps times and addresses, with the login partly hidden, until its own retention period ends.']
      : [],
};

/** `password+totp` in words. */
function wayOf(method: string, t: Say): string {
  return method
    .split('+')
    .map((part) =>
      part === 'totp' ? t('Second step') : part === 'api' || part === 'refresh' ? t('Program') : String(worded(part, t)),
    )
    .join(' + ');
}

async function accountOf({ kind, id }: Subject): Promise<string | null> {
  if (kind === 'account') return id;
  const [row] = await query<{ id: string }>(
    'identity.privacy.of',
    'select id from identity_users where person_kind = $1 and person_id = $2',
    [kind, id],
  );
  return row?.id ?? null;
}

export const signInHistory: RetentionClass = {
  key: 'identity.sign-ins',
  label: 'Sign-in log',
  explain: 'Who signed in or was refused, when and from where.',
  months: 13,
  least: 3,
  on: true,
  count: async (before) =>
    (
      await query<{ n: number }>('identity.privacy.count', 'select count(*)::int as n from identity_attempts where at < $1', [
        before,
      ])
    )[0]!.n,
  remove: async (before, atMost) =>
    (
      await query<{ n: number }>('identity.privacy.forget', 'select app.identity_forget_attempts($1::date, $2::int) as n', [
        before,
        atMost,
      ])
    )[0]!.n,
};
