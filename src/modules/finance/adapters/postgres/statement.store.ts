import { query } from '../../../../platform/db/index.js';
import type { Movement } from '../../domain/statements.js';
import type { Result } from '../../domain/year-end.js';
import type { StatementStore } from '../../ports.js';

/** Entries that carry a year's result into the accumulated fund; an income statement of that year would be empty with them. */
const NOT_YEAR_END = `and not exists (select 1 from finance_entries e where e.school_id = l.school_id and e.id = l.entry_id and e.source_kind = 'year-end')`;

export class PostgresStatementStore implements StatementStore {
  movements(from: string, to: string, { withYearEnd, fundId = null }: { withYearEnd: boolean; fundId?: string | null }): Promise<Movement[]> {
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
