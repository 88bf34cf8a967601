import { decodeCursor, toPage, type Page } from '../../../../kernel/page.js';
import { fetched, query } from '../../../../platform/db/index.js';
import type { Movement } from '../statements.rules.js';
import type { Result } from '../../books/year-end.rules.js';
import type { GeneralLine, StatementStore } from '../../ports.js';

/** Entries that carry a year's result into the accumulated fund; an income statement of that year would be empty with them. */
const NOT_YEAR_END = `and not exists (select 1 from finance_entries e where e.school_id = l.school_id and e.id = l.entry_id and e.source_kind = 'year-end')`;

export class PostgresStatementStore implements StatementStore {
  movements(
    from: string,
    to: string,
    { withYearEnd, fundId = null }: { withYearEnd: boolean; fundId?: string | null },
  ): Promise<Movement[]> {
    return query<Movement>(
      `finance.movements.${withYearEnd ? 'all' : 'year'}`,
      `select l.account_id as "accountId",
          coalesce(sum(l.amount_minor) filter (where l.posted_on < $1), 0)::bigint as "openingMinor",
          coalesce(sum(l.amount_minor) filter (where l.posted_on >= $1 and l.amount_minor > 0), 0)::bigint as "debitMinor",
          coalesce(-sum(l.amount_minor) filter (where l.posted_on >= $1 and l.amount_minor < 0), 0)::bigint as "creditMinor"
        from finance_lines l where l.posted_on <= $2 and ($3::uuid is null or l.fund_id = $3) ${withYearEnd ? '' : NOT_YEAR_END} group by l.account_id`,
      [from, to, fundId],
    );
  }

  results(from: string, to: string): Promise<Result[]> {
    return query<Result>(
      'finance.results',
      `select account_id as "accountId", fund_id as "fundId", sum(amount_minor)::bigint as minor from finance_lines
        where posted_on between $1 and $2 group by account_id, fund_id order by account_id, fund_id`,
      [from, to],
    );
  }

  /** The balance before a page is summed for its own accounts only, once each, from their first line on it. */
  async generalLedger(
    from: string,
    to: string,
    fundId: string | null,
    cursor: string | null,
    limit: number,
  ): Promise<Page<GeneralLine>> {
    const after = cursor === null ? ['', from, '00000000-0000-0000-0000-000000000000', 0] : decodeCursor(cursor, 4);
    const rows = await query<GeneralLine>(
      'finance.general-ledger',
      `with page as (
          select l.*, a.code, a.name, a.kind from finance_accounts a join finance_lines l on l.school_id = a.school_id and l.account_id = a.id
            where l.posted_on >= $1 and l.posted_on <= $2 and ($3::uuid is null or l.fund_id = $3) and (a.code, l.posted_on, l.entry_id, l.n) > ($4, $5::date, $6::uuid, $7::int)
            order by a.code, l.posted_on, l.entry_id, l.n limit $8
        ), firsts as (
          select distinct on (account_id) account_id, posted_on, entry_id, n from page order by account_id, posted_on, entry_id, n
        ), before as materialized (
          select f.account_id, (select coalesce(sum(l.amount_minor), 0) from finance_lines l
            where l.account_id = f.account_id and ($3::uuid is null or l.fund_id = $3) and (l.posted_on, l.entry_id, l.n) < (f.posted_on, f.entry_id, f.n)) as minor from firsts f
        )
        select p.account_id as "accountId", p.code, p.name, p.kind, p.entry_id as "entryId", p.n, m.number, p.posted_on as "postedOn", coalesce(nullif(p.memo, ''), e.memo) as memo,
            p.amount_minor as "amountMinor", (b.minor + sum(p.amount_minor) over (partition by p.account_id order by p.posted_on, p.entry_id, p.n))::bigint as "balanceMinor"
          from page p join before b on b.account_id = p.account_id join finance_entries e on e.school_id = p.school_id and e.id = p.entry_id
          left join finance_entry_numbers m on m.school_id = p.school_id and m.id = p.entry_id
          order by p.code, p.posted_on, p.entry_id, p.n`,
      [from, to, fundId, ...after, limit + 1],
    );
    return toPage(rows, limit, (row) => [row.code, row.postedOn, row.entryId, row.n]);
  }

  wholeGeneralLedger(from: string, to: string, fundId: string | null): AsyncIterable<readonly GeneralLine[]> {
    return fetched<GeneralLine>(
      'finance.general-ledger.whole',
      `select l.account_id as "accountId", a.code, a.name, a.kind, l.entry_id as "entryId", l.n, m.number, l.posted_on as "postedOn", coalesce(nullif(l.memo, ''), e.memo) as memo,
          l.amount_minor as "amountMinor", (coalesce(b.minor, 0) + sum(l.amount_minor) over (partition by a.code order by l.posted_on, l.entry_id, l.n))::bigint as "balanceMinor"
        from finance_accounts a join finance_lines l on l.school_id = a.school_id and l.account_id = a.id
        join finance_entries e on e.school_id = l.school_id and e.id = l.entry_id
        left join finance_entry_numbers m on m.school_id = l.school_id and m.id = l.entry_id
        left join (
          select x.account_id, sum(x.amount_minor) as minor from finance_lines x where x.posted_on < $1 and ($3::uuid is null or x.fund_id = $3) group by x.account_id
        ) b on b.account_id = l.account_id
        where l.posted_on >= $1 and l.posted_on <= $2 and ($3::uuid is null or l.fund_id = $3)
        order by a.code, l.posted_on, l.entry_id, l.n`,
      [from, to, fundId],
    );
  }

  balances(on: string): ReturnType<StatementStore['balances']> {
    return query(
      'finance.balances',
      'select account_id as "accountId", sum(amount_minor)::bigint as "balanceMinor" from finance_lines where posted_on <= $1 group by account_id',
      [on],
    );
  }

  async creditBalances(receivableId: string, on: string): Promise<number> {
    const [row] = await query<{ minor: number }>(
      'finance.credit-balances',
      `select coalesce(-sum(minor), 0)::bigint as minor from (
          select sum(amount_minor) as minor from finance_lines where account_id = $1 and posted_on <= $2 group by party_id having sum(amount_minor) < 0
        ) as credits`,
      [receivableId, on],
    );
    return row!.minor;
  }
}
