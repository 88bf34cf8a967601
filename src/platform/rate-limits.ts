import { RateLimiterPostgres, RateLimiterRes, type IRateLimiterOptions } from 'rate-limiter-flexible';
import { TooMany } from '../kernel/errors.js';
import { currentDatabase } from './db/index.js';

/** On the pool and not in the caller's transaction: a refused try is rolled back, its count is not. */
const pool = { query: (statement: object) => currentDatabase().pool.query(statement as { text: string }) };

/** So many `points` in `duration` seconds for each key, counted in the platform's table. */
export class RateLimit {
  private readonly limiter: RateLimiterPostgres;

  constructor(keyPrefix: `${string}.${string}`, options: Pick<IRateLimiterOptions, 'points' | 'duration'>) {
    this.limiter = new RateLimiterPostgres({
      storeClient: pool,
      storeType: 'pool',
      tableName: 'platform_rate_limits',
      tableCreated: true,
      clearExpiredByTimeout: false,
      keyPrefix,
      ...options,
    });
  }

  /** Counts one. @returns whether it was still within the limit */
  async allows(key: string): Promise<boolean> {
    try {
      await this.limiter.consume(key);
      return true;
    } catch (refusal) {
      if (refusal instanceof RateLimiterRes) return false;
      throw refusal;
    }
  }

  /** Counts one. @throws TooMany with this sentence */
  async take(key: string, sentence: string): Promise<void> {
    try {
      await this.limiter.consume(key);
    } catch (refusal) {
      if (!(refusal instanceof RateLimiterRes)) throw refusal;
      throw new TooMany(sentence, Math.max(1, Math.ceil(refusal.msBeforeNext / 1000)));
    }
  }

  /** Takes one back. */
  async giveBack(key: string): Promise<void> {
    await this.limiter.reward(key, 1);
  }
}

/** One household or machine has 2^64 addresses of IPv6 to choose from: they count as one. */
export function networkOf(ip: string | null): string {
  if (!ip?.includes(':')) return ip ?? 'none';
  const plain = ip.replace(/%.*$/, '').toLowerCase();
  const v4 = /^::ffff:(\d+(?:\.\d+){3})$/.exec(plain)?.[1];
  if (v4) return v4;
  const [left = '', right = ''] = plain.split('::');
  const head = left.split(':').filter(Boolean);
  const tail = right.split(':').filter(Boolean);
  const all = plain.includes('::') ? [...head, ...Array.from({ length: Math.max(0, 8 - head.length - tail.length) }, () => '0'), ...tail] : head;
  return `${all.slice(0, 4).map((part) => part.replace(/^0+(?=.)/, '')).join(':')}::/64`;
}
