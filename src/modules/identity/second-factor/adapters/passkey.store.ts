import { Conflict } from '../../../../kernel/errors.js';
import { newId } from '../../../../kernel/id.js';
import { changed, query } from '../../../../platform/db/index.js';
import type { ChallengePurpose, ChallengeStore, Passkey, PasskeyStore } from '../../ports.js';
import { PEOPLE } from '../../accounts/adapters/account.store.js';

const COLUMNS = `id, user_id as "userId", credential_id as "credentialId", public_key as "publicKey", counter, transports, name, backed_up as "backedUp",
  created_at as "createdAt", last_used_at as "lastUsedAt"`;
type Row = Passkey & Record<string, unknown>;

export class PgPasskeyStore implements PasskeyStore {
  async of(userId: string): Promise<Passkey[]> {
    return (
      await query<Row>('identity.passkeys', `select ${COLUMNS} from identity_passkeys where user_id = $1 order by created_at`, [
        userId,
      ])
    ).map(toKey);
  }

  async byCredential(credentialId: string): Promise<Passkey | null> {
    const [row] = await query<Row>('identity.passkey', `select ${COLUMNS} from identity_passkeys where credential_id = $1`, [
      credentialId,
    ]);
    return row ? toKey(row) : null;
  }

  async insert(key: Omit<Passkey, 'createdAt' | 'lastUsedAt'>): Promise<void> {
    const rows = await query(
      'identity.passkey.insert',
      `insert into identity_passkeys (id, user_id, credential_id, public_key, counter, transports, name, backed_up)
       values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict do nothing returning id`,
      [key.id, key.userId, key.credentialId, Buffer.from(key.publicKey), key.counter, key.transports, key.name, key.backedUp],
    );
    if (rows.length === 0) throw new Conflict('This passkey has already been added.', 'passkey-known');
    await changed(PEOPLE);
  }

  async used(id: string, counter: number, backedUp: boolean): Promise<boolean> {
    const rows = await query(
      'identity.passkey.used',
      'update identity_passkeys set counter = $2, backed_up = $3, last_used_at = now() where id = $1 and (counter < $2 or (counter = 0 and $2 = 0)) returning id',
      [id, counter, backedUp],
    );
    return rows.length === 1;
  }

  async rename(userId: string, id: string, name: string): Promise<string | null> {
    const [row] = await query<{ was: string }>(
      'identity.passkey.rename',
      'update identity_passkeys k set name = $3 from identity_passkeys o where o.id = k.id and k.user_id = $1 and k.id = $2 returning o.name as was',
      [userId, id, name],
    );
    return row?.was ?? null;
  }

  async remove(userId: string, id: string): Promise<string | null> {
    const [row] = await query<{ name: string }>(
      'identity.passkey.remove',
      'delete from identity_passkeys where user_id = $1 and id = $2 returning name',
      [userId, id],
    );
    await changed(PEOPLE);
    return row?.name ?? null;
  }

  async removeAll(userId: string): Promise<void> {
    await query('identity.passkey.remove-all', 'delete from identity_passkeys where user_id = $1', [userId]);
    await changed(PEOPLE);
  }
}

export class PgChallengeStore implements ChallengeStore {
  async insert({ challenge, purpose, holder, expiresAt }: Parameters<ChallengeStore['insert']>[0]): Promise<void> {
    await query(
      'identity.challenge.insert',
      'insert into identity_challenges (id, challenge, purpose, holder, expires_at) values ($1, $2, $3, $4, $5)',
      [newId(), challenge, purpose, holder, expiresAt],
    );
  }

  async use(challenge: string, purpose: ChallengePurpose, holder: string): Promise<boolean> {
    const rows = await query<{ open: boolean }>(
      'identity.challenge.use',
      'delete from identity_challenges where challenge = $1 and purpose = $2 and holder = $3 returning expires_at > now() as open',
      [challenge, purpose, holder],
    );
    return rows[0]?.open === true;
  }
}

function toKey(row: Row): Passkey {
  return { ...row, counter: Number(row.counter), publicKey: Uint8Array.from(row.publicKey) };
}
