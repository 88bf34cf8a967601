import { query } from '../../../platform/db/index.js';
import type { Code, CodeStore } from '../ports.js';

const CODE = 'id, draft_id as "draftId", email, code_hash as "codeHash"';
const OPEN = 'used_at is null and expires_at > now()';

export class PgCodeStore implements CodeStore {
  async insert(code: Parameters<CodeStore['insert']>[0]): Promise<void> {
    await query(
      'signup.code-insert',
      'insert into signup_codes (id, draft_id, email, language, expires_at) values ($1, $2, $3, $4, $5)',
      [code.id, code.draftId, code.email, code.language, code.expiresAt],
    );
  }

  async toSend(id: string): Promise<{ email: string; language: string } | null> {
    const [row] = await query<{ email: string; language: string }>(
      'signup.code-to-send',
      `select email, language from signup_codes where id = $1 and ${OPEN}`,
      [id],
    );
    return row ?? null;
  }

  async sent(id: string, codeHash: string): Promise<void> {
    await query(
      'signup.code-end-older',
      `update signup_codes o set used_at = now() from signup_codes n
        where n.id = $1 and o.draft_id = n.draft_id and o.id <> n.id and o.used_at is null and o.created_at <= n.created_at`,
      [id],
    );
    await query('signup.code-sent', 'update signup_codes set code_hash = $2, tries = 0 where id = $1', [id, codeHash]);
  }

  async open(draftId: string): Promise<Code | null> {
    const [row] = await query<Code>(
      'signup.code-open',
      `select ${CODE} from signup_codes where draft_id = $1 and code_hash is not null and ${OPEN} order by created_at desc, id desc limit 1`,
      [draftId],
    );
    return row ?? null;
  }

  async countTry(id: string, most: number): Promise<Code | null> {
    const [row] = await query<Code>(
      'signup.code-try',
      `update signup_codes set tries = tries + 1 where id = $1 and tries < $2 and ${OPEN} returning ${CODE}`,
      [id, most],
    );
    return row ?? null;
  }

  async use(id: string): Promise<boolean> {
    return (
      (await query('signup.code-use', `update signup_codes set used_at = now() where id = $1 and ${OPEN} returning id`, [id]))
        .length === 1
    );
  }
}
