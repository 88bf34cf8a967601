import { currentDatabase } from '../../../../platform/db/index.js';

const DAY = 86_400;

/** A limiter's key, how much it allows and for how long it counts, in seconds. */
export interface Bound {
  key: string;
  most: number;
  seconds: number;
  /** Tries that each name has even then; none where everybody is refused. */
  leaves?: number;
}

export interface Counted {
  /** How long to wait, in ms, because one of the bounds or the pause has been reached; null: the try is counted. */
  waitMs: number | null;
  /** Wrong tries under this name today, this one included. */
  tries: number;
}

// Every sign-in writes the counters that all share. Losing the last half second of them in a crash of the server is no
// harm, and waiting for the disk while everybody waits for the row is: so these two statements don't.
const NO_WAIT = `no_wait as materialized (select set_config('synchronous_commit', 'off', true))`;
const COUNT = `points = case when one.expire <= $1 then 1 else one.points + 1 end, expire = case when one.expire <= $1 then excluded.expire else one.expire end`;

/** The bounds count first; who is refused by one, or still has to pause, has made no try. */
const TRY = `with ${NO_WAIT},
  bounds as (select * from unnest($2::text[], $3::bigint[], $4::bigint[], $7::int[]) as b(key, most, seconds, leaves)),
  counted as (
    insert into platform_rate_limits as one (key, points, expire) select b.key, 1, $1::bigint + b.seconds * 1000 from bounds b, no_wait order by b.key
    on conflict (key) do update set ${COUNT} returning key, points, expire),
  waits as (
    select c.expire - $1 as ms from counted c join bounds b on b.key = c.key where c.points > b.most
      and (b.leaves is null or exists (select 1 from platform_rate_limits t where t.key = $6 and t.points >= b.leaves and t.expire > $1))
    union all select p.expire - $1 from platform_rate_limits p where p.key = $5 and p.points >= 1 and p.expire > $1),
  tried as (
    insert into platform_rate_limits as one (key, points, expire) select $6, 1, $1::bigint + ${DAY} * 1000 from no_wait where not exists (select 1 from waits)
    on conflict (key) do update set ${COUNT} returning points)
  select (select max(ms) from waits)::float8 as wait_ms, coalesce((select points from tried), 0)::int as tries`;

const GIVE_BACK = `with ${NO_WAIT},
  forgotten as (delete from platform_rate_limits where key = any($1::text[])),
  held as (select key from platform_rate_limits, no_wait where key = any($2::text[]) order by key for update)
  update platform_rate_limits l set points = l.points - 1 from held where l.key = held.key and l.expire > $3 and l.points > 0`;

/** Counts a try of a password in one trip: within the bounds, with no pause under way, one more under this name. */
export async function countTry(bounds: readonly Bound[], keys: { pause: string; tries: string }): Promise<Counted> {
  const values = [
    Date.now(),
    bounds.map((one) => one.key),
    bounds.map((one) => one.most),
    bounds.map((one) => one.seconds),
    keys.pause,
    keys.tries,
    bounds.map((one) => one.leaves ?? null),
  ];
  const { rows } = await pool().query<{ wait_ms: number | null; tries: number }>({
    name: 'identity.limits.try',
    text: TRY,
    values,
  });
  return { waitMs: rows[0]!.wait_ms, tries: rows[0]!.tries };
}

/** The password was right: the name's tries are forgotten, and the bounds get theirs back. */
export async function giveBack(bounds: readonly Bound[], keys: { pause: string; tries: string }): Promise<void> {
  await pool().query({
    name: 'identity.limits.right',
    text: GIVE_BACK,
    values: [[keys.pause, keys.tries], bounds.map((one) => one.key), Date.now()],
  });
}

/** Not the caller's transaction: a refused try is rolled back, its count is not. */
function pool() {
  return currentDatabase().pool;
}
