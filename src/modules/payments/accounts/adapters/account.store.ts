import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { Cached, changed, db, query } from '../../../../platform/db/index.js';
import { orTaken } from '../../../../platform/db/rows/taken.js';
import type { RailAccount } from '../account.rules.js';
import type { AccountStore } from '../../ports.js';

const KEY = 'payments.accounts';
const TAKEN = 'This number is already listed';

type Row = Omit<RailAccount, 'keys' | 'token' | 'pending'> & { sealed: string; pending: string | null };

/** Keys are sealed with AES-256-GCM under the account's id: a row that is copied to another account opens nothing. */
export class PgAccountStore implements AccountStore {
  private readonly cached = new Cached<readonly Row[]>(KEY, () =>
    query<Row>(
      'payments.accounts',
      `select id, name, environment, kind, shortcode, till, nominated_phone as "nominatedPhone", ledger_account_id as "ledgerAccountId", sealed, pending, state,
          registered_at as "registeredAt", pulled_at as "pulledAt", tried_at as "triedAt", tried_says as "triedSays", version
        from payments_accounts order by name, id`,
    ),
  );

  constructor(private readonly key: Buffer) {}

  async list(): Promise<RailAccount[]> {
    return (await this.cached.get()).map((row) => this.read(row));
  }

  async find(id: string): Promise<RailAccount | null> {
    const row = (await this.cached.get()).find((one) => one.id === id);
    return row ? this.read(row) : null;
  }

  async insert(account: RailAccount): Promise<void> {
    await orTaken(
      db()('payments_accounts')
        .insert({ id: account.id, ...this.columns(account), pulled_at: account.pulledAt })
        .then(),
      'shortcode',
      TAKEN,
    );
    await changed(KEY);
  }

  async update(account: RailAccount): Promise<boolean> {
    const change = db()('payments_accounts')
      .where({ id: account.id, version: account.version })
      .update({
        ...this.columns(account),
        pulled_at: db().raw('greatest(pulled_at, ?::timestamptz)', [account.pulledAt]),
        version: account.version + 1,
      });
    const count = await orTaken(change.then(), 'shortcode', TAKEN);
    await changed(KEY);
    return count === 1;
  }

  async notePulled(id: string, until: Date): Promise<void> {
    await query('payments.note-pulled', 'update payments_accounts set pulled_at = $2 where id = $1', [id, until]);
    await changed(KEY);
  }

  private columns(account: RailAccount): object {
    const {
      id,
      keys,
      token,
      pending,
      name,
      environment,
      kind,
      shortcode,
      till,
      nominatedPhone,
      ledgerAccountId,
      state,
      registeredAt,
      triedAt,
      triedSays,
    } = account;
    return {
      name,
      environment,
      kind,
      shortcode,
      till,
      state,
      nominated_phone: nominatedPhone,
      ledger_account_id: ledgerAccountId,
      registered_at: registeredAt,
      tried_at: triedAt,
      tried_says: triedSays,
      sealed: this.seal(id, { keys, token }),
      pending: pending && this.seal(id, pending),
    };
  }

  private read({ sealed, pending, ...row }: Row): RailAccount {
    return {
      ...row,
      ...(this.open(row.id, sealed) as Pick<RailAccount, 'keys' | 'token'>),
      pending: pending === null ? null : (this.open(row.id, pending) as RailAccount['pending']),
    };
  }

  private seal(id: string, content: object): string {
    const iv = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', this.key, iv).setAAD(Buffer.from(id));
    const body = Buffer.concat([cipher.update(JSON.stringify(content), 'utf8'), cipher.final()]);
    return Buffer.concat([iv, cipher.getAuthTag(), body]).toString('base64url');
  }

  private open(id: string, sealed: string): unknown {
    const bytes = Buffer.from(sealed, 'base64url');
    const decipher = createDecipheriv('aes-256-gcm', this.key, bytes.subarray(0, 12)).setAAD(Buffer.from(id));
    decipher.setAuthTag(bytes.subarray(12, 28));
    return JSON.parse(Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString('utf8'));
  }
}
