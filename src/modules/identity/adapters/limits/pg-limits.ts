import { RateLimiterPostgres, RateLimiterRes, type IRateLimiterOptions } from 'rate-limiter-flexible';
import { TooMany } from '../../../../kernel/errors.js';
import { currentDatabase } from '../../../../platform/db/index.js';
import { networkOf } from '../../../../platform/rate-limits.js';
import { FREE_TRIES, pauseAfter, SENDS_PER_TEN_MINUTES, WRONG_CODES_A_DAY } from '../../domain/lock-out.js';
import type { Limits } from '../../ports.js';
import { countTry, giveBack, type Bound } from './password-tries.js';

type Kind = 'password' | 'code' | 'factor';
interface From {
  ip: string | null;
  known: boolean;
}

const DAY = 86_400;
const QUARTER = 900;
const PER_ADDRESS = 100;
const PER_SCHOOL = 2_000;
/** A whole staff room signs in from one address, each page asking once. */
const ASKED_PER_ADDRESS = 1_000;
const SENDS_PER_ADDRESS = 30;
const SENDS_PER_SCHOOL = 600;

/** On the pool and not in the caller's transaction: a refused try is rolled back, its count is not. */
const pool = { query: (statement: object) => currentDatabase().pool.query(statement as { text: string }) };

function limiter(keyPrefix: string, options: Pick<IRateLimiterOptions, 'points' | 'duration'>): RateLimiterPostgres {
  return new RateLimiterPostgres({
    storeClient: pool,
    storeType: 'pool',
    tableName: 'platform_rate_limits',
    tableCreated: true,
    clearExpiredByTimeout: false,
    keyPrefix: `identity.${keyPrefix}`,
    ...options,
  });
}

/**
 * A try is counted before it is made and given back when it was right, so that a thousand at once are
 * no better than one after the other.
 */
export class PgLimits implements Limits {
  private readonly pause = limiter('pause', { points: 1, duration: 60 });
  private readonly wrongCodes = limiter('codes', { points: WRONG_CODES_A_DAY, duration: DAY });
  private readonly address = limiter('address', { points: PER_ADDRESS, duration: QUARTER });
  private readonly school = limiter('school', { points: PER_SCHOOL, duration: QUARTER });
  private readonly asked = limiter('asked', { points: ASKED_PER_ADDRESS, duration: QUARTER });
  private readonly again = limiter('again', { points: 1, duration: 60 });
  private readonly sends = limiter('sends', { points: SENDS_PER_TEN_MINUTES, duration: 600 });
  private readonly sendsByAddress = limiter('sends-by', { points: SENDS_PER_ADDRESS, duration: 600 });
  private readonly sendsBySchool = limiter('sends-all', { points: SENDS_PER_SCHOOL, duration: 600 });

  async try(kind: Kind, key: string, from: From): Promise<void> {
    const name = nameOf(kind, key, from);
    if (kind === 'password') return this.tryPassword(name, from);
    if (!from.known) {
      await take(this.school, 'all');
      await take(this.address, networkOf(from.ip));
    }
    await take(this.wrongCodes, name, 'There were too many wrong codes today. Use your password, or ask the office.');
  }

  private async tryPassword(name: string, from: From): Promise<void> {
    const { waitMs, tries } = await countTry(this.boundsFor(from), this.keysOf(name));
    if (waitMs !== null) throw tooMany(waitMs);
    if (tries < FREE_TRIES) return;
    try {
      await this.pause.consume(name, 1, { customDuration: pauseAfter(tries) });
    } catch (refusal) {
      throw asTooMany(refusal);
    }
  }

  async right(kind: Kind, key: string, from: From): Promise<void> {
    const name = nameOf(kind, key, from);
    if (kind === 'password') return giveBack(this.boundsFor(from), this.keysOf(name));
    await this.wrongCodes.reward(name, 1);
    if (from.known) return;
    await this.school.reward('all', 1);
    await this.address.reward(networkOf(from.ip), 1);
  }

  /** What strangers share: the whole school, and each network they come from. */
  private boundsFor(from: From): Bound[] {
    if (from.known) return [];
    return [
      { key: this.school.getKey('all'), most: PER_SCHOOL, seconds: QUARTER },
      { key: this.address.getKey(networkOf(from.ip)), most: PER_ADDRESS, seconds: QUARTER },
    ];
  }

  private keysOf(name: string): { pause: string; tries: string } {
    return { pause: this.pause.getKey(name), tries: `identity.tries:${name}` };
  }

  async mayAsk(ip: string | null): Promise<void> {
    await take(this.asked, networkOf(ip));
  }

  async maySend(target: string, ip: string | null, everySeconds = 0): Promise<boolean> {
    await take(this.sendsByAddress, networkOf(ip));
    await take(this.sendsBySchool, 'all');
    try {
      if (everySeconds > 0) await this.again.consume(target, 1, { customDuration: everySeconds });
      await this.sends.consume(target);
      return true;
    } catch (refusal) {
      if (refusal instanceof RateLimiterRes) return false;
      throw refusal;
    }
  }
}

/** A browser that has signed in before has a count of its own: strangers can't lock its owner out. */
function nameOf(kind: Kind, key: string, from: From): string {
  return `${kind}:${key}${from.known ? ':known' : ''}`;
}

async function take(from: RateLimiterPostgres, key: string, sentence?: string): Promise<void> {
  try {
    await from.consume(key);
  } catch (refusal) {
    throw asTooMany(refusal, sentence);
  }
}

function asTooMany(refusal: unknown, sentence?: string): unknown {
  return refusal instanceof RateLimiterRes ? tooMany(refusal.msBeforeNext, sentence) : refusal;
}

function tooMany(ms: number, sentence?: string): TooMany {
  const seconds = Math.max(1, Math.ceil(ms / 1000));
  return new TooMany(sentence ?? waitFor(seconds), seconds);
}

function waitFor(seconds: number): string {
  if (seconds === 1) return 'There were too many tries. Wait one second, then try again.';
  if (seconds <= 90) return `There were too many tries. Wait ${seconds} seconds, then try again.`;
  return `There were too many tries. Wait ${Math.ceil(seconds / 60)} minutes, then try again.`;
}
