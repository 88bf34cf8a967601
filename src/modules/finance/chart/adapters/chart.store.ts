import { Cached, changed, db, query } from '../../../../platform/db/index.js';
import { insertRows } from '../../../../platform/db/rows/row-sets.js';
import { snake } from '../../../../platform/db/rows/rows.js';
import { orTaken } from '../../../../platform/db/rows/taken.js';
import type { Account, Fund } from '../account.rules.js';
import type { Chart, ChartStore } from '../../ports.js';

const KEY = 'finance.chart';
const CODE_TAKEN = 'This code is already in use';
const GROUPS = { fund: 'finance_funds', 'cost-centre': 'finance_cost_centres' } as const;

export class PostgresChartStore implements ChartStore {
  private readonly cached = new Cached<Chart>(KEY, readChart);

  chart(): Promise<Chart> {
    return this.cached.get();
  }

  async insertAll({ accounts, funds }: Chart): Promise<void> {
    await insertRows('finance_funds', funds.map(snake));
    await insertRows('finance_accounts', accounts.map(snake));
    await changed(KEY);
  }

  async insertAccount(account: Account): Promise<void> {
    await orTaken(db()('finance_accounts').insert(snake(account)).then(), 'code', CODE_TAKEN);
    await changed(KEY);
  }

  async updateAccount({ id, version, code, name, active, atBank, bankName, bankBranch, bankNumber }: Account): Promise<boolean> {
    const change = db()('finance_accounts')
      .where({ id, version })
      .update(snake({ code, name, active, atBank, bankName, bankBranch, bankNumber, version: version + 1 }));
    const count = await orTaken(change.then(), 'code', CODE_TAKEN);
    await changed(KEY);
    return count === 1;
  }

  async holdUsed(accountId: string): Promise<boolean> {
    await query('finance.account.hold', 'select 1 from finance_accounts where id = $1 for update', [accountId]);
    const rows = await query('finance.account.used', 'select 1 from finance_lines where account_id = $1 limit 1', [accountId]);
    return rows.length > 0;
  }

  async insertGroup(kind: keyof typeof GROUPS, group: Fund): Promise<void> {
    await orTaken(db()(GROUPS[kind]).insert(snake(group)).then(), 'code', CODE_TAKEN);
    await changed(KEY);
  }

  async updateGroup(kind: keyof typeof GROUPS, { id, ...group }: Fund): Promise<boolean> {
    const count = await orTaken(db()(GROUPS[kind]).where({ id }).update(group).then(), 'code', CODE_TAKEN);
    await changed(KEY);
    return count === 1;
  }
}

async function readChart(): Promise<Chart> {
  const accounts = await query<Account>(
    'finance.accounts.chart',
    `select id, code, name, kind, role, at_bank as "atBank", bank_name as "bankName", bank_branch as "bankBranch", bank_number as "bankNumber", fund_id as "fundId", active, version
      from finance_accounts order by code`,
  );
  const funds = await query<Fund>('finance.funds', 'select id, code, name, active from finance_funds order by code');
  const costCentres = await query<Fund>(
    'finance.cost-centres',
    'select id, code, name, active from finance_cost_centres order by code',
  );
  return { accounts, funds, costCentres };
}
