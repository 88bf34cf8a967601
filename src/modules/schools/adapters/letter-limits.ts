import { RateLimit } from '../../../platform/rate-limits.js';
import type { LetterLimits } from '../ports.js';

export class PgLetterLimits implements LetterLimits {
  private readonly letters = new RateLimit('schools.owner-letters', { points: 3, duration: 600 });

  take(schoolId: string): Promise<void> {
    return this.letters.take(
      schoolId,
      'The owner has received three emails in the last ten minutes. Wait a little before sending another.',
    );
  }
}
