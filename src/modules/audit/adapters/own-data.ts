import { query } from '../../../platform/db/index.js';
import type { PersonalData } from '../../../kernel/people/personal-data.js';

/** Kinds of things in the audit that are people. */
const PEOPLE = ['student', 'guardian', 'staff', 'identity_users'];

/** Who changed and who read the record of a person; what it was stays in the audit itself. */
export const auditData: PersonalData = {
  order: 90,
  sections: async ({ id }, t) => {
    const rows = await query<{ at: Date; actor: string; action: string; label: string | null }>(
      'audit.privacy.about',
      'select at, actor_name as actor, action, label from audit_entries where entity = any($1::text[]) and entity_id = $2 order by id desc limit 1000',
      [PEOPLE, id],
    );
    const heads = [t('Time'), t('Who'), t('Act'), t('What')];
    return rows.length > 0
      ? [
          {
            title: t('History of this record'),
            table: { heads, acts: 2, rows: rows.map((row) => Object.values(row) as (string | Date | null)[]) },
          },
        ]
      : [];
  },
  keeps: async () => [
    'The audit keeps names until its own retention period ends: it is the proof of who did what, and no one can change it.',
  ],
};
