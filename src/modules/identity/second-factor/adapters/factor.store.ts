import { newId } from '../../../../kernel/id.js';
import { changed, query } from '../../../../platform/db/index.js';
import type { Factor, FactorStore } from '../../ports.js';
import { PEOPLE } from '../../accounts/adapters/account.store.js';

export class PgFactorStore implements FactorStore {
  async find(userId: string): Promise<Factor | null> {
    const [row] = await query<Factor & Record<string, unknown>>(
      'identity.factor',
      `select user_id as "userId", secret_sealed as "secretSealed", confirmed_at as "confirmedAt", last_counter as "lastCounter", recovery_hashes as "recoveryHashes"
       from identity_factors where user_id = $1`,
      [userId],
    );
    return row ?? null;
  }

  async enrol(userId: string, secretSealed: string, counter: number, recoveryHashes: readonly string[]): Promise<void> {
    await query(
      'identity.factor.enrol',
      `with there as (
         update identity_factors set secret_sealed = $3, confirmed_at = now(), last_counter = $4, recovery_hashes = $5 where user_id = $2 returning id)
       insert into identity_factors (id, user_id, secret_sealed, confirmed_at, last_counter, recovery_hashes)
       select $1, $2, $3, now(), $4, $5 where not exists (select 1 from there)`,
      [newId(), userId, secretSealed, counter, recoveryHashes],
    );
    await changed(PEOPLE);
  }

  async useCounter(userId: string, counter: number): Promise<boolean> {
    const rows = await query(
      'identity.factor.use',
      'update identity_factors set last_counter = $2 where user_id = $1 and last_counter < $2 returning id',
      [userId, counter],
    );
    return rows.length === 1;
  }

  async useRecovery(userId: string, hash: string): Promise<boolean> {
    const rows = await query(
      'identity.factor.recover',
      'update identity_factors set recovery_hashes = array_remove(recovery_hashes, $2) where user_id = $1 and $2 = any(recovery_hashes) returning id',
      [userId, hash],
    );
    return rows.length === 1;
  }

  async saveRecovery(userId: string, hashes: readonly string[]): Promise<void> {
    await query(
      'identity.factor.codes',
      `with there as (update identity_factors set recovery_hashes = $3 where user_id = $2 returning id)
       insert into identity_factors (id, user_id, recovery_hashes) select $1, $2, $3 where not exists (select 1 from there)`,
      [newId(), userId, hashes],
    );
  }

  async remove(userId: string): Promise<void> {
    await query(
      'identity.factor.remove',
      'update identity_factors set secret_sealed = null, confirmed_at = null, last_counter = 0 where user_id = $1',
      [userId],
    );
    await this.forgetRecoveryWithout(userId);
    await changed(PEOPLE);
  }

  async forgetRecoveryWithout(userId: string): Promise<void> {
    await query(
      'identity.factor.forget',
      'delete from identity_factors where user_id = $1 and confirmed_at is null and not exists (select 1 from identity_passkeys where user_id = $1)',
      [userId],
    );
  }
}
