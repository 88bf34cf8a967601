import { RateLimiterPostgres, RateLimiterRes } from 'rate-limiter-flexible';
import { currentDatabase } from '../../../../platform/db/index.js';

const pool = { query: (statement: object) => currentDatabase().pool.query(statement as { text: string }) };

function limiter(keyPrefix: string, points: number, duration: number): RateLimiterPostgres {
  const table = { storeClient: pool, storeType: 'pool', tableName: 'platform_rate_limits', tableCreated: true, clearExpiredByTimeout: false };
  return new RateLimiterPostgres({ ...table, keyPrefix: `provisioning.${keyPrefix}`, points, duration });
}

/** In the database, since several processes of the platform hear schools. */
export class PgCallLimits {
  private readonly wrong = limiter('wrong', 20, 600);
  private readonly right = limiter('right', 60, 60);

  refused(ip: string | null): Promise<boolean> {
    return taken(this.wrong, ip ?? 'none');
  }

  believed(schoolId: string): Promise<boolean> {
    return taken(this.right, schoolId);
  }
}

async function taken(from: RateLimiterPostgres, key: string): Promise<boolean> {
  try {
    await from.consume(key);
    return true;
  } catch (refusal) {
    if (refusal instanceof RateLimiterRes) return false;
    throw refusal;
  }
}
