import { networkOf, RateLimit, tooMany } from '../../../../platform/rate-limits.js';
import {
  FREE_TRIES,
  pauseAfter,
  SENDS_PER_TEN_MINUTES,
  TRIES_FROM_A_WILD_NETWORK,
  WRONG_CODES_A_DAY,
  WRONG_FACTORS_A_DAY,
} from '../../accounts/lock-out.rules.js';
import type { Limits } from '../../ports.js';
import { countTry, giveBack, type Bound } from './password-tries.js';

type Kind = 'password' | 'code' | 'factor' | 'recovery';
interface From {
  ip: string | null;
  known: boolean;
}

const DAY = 86_400;
const QUARTER = 900;
const PER_ADDRESS = 100;
const PER_SCHOOL = 2_000;
const NO_MORE_CODES = 'Too many wrong codes today. Use your password, or ask the office.';
const NO_MORE_FACTORS = 'Too many wrong codes today. Use a recovery code or a passkey, or ask the office.';
/** A whole staff room signs in from one address, each page asking once. */
const ASKED_PER_ADDRESS = 1_000;
const SENDS_PER_ADDRESS = 30;
const SENDS_PER_SCHOOL = 600;

/**
 * A try is counted before it is made and given back when it was right, so that a thousand at once are
 * no better than one after the other.
 */
export class PgLimits implements Limits {
  private readonly pause = new RateLimit('identity.pause', { points: 1, duration: 60 });
  private readonly wrongCodes = new RateLimit('identity.codes', { points: WRONG_CODES_A_DAY, duration: DAY });
  private readonly wrongFactors = new RateLimit('identity.factors', { points: WRONG_FACTORS_A_DAY, duration: DAY });
  private readonly wild = new RateLimit('identity.wild', { points: TRIES_FROM_A_WILD_NETWORK, duration: QUARTER });
  private readonly address = new RateLimit('identity.address', { points: PER_ADDRESS, duration: QUARTER });
  private readonly school = new RateLimit('identity.school', { points: PER_SCHOOL, duration: QUARTER });
  private readonly asked = new RateLimit('identity.asked', { points: ASKED_PER_ADDRESS, duration: QUARTER });
  private readonly again = new RateLimit('identity.again', { points: 1, duration: 60 });
  private readonly sends = new RateLimit('identity.sends', { points: SENDS_PER_TEN_MINUTES, duration: 600 });
  private readonly sendsByAddress = new RateLimit('identity.sends-by', { points: SENDS_PER_ADDRESS, duration: 600 });
  private readonly sendsBySchool = new RateLimit('identity.sends-all', { points: SENDS_PER_SCHOOL, duration: 600 });

  async try(kind: Kind, key: string, from: From): Promise<void> {
    const name = nameOf(kind, key, from);
    if (kind === 'password') return this.tryPassword(name, from);
    if (!from.known) {
      await this.school.take('all');
      const network = networkOf(from.ip);
      // A whole school may share the line: others' wrong tries leave each name some of its own.
      if (!(await this.address.allows(network))) await this.wild.take(`${name}@${network}`);
    }
    await this.wrongOf(kind).take(name, kind === 'factor' ? NO_MORE_FACTORS : NO_MORE_CODES);
  }

  private wrongOf(kind: Kind): RateLimit {
    return kind === 'factor' ? this.wrongFactors : this.wrongCodes;
  }

  private async tryPassword(name: string, from: From): Promise<void> {
    const { waitMs, tries } = await countTry(this.boundsFor(from), this.keysOf(name));
    if (waitMs !== null) throw tooMany(waitMs);
    if (tries >= FREE_TRIES) await this.pause.take(name, '', pauseAfter(tries));
  }

  async right(kind: Kind, key: string, from: From): Promise<void> {
    const name = nameOf(kind, key, from);
    if (kind === 'password') return giveBack(this.boundsFor(from), this.keysOf(name));
    await this.wrongOf(kind).giveBack(name);
    if (from.known) return;
    await this.school.giveBack('all');
    await this.address.giveBack(networkOf(from.ip));
  }

  /** What strangers share: the whole school, and each network they come from. */
  private boundsFor(from: From): Bound[] {
    if (from.known) return [];
    return [
      { key: this.school.keyOf('all'), most: PER_SCHOOL, seconds: QUARTER },
      { key: this.address.keyOf(networkOf(from.ip)), most: PER_ADDRESS, seconds: QUARTER, leaves: TRIES_FROM_A_WILD_NETWORK },
    ];
  }

  private keysOf(name: string): { pause: string; tries: string } {
    return { pause: this.pause.keyOf(name), tries: `identity.tries:${name}` };
  }

  async mayAsk(ip: string | null): Promise<void> {
    await this.asked.take(networkOf(ip));
  }

  async maySend(target: string, ip: string | null, everySeconds = 0): Promise<boolean> {
    await this.sendsByAddress.take(networkOf(ip));
    await this.sendsBySchool.take('all');
    if (everySeconds > 0 && !(await this.again.allows(target, everySeconds))) return false;
    return this.sends.allows(target);
  }
}

/**
 * A browser that has signed in before has a count of its own: strangers can't lock its owner out. Of an app's codes there are
 * too few tries to have them twice; recovery codes and passkeys let its owner in meanwhile.
 */
function nameOf(kind: Kind, key: string, from: From): string {
  if (kind === 'factor') return `${kind}:${key}`;
  return `${kind}:${key}${from.known ? ':known' : ''}`;
}
