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

  /** Counts one; `seconds` is how long it counts, where that is not the limit's own. @returns whether it was still within it */
  async allows(key: string, seconds?: number): Promise<boolean> {
    try {
      await this.consume(key, seconds);
      return true;
    } catch (refusal) {
      if (refusal instanceof RateLimiterRes) return false;
      throw refusal;
    }
  }

  /** Counts one. @throws TooMany with this sentence, or by how long it takes until the next is allowed */
  async take(key: string, sentence: string = '', seconds?: number): Promise<void> {
    try {
      await this.consume(key, seconds);
    } catch (refusal) {
      if (!(refusal instanceof RateLimiterRes)) throw refusal;
      throw tooMany(refusal.msBeforeNext, sentence);
    }
  }

  /** Takes one back. */
  async giveBack(key: string): Promise<void> {
    await this.limiter.reward(key, 1);
  }

  /** The key as it stands in the table. */
  keyOf(key: string): string {
    return this.limiter.getKey(key);
  }

  private consume(key: string, seconds?: number): Promise<RateLimiterRes> {
    return this.limiter.consume(key, 1, seconds === undefined ? {} : { customDuration: seconds });
  }
}

export function tooMany(ms: number, sentence = ''): TooMany {
  const seconds = Math.max(1, Math.ceil(ms / 1000));
  return new TooMany(sentence || waitFor(seconds), seconds);
}

function waitFor(seconds: number): string {
  if (seconds === 1) return 'Too many attempts. Wait one second, then try again.';
  if (seconds <= 90) return `Too many attempts. Wait ${seconds} seconds, then try again.`;
  return `Too many attempts. Wait ${Math.ceil(seconds / 60)} minutes, then try again.`;
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
  const all = plain.includes('::')
    ? [...head, ...Array.from({ length: Math.max(0, 8 - head.length - tail.length) }, () => '0'), ...tail]
    : head;
  return `${all
    .slice(0, 4)
    .map((part) => part.replace(/^0+(?=.)/, ''))
    .join(':')}::/64`;
}
