import { networkOf, RateLimit } from '../../../platform/rate-limits.js';

/** In the database, since several processes of the platform hear schools. */
export class PgCallLimits {
  private readonly wrong = new RateLimit('provisioning.wrong', { points: 20, duration: 600 });
  private readonly right = new RateLimit('provisioning.right', { points: 60, duration: 60 });

  refused(ip: string | null): Promise<boolean> {
    return this.wrong.allows(networkOf(ip));
  }

  believed(schoolId: string): Promise<boolean> {
    return this.right.allows(schoolId);
  }
}
