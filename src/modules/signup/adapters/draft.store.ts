import { query } from '../../../platform/db/index.js';
import type { Answers } from '../steps.rules.js';
import type { Draft, DraftStore } from '../ports.js';

interface Row {
  id: string;
  answers: Answers;
  confirmed_email: string | null;
  code_asked_at: Date | null;
  school_id: string | null;
  page: string | null;
  created_at: Date;
}
const COLUMNS = 'id, answers, confirmed_email, code_asked_at, school_id, page, created_at';

export class PgDraftStore implements DraftStore {
  async find(browserHash: string): Promise<Draft | null> {
    return first(await query<Row>('signup.draft', `select ${COLUMNS} from signup_drafts where browser_hash = $1`, [browserHash]));
  }

  async lock(browserHash: string): Promise<Draft | null> {
    return first(
      await query<Row>('signup.draft-lock', `select ${COLUMNS} from signup_drafts where browser_hash = $1 for update`, [
        browserHash,
      ]),
    );
  }

  async insert(id: string, browserHash: string): Promise<void> {
    await query('signup.draft-insert', 'insert into signup_drafts (id, browser_hash) values ($1, $2) on conflict do nothing', [
      id,
      browserHash,
    ]);
  }

  async saveAnswers(id: string, answers: Answers): Promise<void> {
    await query('signup.draft-answers', 'update signup_drafts set answers = $2, updated_at = now() where id = $1', [
      id,
      JSON.stringify(answers),
    ]);
  }

  async noteAsked(id: string, at: Date): Promise<void> {
    await query('signup.draft-asked', 'update signup_drafts set code_asked_at = $2, updated_at = now() where id = $1', [id, at]);
  }

  async confirm(id: string, email: string): Promise<void> {
    await query('signup.draft-confirm', 'update signup_drafts set confirmed_email = $2, updated_at = now() where id = $1', [
      id,
      email,
    ]);
  }

  async open(id: string, schoolId: string, page: string): Promise<void> {
    await query(
      'signup.draft-open',
      `update signup_drafts set school_id = $2, page = $3, answers = '{}', confirmed_email = null, updated_at = now() where id = $1`,
      [id, schoolId, page],
    );
    await query('signup.codes-remove', 'delete from signup_codes where draft_id = $1', [id]);
  }

  async remove(browserHash: string): Promise<void> {
    await query('signup.draft-remove', 'delete from signup_drafts where browser_hash = $1', [browserHash]);
  }

  async forgetSchool(schoolId: string): Promise<void> {
    await query('signup.draft-forget', 'delete from signup_drafts where school_id = $1', [schoolId]);
  }

  async addConsent(consent: { id: string; schoolId: string; version: string; language: string; at: string }): Promise<void> {
    await query(
      'signup.consent',
      'insert into signup_consents (id, school_id, version, language, consented_at) values ($1, $2, $3, $4, $5)',
      [consent.id, consent.schoolId, consent.version, consent.language, consent.at],
    );
  }

  async prune(days: number): Promise<void> {
    await query('signup.prune-drafts', `delete from signup_drafts where updated_at < now() - make_interval(days => $1)`, [days]);
    await query('signup.prune-codes', `delete from signup_codes where expires_at < now() - interval '1 day'`);
  }
}

function first(rows: Row[]): Draft | null {
  const row = rows[0];
  if (!row) return null;
  const opened = row.school_id && row.page ? { schoolId: row.school_id, page: row.page } : null;
  return {
    id: row.id,
    answers: row.answers,
    confirmedEmail: row.confirmed_email,
    codeAskedAt: row.code_asked_at,
    opened,
    createdAt: row.created_at,
  };
}
