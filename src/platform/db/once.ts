import { createHash } from 'node:crypto';
import { Conflict } from '../../kernel/errors.js';
import { query, unit } from './context.js';

interface Submission {
  /** The token that was in the form. */
  token: string;
  actorId: string | null;
  /** A short name of what was sent, by `digestOf`; left out where the mark alone says it. */
  asked?: string;
}

/** The mark was used already, for something else. `url` is the first one's answer. */
export class SentBefore extends Conflict {
  constructor(readonly url: string) {
    super(
      'This form has already been saved with different entries. Your new entries are not saved: open the form again to save them.',
      'key_reused',
    );
  }
}

/** Two texts don't share one. */
export function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/**
 * Does the work of a form that was sent once, however often it is sent: the second sending waits for the
 * first and gets its answer. Work that fails leaves no trace, so that the form can be corrected and sent again.
 * @throws SentBefore where the same mark comes with something else
 */
export async function once(submission: Submission, work: () => Promise<string>): Promise<{ url: string; repeated: boolean }> {
  return unit(async () => {
    const taken = await query(
      'platform.form-take',
      'insert into platform_form_submissions (id, actor_id, asked) values ($1, $2, $3) on conflict do nothing returning id',
      [submission.token, submission.actorId, submission.asked ?? null],
    );
    if (taken.length === 0) return { url: await earlierAnswer(submission), repeated: true };
    const url = await work();
    await query('platform.form-done', 'update platform_form_submissions set result_url = $2 where id = $1', [
      submission.token,
      url,
    ]);
    return { url, repeated: false };
  });
}

async function earlierAnswer({ token, actorId, asked }: Submission): Promise<string> {
  const [row] = await query<{ url: string | null; asked: string | null }>(
    'platform.form-answer',
    'select result_url as url, asked from platform_form_submissions where id = $1 and actor_id is not distinct from $2',
    [token, actorId],
  );
  if (!row?.url) throw new Conflict('Someone else has already sent this form. Open it again.');
  // A version before this one kept the mark alone.
  if (asked && row.asked && row.asked !== asked) throw new SentBefore(row.url);
  return row.url;
}
