import { newId } from '../../../../kernel/id.js';
import { decodeCursor, toPage, type Page } from '../../../../kernel/page.js';
import { db, query } from '../../../../platform/db/index.js';
import type { VoteFacts } from '../vote-book.rules.js';
import type { Allocation, VoteBookStore, VoteLine, VoteSpan } from '../../ports.js';

/**
 * Income accounts bring, expense accounts spend. Money that is held for somebody (deposits, examination bodies) is
 * brought by bills and what corrects them and spent when it is paid on; fees that wait to be released are neither yet.
 * Ends of years move nothing that a head got or spent.
 */
const FROM = `finance_lines l join finance_accounts a on a.school_id = l.school_id and a.id = l.account_id
  join finance_entries e on e.school_id = l.school_id and e.id = l.entry_id and e.source_kind <> 'year-end'
  left join finance_entries o on o.school_id = e.school_id and o.id = e.reverses_id`;
const WHERE = `l.posted_on between $1 and $2 and ($3::uuid is null or l.fund_id = $3) and coalesce(o.source_kind, e.source_kind) <> 'opening-balances'
    and (a.kind in ('income', 'expense') or (a.kind = 'liability' and l.vote_head_id is not null and a.role is distinct from 'advance' and a.role is distinct from 'suspense'))`;
const SPENDS = `(a.kind = 'expense' or (a.kind = 'liability' and coalesce(o.source_kind, e.source_kind) not like 'fees%' and sign(l.amount_minor) = case when e.reverses_id is null then 1 else -1 end))`;

export class PostgresVoteBookStore implements VoteBookStore {
  facts({ from, to, fundId }: VoteSpan): Promise<VoteFacts[]> {
    return query<VoteFacts>(
      'finance.vote-book.facts',
      `select l.vote_head_id as "headId", to_char(l.posted_on, 'YYYY-MM') as month, coalesce(-sum(l.amount_minor) filter (where not ${SPENDS}), 0)::bigint as "incomeMinor",
          coalesce(sum(l.amount_minor) filter (where ${SPENDS}), 0)::bigint as "spentMinor" from ${FROM} where ${WHERE} group by 1, 2`,
      [from, to, fundId],
    );
  }

  async lines(
    headId: string | null,
    { from, to, fundId }: VoteSpan,
    cursor: string | null,
    limit: number,
  ): Promise<Page<VoteLine>> {
    const after = cursor === null ? [from, '00000000-0000-0000-0000-000000000000', 0] : decodeCursor(cursor, 3);
    const rows = await query<VoteLine>(
      'finance.vote-book.lines',
      `select l.entry_id as "entryId", l.n, l.posted_on as "postedOn", m.number, coalesce(nullif(l.memo, ''), e.memo) as memo, a.code || ' ' || a.name as account,
          case when not ${SPENDS} then -l.amount_minor end as "incomeMinor", case when ${SPENDS} then l.amount_minor end as "spentMinor"
        from ${FROM} left join finance_entry_numbers m on m.school_id = e.school_id and m.id = e.id where ${WHERE}
          and l.vote_head_id is not distinct from $4::uuid and (l.posted_on, l.entry_id, l.n) > ($5::date, $6::uuid, $7::int) order by l.posted_on, l.entry_id, l.n limit $8`,
      [from, to, fundId, headId, ...after, limit + 1],
    );
    return toPage(rows, limit, (row) => [row.postedOn, row.entryId, row.n]);
  }

  allocations(yearStartsOn: string): Promise<Allocation[]> {
    return query<Allocation>(
      'finance.vote-book.allocations',
      'select head_id as "headId", year_starts_on as "yearStartsOn", amount_minor as "amountMinor", version from finance_head_allocations where year_starts_on = $1',
      [yearStartsOn],
    );
  }

  async allocate({ headId, yearStartsOn, amountMinor, version }: Allocation): Promise<boolean> {
    const own = { head_id: headId, year_starts_on: yearStartsOn };
    if (version === 0)
      return (
        (
          await db()('finance_head_allocations')
            .insert({ id: newId(), ...own, amount_minor: amountMinor })
            .onConflict()
            .ignore()
            .returning('id')
        ).length === 1
      );
    return (
      (await db()('finance_head_allocations')
        .where({ ...own, version })
        .update({ amount_minor: amountMinor, version: version + 1 })) === 1
    );
  }
}
