import { fold, prefixEnd } from '../../../../kernel/names.js';
import { decodeCursor, toPage, type Page } from '../../../../kernel/page.js';
import { query } from '../../../../platform/db/index.js';
import type { RoleName } from '../../../../platform/module.js';
import type { AccountState, PersonKind } from '../../ports.js';

export interface UserRow {
  id: string;
  name: string;
  nameFolded: string;
  email: string | null;
  phone: string | null;
  personKind: PersonKind | null;
  state: AccountState;
  roles: RoleName[];
  hasFactor: boolean;
  lastSignInAt: Date | null;
}

export interface UserFilter {
  q?: string;
  role?: string;
  state?: string;
}

const PAGE = `select u.id, u.name, u.name_folded as "nameFolded", u.email, u.phone, u.person_kind as "personKind", u.state,
    array(select r.role from identity_user_roles r where r.user_id = u.id order by r.role) as roles,
    exists (select 1 from identity_factors f where f.user_id = u.id and f.confirmed_at is not null) as "hasFactor",
    u.last_sign_in_at as "lastSignInAt"
  from identity_users u
  where ($1::text is null or (u.name_folded >= $1 and u.name_folded < $2) or u.email = $1)
    and ($3::text is null or exists (select 1 from identity_user_roles r where r.user_id = u.id and r.role = $3))
    and ($4::text is null or u.state = $4)
    and ($5::text is null or (u.name_folded, u.id) > ($5, $6::uuid))
  order by u.name_folded, u.id limit $7`;

export async function userPage(filter: UserFilter, cursor: string | null, limit: number): Promise<Page<UserRow>> {
  const [name, id] = cursor ? decodeCursor(cursor, 2) : [null, null];
  const prefix = filter.q ? fold(filter.q) : null;
  const rows = await query<UserRow>('identity.users', PAGE, [
    prefix,
    prefix === null ? null : prefixEnd(prefix),
    filter.role ?? null,
    filter.state ?? null,
    name,
    id,
    limit + 1,
  ]);
  return toPage(rows, limit, (row) => [row.nameFolded, row.id]);
}
