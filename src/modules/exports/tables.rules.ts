/** Tables that stay here, each with the reason. Whatever isn't named is taken along, also what comes later. */
export const LEFT_OUT: Readonly<Record<string, string>> = {
  exports: 'the exports themselves',
  fees_debts: 'what bills and payments come to, kept for lists',
  fees_statement_links: 'links that open something',
  hr_slips: 'sealed passwords, kept for an hour',
  identity_challenges: 'what a key is asked while somebody signs in',
  identity_codes: 'codes that open something',
  identity_factors: 'secrets of second factors',
  identity_known_devices: 'marks of browsers',
  identity_links: 'links that open something',
  identity_passkeys: 'keys that work at this address alone',
  identity_refresh_tokens: 'tokens that open something',
  identity_sessions: 'who is signed in just now',
  imports_rows: 'what a file held that is written, or thrown away after a month',
  imports_written: 'what an import needs to be taken back',
  oneroster_written: 'what a bundle needs to be taken back',
  platform_form_submissions: 'marks of forms of the last day',
  platform_link_standing: 'what the platform said last',
  platform_link_tickets: 'marks of the platform’s letters of entry',
  platform_outbox: 'events on their way',
  platform_outbox_deliveries: 'events on their way',
  students_drafts: 'forms that somebody has not sent yet',
  students_terms: 'words by which students are found, made of their names',
  students_update_links: 'links that open something',
};

/** Columns that would open something, or say nothing outside of this house. */
const LEFT_OUT_COLUMNS: Readonly<Record<string, readonly string[]>> = {
  audit_anchors: ['mac'],
  audit_entries: ['mac'],
  files: ['object_key'],
  finance_entries: ['born_in'],
  identity_users: ['password_hash'],
  payments_accounts: ['sealed', 'pending'],
};

/** Rows that are taken along; all of them where nothing is said. A letter with a code in it opens something, too. */
const ROWS: Readonly<Record<string, string>> = { notifications_messages: 'not secret' };

export interface Table {
  name: string;
  columns: { name: string; type: string }[];
}

export interface TakenTable extends Table {
  where: string;
}

export function takenTables(all: readonly Table[]): TakenTable[] {
  return all
    .filter(({ name }) => !(name in LEFT_OUT))
    .map(({ name, columns }) => ({
      name,
      columns: columns.filter((column) => !LEFT_OUT_COLUMNS[name]?.includes(column.name)),
      where: ROWS[name] ?? 'true',
    }));
}
