import { Conflict } from '../../kernel/errors.js';
import { query, unit } from './context.js';

interface Submission {
  /** The token that was in the form. */
  token: string;
  actorId: string | null;
}

/**
 * Does the work of a form that was sent once, however often it is sent: the second sending waits for the
 * first and gets its answer. Work that fails leaves no trace, so that the form can be corrected and sent again.
 */
export async function once(submission: Submission, work: () => Promise<string>): Promise<{ url: string; repeated: boolean }> {
  return unit(async () => {
    const taken = await query(
      'platform.form-take',
      'insert into platform_form_submissions (id, actor_id) values ($1, $2) on conflict do nothing returning id',
      [submission.token, submission.actorId],
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

async function earlierAnswer({ token, actorId }: Submission): Promise<string> {
  const [row] = await query<{ url: string | null }>(
    'platform.form-answer',
    'select result_url as url from platform_form_submissions where id = $1 and actor_id is not distinct from $2',
    [token, actorId],
  );
  if (!row?.url) throw new Conflict('This form was already sent by somebody else. Open it again.');
  return row.url;
}
