import { db, query } from '../../../../platform/db/index.js';
import { insertRows } from '../../../../platform/db/rows/row-sets.js';
import { snake } from '../../../../platform/db/rows/rows.js';
import type { StatementLink, StatementLinkStore } from '../../ports.js';

const LINK =
  'id, student_id as "studentId", family, expires_on as "expiresOn", revoked_at as "revokedAt", by_name as "byName", created_at as "createdAt"';

export class PostgresStatementLinkStore implements StatementLinkStore {
  insertAll(links: Parameters<StatementLinkStore['insertAll']>[0]): Promise<void> {
    return insertRows('fees_statement_links', links.map(snake));
  }

  async ofToken(tokenHash: string): Promise<StatementLink | null> {
    const [row] = await query<StatementLink>(
      'fees.statement-links.of-token',
      `select ${LINK} from fees_statement_links where token_hash = $1`,
      [tokenHash],
    );
    return row ?? null;
  }

  async revoke(studentId: string, id: string, at: Date): Promise<boolean> {
    return (
      (await db()('fees_statement_links').where({ id, student_id: studentId, revoked_at: null }).update({ revoked_at: at })) === 1
    );
  }
}
