import { networkOf, RateLimit } from '../../../platform/rate-limits.js';
import type { Limits } from '../ports.js';

const HOUR = 3600;
const SENTENCE = 'Too many attempts in a short time. Try again in an hour.';

/** Counted before anything is sent, by network and by the address that would be written to. */
export class PgLimits implements Limits {
  private readonly letters = new RateLimit('website.letters', { points: 20, duration: HOUR });
  private readonly address = new RateLimit('website.address', { points: 5, duration: HOUR });
  private readonly messages = new RateLimit('website.contact', { points: 5, duration: HOUR });

  async newsletter(ip: string | null, email: string): Promise<void> {
    await this.letters.take(networkOf(ip), SENTENCE);
    await this.address.take(email, SENTENCE);
  }

  async contact(ip: string | null): Promise<void> {
    await this.messages.take(networkOf(ip), SENTENCE);
  }
}
