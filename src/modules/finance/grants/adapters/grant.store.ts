import { newId } from '../../../../kernel/id.js';
import { decodeCursor, toPage, type Page } from '../../../../kernel/page.js';
import { arrayOf } from '../../../../platform/db/rows/arrays.js';
import { db, query } from '../../../../platform/db/index.js';
import { insertRows } from '../../../../platform/db/rows/row-sets.js';
import { snake } from '../../../../platform/db/rows/rows.js';
import { orTaken } from '../../../../platform/db/rows/taken.js';
import type { GrantPart } from '../grant.rules.js';
import type { Grant, GrantFilter, GrantStore } from '../../ports.js';

const GRANT = `g.id, g.number, g.fund_id as "fundId", g.account_id as "accountId", g.received_on as "receivedOn", g.giver, g.reference, g.learners, g.amount_minor as "amountMinor", g.note, g.state,
  g.ended_why as "endedWhy", g.entry_id as "entryId", g.by_name as "byName", g.created_at as "createdAt"`;

export class PostgresGrantStore implements GrantStore {
  async ofKey(key: string): Promise<string | null> {
    const [row] = await query<{ id: string }>('finance.grants.of-key', 'select id from finance_grants where key = $1', [key]);
    return row?.id ?? null;
  }

  async insert(grant: Parameters<GrantStore['insert']>[0], parts: readonly GrantPart[]): Promise<number> {
    await query('finance.grants.alone', 'select pg_advisory_xact_lock(4720, 3)');
    const [next] = await query<{ number: number }>(
      'finance.grants.next',
      'select coalesce(max(number), 0) + 1 as number from finance_grants',
    );
    const row = db()('finance_grants').insert({ ...snake(grant), number: next!.number });
    await orTaken(row.then(), 'reference', 'Another grant of this fund already has this reference');
    await insertRows(
      'finance_grant_parts',
      parts.map((part) => ({ id: newId(), grant_id: grant.id, ...snake(part) })),
    );
    return next!.number;
  }

  async find(id: string): Promise<(Grant & { parts: GrantPart[] }) | null> {
    const [grant] = await query<Grant>('finance.grants.one', `select ${GRANT} from finance_grants g where g.id = $1`, [id]);
    if (!grant) return null;
    const parts = await query<GrantPart>(
      'finance.grants.parts',
      'select head_id as "headId", per_learner_minor as "perLearnerMinor", amount_minor as "amountMinor" from finance_grant_parts where grant_id = $1 order by amount_minor desc, head_id',
      [id],
    );
    return { ...grant, parts };
  }

  async list({ fundId, state }: GrantFilter, cursor: string | null, limit: number): Promise<Page<Grant>> {
    const [on, number] = cursor === null ? ['9999-12-31', 0] : decodeCursor(cursor, 2);
    const rows = await query<Grant>(
      'finance.grants.list',
      `select ${GRANT} from finance_grants g where ($1::uuid is null or g.fund_id = $1) and ($2::text is null or g.state = $2) and (g.received_on, g.number) < ($3::date, $4::int)
        order by g.received_on desc, g.number desc limit $5`,
      [fundId, state, on, number, limit + 1],
    );
    return toPage(rows, limit, (row) => [row.receivedOn, row.number]);
  }

  async takeBack(id: string, why: string): Promise<boolean> {
    return (await db()('finance_grants').where({ id, state: 'received' }).update({ state: 'reversed', ended_why: why })) === 1;
  }

  differing(): Promise<{ id: string; number: number }[]> {
    return query(
      'finance.grants.differing',
      `select g.id, g.number from finance_grants g
        left join finance_entries e on e.school_id = g.school_id and e.id = g.entry_id left join finance_entries r on r.school_id = e.school_id and r.reverses_id = e.id
        where e.id is null or (r.id is not null) <> (g.state = 'reversed')
          or g.amount_minor <> coalesce((select sum(p.amount_minor) from finance_grant_parts p where p.school_id = g.school_id and p.grant_id = g.id), 0)
          or g.amount_minor <> coalesce((select sum(l.amount_minor) from finance_lines l where l.school_id = g.school_id and l.entry_id = g.entry_id and l.account_id = g.account_id), 0) limit 100`,
    );
  }

  async numbers(ids: readonly string[]): Promise<Map<string, number>> {
    const rows = await query<{ id: string; number: number }>(
      'finance.grants.numbers',
      'select id, number from finance_grants where id = any($1::uuid[])',
      [arrayOf(ids, (id) => id)],
    );
    return new Map(rows.map((row) => [row.id, row.number]));
  }
}
