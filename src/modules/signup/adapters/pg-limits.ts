import { networkOf, RateLimit } from '../../../platform/rate-limits.js';
import { SENDS_PER_TEN_MINUTES, WRONG_CODES_A_DAY } from '../code.rules.js';
import type { SignupLimits } from '../ports.js';

const MINUTE = 60;
const HOUR = 3600;
const DAY = 86_400;

const BUSY = 'Many people are signing up right now. Nothing is lost: try again in a few minutes.';
const OFTEN = 'There have been too many sign-ups from this network. Nothing is lost: try again later.';

/** A computer shop or a ministry may sign up a town's schools from one address; a machine may not sign up a thousand. */
export class PgSignupLimits implements SignupLimits {
  private readonly checks = new RateLimit('signup.checks', { points: 60, duration: MINUTE });
  private readonly begun = new RateLimit('signup.begun', { points: 60, duration: HOUR });
  private readonly begunByAll = new RateLimit('signup.begun-all', { points: 600, duration: 10 * MINUTE });
  private readonly sends = new RateLimit('signup.sends', { points: SENDS_PER_TEN_MINUTES, duration: 10 * MINUTE });
  private readonly sendsByNetwork = new RateLimit('signup.sends-by', { points: 30, duration: 10 * MINUTE });
  private readonly sendsByAll = new RateLimit('signup.sends-all', { points: 300, duration: 10 * MINUTE });
  private readonly wrongCodes = new RateLimit('signup.codes', { points: WRONG_CODES_A_DAY, duration: DAY });
  private readonly triesByNetwork = new RateLimit('signup.tries-by', { points: 100, duration: 15 * MINUTE });
  private readonly opened = new RateLimit('signup.opened', { points: 40, duration: DAY });
  private readonly openedByAll = new RateLimit('signup.opened-all', { points: 60, duration: 10 * MINUTE });

  check(ip: string | null): Promise<void> {
    return this.checks.take(networkOf(ip), 'Wait a moment, then check the address again.');
  }

  async begin(ip: string | null): Promise<void> {
    await this.begun.take(networkOf(ip), OFTEN);
    await this.begunByAll.take('all', BUSY);
  }

  async maySend(target: string, ip: string | null): Promise<boolean> {
    await this.sendsByNetwork.take(networkOf(ip), OFTEN);
    await this.sendsByAll.take('all', BUSY);
    return this.sends.allows(target);
  }

  async tryCode(target: string, ip: string | null): Promise<void> {
    await this.triesByNetwork.take(networkOf(ip), 'Too many attempts. Wait 15 minutes, then try again.');
    await this.wrongCodes.take(target, 'Too many wrong codes today. Use another email address, or try again tomorrow.');
  }

  async rightCode(target: string, ip: string | null): Promise<void> {
    await this.wrongCodes.giveBack(target);
    await this.triesByNetwork.giveBack(networkOf(ip));
  }

  async openSchool(ip: string | null): Promise<void> {
    await this.opened.take(networkOf(ip), OFTEN);
    await this.openedByAll.take('all', BUSY);
  }
}
