import { decodeCursor, toPage, type Page } from '../../../kernel/page.js';
import { newId } from '../../../kernel/id.js';
import { query } from '../../../platform/db/index.js';
import { LOCK_OUT, WINDOW_MINUTES } from '../alert.rules.js';
import type { Alert, AlertRule, AlertStore, ReadTally, Sighting } from '../ports.js';

const COLUMNS = `id, rule, actor_id as "actorId", actor_name as "actorName", amount, detail, raised_at as "raisedAt", last_at as "lastAt",
  seen_at as "seenAt", seen_name as "seenName"`;
const WINDOW = `interval '${WINDOW_MINUTES} minutes'`;
type AlertRow = Alert & Record<string, unknown>;

/** A number in the entry, and nothing else: a text there must not stop the sealing. */
const number = (field: string): string =>
  `case when jsonb_typeof(after -> '${field}') = 'number' then (after ->> '${field}')::numeric end`;

export class PgAlertStore implements AlertStore {
  async lock(): Promise<void> {
    await query('audit.alert.lock', "select pg_advisory_xact_lock(hashtext('audit.alerts'))");
  }

  async fresh(rule: AlertRule, actorId: string | null): Promise<string | null> {
    const [row] = await query<{ id: string }>(
      'audit.alert.fresh',
      `select id from audit_alerts where rule = $1 and actor_id is not distinct from $2::uuid and raised_at > now() - interval '1 hour' order by raised_at desc limit 1`,
      [rule, actorId],
    );
    return row?.id ?? null;
  }

  async insert(id: string, { rule, actorId, actorName, amount, detail }: Sighting): Promise<void> {
    await query(
      'audit.alert.insert',
      'insert into audit_alerts (id, rule, actor_id, actor_name, amount, detail) values ($1, $2, $3, $4, $5, $6)',
      [id, rule, actorId, actorName, amount, detail],
    );
  }

  async extend(id: string, more: number, detail: string | null): Promise<void> {
    await query(
      'audit.alert.extend',
      'update audit_alerts set amount = amount + $2, detail = coalesce($3, detail), last_at = now() where id = $1',
      [id, more, detail],
    );
  }

  async addReads(tallies: readonly ReadTally[]): Promise<void> {
    const reads = tallies.flatMap(({ accountId, people }) =>
      [...people].map(([personId, opened]) => ({ accountId, personId, opened })),
    );
    await query(
      'audit.reads.add',
      `insert into audit_reads as r (id, account_id, person_id, opened_at)
         select n.id, n.account_id, n.person_id, case when n.opened then now() end
         from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::boolean[]) as n(id, account_id, person_id, opened) order by n.account_id, n.person_id
       on conflict on constraint audit_reads_of_person do update set at = now(), opened_at = coalesce(excluded.opened_at, r.opened_at)`,
      [
        reads.map(() => newId()),
        reads.map((one) => one.accountId),
        reads.map((one) => one.personId),
        reads.map((one) => one.opened),
      ],
    );
  }

  readsOf(accountIds: readonly string[]): Promise<{ accountId: string; people: number; opened: number }[]> {
    return query(
      'audit.reads.of',
      `select account_id as "accountId", count(*) filter (where told_at is null or at > told_at)::int as people,
          count(*) filter (where opened_at > now() - ${WINDOW} and (told_at is null or opened_at > told_at))::int as opened
        from audit_reads where account_id = any($1) and at > now() - ${WINDOW} group by account_id`,
      [accountIds],
    );
  }

  async tellReads(accountId: string): Promise<void> {
    await query('audit.reads.told', `update audit_reads set told_at = now() where account_id = $1 and at > now() - ${WINDOW}`, [
      accountId,
    ]);
  }

  async exportedBy(accountId: string, at: string | null): Promise<number> {
    const [row] = await query<{ rows: number }>(
      'audit.alert.exported',
      `select coalesce(sum(case when action = 'list.export' then ${number('rows')} else ${number('students')} end), 0)::int as rows
       from audit_entries where actor_id = $1 and at > coalesce($2::timestamptz, now()) - ${WINDOW}
         and (action = 'list.export' or action like 'students.print-%')`,
      [accountId, at],
    );
    return row?.rows ?? 0;
  }

  async lockOuts(at: string): Promise<number> {
    const [row] = await query<{ accounts: number }>(
      'audit.alert.lock-outs',
      `select count(distinct entity_id)::int as accounts from audit_entries where action = $2 and at > $1::timestamptz - ${WINDOW} and at <= $1::timestamptz`,
      [at, LOCK_OUT],
    );
    return row?.accounts ?? 0;
  }

  async forgetReads(): Promise<void> {
    await query('audit.reads.forget', "delete from audit_reads where at < now() - interval '1 day'");
  }

  async page(openOnly: boolean, cursor: string | null, limit: number): Promise<Page<Alert>> {
    const rows = await query<AlertRow>(
      'audit.alerts',
      `select ${COLUMNS} from audit_alerts where (not $1 or seen_at is null) and ($2::uuid is null or id < $2) order by id desc limit $3`,
      [openOnly, cursor ? String(decodeCursor(cursor, 1)[0]) : null, limit + 1],
    );
    return toPage(rows as Alert[], limit, (row) => [row.id]);
  }

  async find(id: string): Promise<Alert | null> {
    const [row] = await query<AlertRow>('audit.alert', `select ${COLUMNS} from audit_alerts where id = $1`, [id]);
    return row ?? null;
  }

  async markSeen(id: string, { userId, name }: { userId: string | null; name: string }): Promise<boolean> {
    const rows = await query(
      'audit.alert.seen',
      'update audit_alerts set seen_at = now(), seen_by = $2, seen_name = $3 where id = $1 and seen_at is null returning id',
      [id, userId, name],
    );
    return rows.length > 0;
  }
}
