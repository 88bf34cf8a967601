import { fold, prefixEnd } from '../../../../kernel/people/names.js';
import { decodeCursor, toPage, type Page } from '../../../../kernel/page.js';
import { query } from '../../../../platform/db/index.js';
import { namingPage } from '../../../../platform/people-shown.js';
import type { UserFilter, UserReader, UserRow } from '../../ports.js';

const PAGE = `select u.id, u.name, u.name_folded as "nameFolded", u.email, u.phone, u.person_kind as "personKind", u.state,
    array(select r.role from identity_user_roles r where r.user_id = u.id order by r.role) as roles,
    (exists (select 1 from identity_factors f where f.user_id = u.id and f.confirmed_at is not null) or exists (select 1 from identity_passkeys k where k.user_id = u.id)) as "hasFactor",
    u.last_sign_in_at as "lastSignInAt"
  from identity_users u
  where ($1::text is null or (u.name_folded >= $1 and u.name_folded < $2) or u.email = $1)
    and ($3::text is null or exists (select 1 from identity_user_roles r where r.user_id = u.id and r.role = $3))
    and ($4::text is null or u.state = $4)
    and ($5::text is null or (u.name_folded, u.id) > ($5, $6::uuid))
  order by u.name_folded, u.id limit $7`;

export const userReader: UserReader = {
  async users(filter: UserFilter, cursor: string | null, limit: number): Promise<Page<UserRow>> {
    const [name, id] = cursor ? decodeCursor(cursor, 2) : [null, null];
    const prefix = filter.q ? fold(filter.q) : null;
    const end = prefix === null ? null : prefixEnd(prefix);
    const values = [prefix, end, filter.role ?? null, filter.state ?? null, name, id, limit + 1];
    const rows = await query<UserRow & Record<string, unknown>>('identity.users', PAGE, values);
    return namingPage(
      toPage(rows, limit, (row) => [row.nameFolded, row.id]),
      (row) => row.id,
    );
  },
};
