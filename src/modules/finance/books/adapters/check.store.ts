import { db, query } from '../../../../platform/db/index.js';
import type { CheckStore, ClosedFigures, Difference } from '../../ports.js';
import { CLOSED_FIGURES } from './closed-figures.js';

/** By which the books are closed as they are now. */
const LAST_CLOSING = `select k.through_on, k.created_at, k.entries, k.digest from finance_closings k join finance_books b on b.school_id = k.school_id and b.closed_through = k.through_on
  where k.kind <> 'reopen' order by k.created_at desc, k.id desc limit 1`;

/** What can't happen, looked for all the same: whoever comes past the application is found out here. */
export class PostgresCheckStore implements CheckStore {
  unbalanced(): ReturnType<CheckStore['unbalanced']> {
    return query(
      'finance.check.unbalanced',
      `select e.id as "entryId", coalesce(sum(l.amount_minor), 0)::bigint as "sumMinor", count(l.id)::int as lines
        from finance_entries e left join finance_lines l on l.school_id = e.school_id and l.entry_id = e.id
        group by e.id having coalesce(sum(l.amount_minor), 0) <> 0 or count(l.id) < 2 limit 100`,
    );
  }

  wrongSums(receivableId: string): ReturnType<CheckStore['wrongSums']> {
    return query(
      'finance.check.sums',
      `with derived as (
          select party_id as id, party_kind, sum(amount_minor) as minor from finance_lines
            where account_id = $1 and party_kind in ('student', 'sponsor') group by party_id, party_kind
        )
        select coalesce(d.party_kind, s.party_kind) as "partyKind", coalesce(d.id, s.id) as "partyId",
            coalesce(s.balance_minor, 0)::bigint as "keptMinor", coalesce(d.minor, 0)::bigint as "derivedMinor"
          from derived d full join finance_party_sums s on s.id = d.id and s.party_kind = d.party_kind
          where coalesce(s.balance_minor, 0) <> coalesce(d.minor, 0) limit 100`,
      [receivableId],
    );
  }

  homeless(receivableId: string): ReturnType<CheckStore['homeless']> {
    return query(
      'finance.check.homeless',
      'select entry_id as "entryId", amount_minor as "amountMinor" from finance_lines where account_id = $1 and party_id is null limit 100',
      [receivableId],
    );
  }

  misdated(): ReturnType<CheckStore['misdated']> {
    return query(
      'finance.check.misdated',
      `select distinct l.entry_id as "entryId" from finance_lines l join finance_entries e on e.school_id = l.school_id and e.id = l.entry_id
        where l.posted_on <> e.posted_on limit 100`,
    );
  }

  inClosed(): ReturnType<CheckStore['inClosed']> {
    return query(
      'finance.check.in-closed',
      `select e.id as "entryId", e.posted_on as "postedOn" from finance_entries e cross join lateral (${LAST_CLOSING}) c
        where e.posted_on <= c.through_on and e.created_at > c.created_at order by e.posted_on, e.id limit 100`,
    );
  }

  async sinceClosing(): ReturnType<CheckStore['sinceClosing']> {
    const [row] = await query<{ throughOn: string; then: ClosedFigures; now: ClosedFigures }>(
      'finance.check.since-closing',
      `select c.through_on as "throughOn", json_build_object('entries', c.entries, 'digest', c.digest) as then,
          (select json_build_object('entries', f.entries, 'digest', f.digest) from (${CLOSED_FIGURES('c.through_on')}) f) as now
        from (${LAST_CLOSING}) c where c.digest is not null`,
    );
    return row ?? null;
  }

  renumbered(): ReturnType<CheckStore['renumbered']> {
    return query(
      'finance.check.numbers',
      `select coalesce(d.id, g.id) as id, coalesce(d.kind, g.kind) as kind, d.number, g.number as given from (
            select school_id, id, 'entry' as kind, number from finance_entry_numbers union all select school_id, id, 'grant', number from finance_grants
          ) d full join finance_numbers_given g on g.school_id = d.school_id and g.id = d.id
        where d.number is distinct from g.number order by 2, 4, 3 limit 100`,
    );
  }

  async save({ id, ranAt, differences }: Parameters<CheckStore['save']>[0]): Promise<void> {
    await db()('finance_checks').insert({ id, ran_at: ranAt, differences: JSON.stringify(differences) });
  }

  async last(): ReturnType<CheckStore['last']> {
    const [row] = await query<{ ranAt: Date; differences: Difference[] }>(
      'finance.check.last',
      'select ran_at as "ranAt", differences from finance_checks order by ran_at desc limit 1',
    );
    return row ?? null;
  }
}
