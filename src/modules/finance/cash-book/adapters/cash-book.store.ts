import { query } from '../../../../platform/db/index.js';
import type { CashRow } from '../cash-book.rules.js';
import type { CashBookStore } from '../../ports.js';

/**
 * An entry is one row on each side that it has on the account; the other lines of the entry say what for. One that has
 * both sides on this account says nothing about either: it stands under `other`.
 */
const ROWS = `
  with own as (
    select l.school_id, l.entry_id, l.posted_on, sign(l.amount_minor) as side, sum(l.amount_minor)::bigint as minor, max(l.memo) as memo
      from finance_lines l where l.account_id = $1 and l.posted_on between $2 and $3 group by 1, 2, 3, 4 order by 3, 2, 4 desc limit $4
  ), part as (
    select x.entry_id, json_object_agg(x.key, x.minor) as parts from (
      select o.entry_id, coalesce(o.vote_head_id::text, case when a.role = 'receivable' then 'ahead' when a.at_bank or a.role in ('cash', 'bank', 'cheques', 'clearing.mobile', 'clearing.card') then 'contra' else 'other' end) as key,
          -sum(o.amount_minor)::bigint as minor
        from (select distinct school_id, entry_id from own) e join finance_lines o on o.school_id = e.school_id and o.entry_id = e.entry_id and o.account_id <> $1
        join finance_accounts a on a.school_id = o.school_id and a.id = o.account_id
        group by 1, 2 having sum(o.amount_minor) <> 0
    ) x group by 1
  )
  select w.entry_id as "entryId", m.number, w.posted_on as "postedOn", coalesce(nullif(w.memo, ''), e.memo) as memo, w.minor,
      coalesce(r.source_kind, e.source_kind) as "sourceKind", coalesce(r.source_key, e.source_key) as "sourceKey", e.reverses_id is not null as "takenBack",
      case when count(*) over (partition by w.entry_id) > 1 then json_build_object('other', w.minor) else p.parts end as parts
    from own w join finance_entries e on e.school_id = w.school_id and e.id = w.entry_id
    left join finance_entries r on r.school_id = e.school_id and r.id = e.reverses_id
    left join finance_entry_numbers m on m.school_id = e.school_id and m.id = e.id
    left join part p on p.entry_id = w.entry_id
    order by w.posted_on, w.entry_id, w.side desc`;

export class PostgresCashBookStore implements CashBookStore {
  async read(accountId: string, from: string, to: string, most: number): ReturnType<CashBookStore['read']> {
    const [before] = await query<{ minor: number }>(
      'finance.cash-book.opening',
      'select coalesce(sum(amount_minor), 0)::bigint as minor from finance_lines where account_id = $1 and posted_on < $2',
      [accountId, from],
    );
    const rows = await query<Omit<CashRow, 'source'> & { sourceKind: string; sourceKey: string }>(
      'finance.cash-book.lines',
      ROWS,
      [accountId, from, to, most + 1],
    );
    return {
      openingMinor: before!.minor,
      rows: rows.map(({ sourceKind, sourceKey, parts, ...row }) => ({
        ...row,
        source: { kind: sourceKind, key: sourceKey },
        parts: parts ?? {},
      })),
    };
  }
}
