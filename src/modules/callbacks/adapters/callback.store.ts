import { query } from '../../../platform/db/index.js';
import type { Address, CallbackStore, MessageKind } from '../ports.js';

export class PgCallbackStore implements CallbackStore {
  async addressOf(tokenHash: string): Promise<Address | null> {
    const [row] = await query<Address>(
      'callbacks.address',
      'select school_id as "schoolId", account_id as "accountId" from callbacks_addresses where token_hash = $1',
      [tokenHash],
    );
    return row ?? null;
  }

  async insert({
    id,
    schoolId,
    accountId,
    kind,
    body,
    ip,
  }: Address & { id: string; kind: MessageKind; body: string; ip: string | null }): Promise<void> {
    const text = 'insert into callbacks_messages (id, school_id, account_id, kind, body, ip) values ($1, $2, $3, $4, $5, $6)';
    await query('callbacks.insert', text, [id, schoolId, accountId, kind, body, ip]);
  }

  async waiting(schoolId: string): Promise<boolean> {
    return (
      (
        await query('callbacks.waiting', 'select 1 from callbacks_messages where school_id = $1 and taken_at is null limit 1', [
          schoolId,
        ])
      ).length > 0
    );
  }

  async schoolsWaiting(): Promise<string[]> {
    const rows = await query<{ id: string }>(
      'callbacks.schools-waiting',
      'select distinct school_id as id from callbacks_messages where taken_at is null',
    );
    return rows.map((row) => row.id);
  }

  async payeesOf(schoolId: string): Promise<{ keyId: string; hashes: Buffer } | null> {
    const [row] = await query<{ keyId: string; hashes: Buffer }>(
      'callbacks.payees',
      'select key_id as "keyId", hashes from callbacks_payees where school_id = $1',
      [schoolId],
    );
    return row ?? null;
  }

  async forgetTaken(days: number): Promise<void> {
    await query('callbacks.forget-taken', 'delete from callbacks_messages where taken_at < now() - make_interval(days => $1)', [
      days,
    ]);
  }

  /** What it claimed stays claimed. */
  async forgetSchool(schoolId: string): Promise<void> {
    for (const table of ['messages', 'addresses', 'payees'])
      await query(`callbacks.forget-${table}`, `delete from callbacks_${table} where school_id = $1`, [schoolId]);
  }
}
