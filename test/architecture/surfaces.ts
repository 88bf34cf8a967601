import { worded } from '../../src/kernel/personal-data.js';
import { ALERT_KINDS, ALERT_LEVELS } from '../../src/modules/students/domain/alert.js';
import { RELATIONSHIPS } from '../../src/modules/students/domain/guardian.js';
import { STATUS_WORDS } from '../../src/modules/students/domain/life-cycle.js';
import { MISSING } from '../../src/kernel/missing.js';
import { PACKS } from '../../src/kernel/packs/index.js';

/**
 * What a visitor, an applicant, a new owner, a guardian or a student sees, by the module in whose `texts/` its French
 * and Kiswahili stand; `platform` has what belongs to no module (`src/platform/i18n/texts`). A new page for them gets a
 * line here. A path is a file or a folder.
 */
export const SURFACES: Record<string, readonly string[]> = {
  platform: [
    'views/layouts', 'views/errors', 'views/shared/button.ejs', 'views/shared/date3.ejs', 'views/shared/errors.ejs', 'views/shared/field-frame.ejs', 'views/shared/field-word.ejs', 'views/shared/steps.ejs', 'views/shared/rail.ejs',
    'src/platform/http/errors.ts', 'src/platform/http/guard.ts', 'src/platform/http/server.ts', 'src/platform/http/zod-texts.ts', 'src/platform/db/failures.ts', 'src/platform/db/once.ts', 'src/kernel/errors.ts', 'src/platform/pdf',
  ],
  // What stands in the audit is for those who run the platform.
  website: ['views/website', 'src/modules/website/adapters', 'src/modules/website/application', 'src/modules/website/domain', 'src/modules/website/operations.ts'],
  guide: ['views/guide', 'src/modules/guide'],
  signup: ['views/signup', 'src/modules/signup'],
  schools: ['src/modules/schools/domain/subdomain.ts', 'src/modules/schools/application/register.ts', 'src/modules/schools/application/letters.ts'],
  identity: [
    'views/identity/login', 'views/identity/profile', 'src/modules/identity/adapters/web/login.routes.ts', 'src/modules/identity/adapters/web/login-pages.ts', 'src/modules/identity/adapters/web/password.routes.ts', 'src/modules/identity/adapters/web/profile.routes.ts',
    'src/modules/identity/adapters/limits', 'src/modules/identity/adapters/messages/direct-messages.ts', 'src/modules/identity/adapters/jobs.ts',
    'src/modules/identity/application/sign-in.ts', 'src/modules/identity/application/links.ts', 'src/modules/identity/application/factors.ts', 'src/modules/identity/application/new-password.ts', 'src/modules/identity/application/profile.ts',
    'views/identity/_passkeys.ejs', 'views/identity/_passkey-button.ejs', 'src/modules/identity/adapters/web/passkey.routes.ts', 'src/modules/identity/application/passkeys.ts', 'src/modules/identity/domain/factor-rules.ts', 'src/modules/identity/domain/password-rules.ts', 'src/modules/identity/domain/login.ts', 'src/modules/identity/domain/refusals.ts',
  ],
  provisioning: ['views/provisioning', 'src/modules/provisioning/adapters/web', 'src/modules/provisioning/application/worker.ts', 'src/modules/provisioning/domain/ownership.ts'],
  'platform-link': ['src/modules/platform-link/domain'],
  school: [
    'views/school/setup', 'views/school/profile/_fields.ejs', 'views/school/years/_fields.ejs', 'views/school/brand/_colours.ejs', 'views/school/brand/_judgement.ejs',
    'src/modules/school/adapters/web/setup.routes.ts', 'src/modules/school/application/setup.ts',
  ],
  notifications: ['views/notifications/stop.ejs', 'src/modules/notifications/application/families.ts', 'src/modules/notifications/application/opt-outs.ts'],
  privacy: ['views/privacy/data'],
  exports: ['views/exports', 'src/modules/exports/application', 'src/modules/exports/adapters'],
  payments: ['views/payments/pay', 'src/modules/payments/adapters/web/pay.routes.ts', 'src/modules/payments/adapters/web/prompt-state.ts', 'src/modules/payments/adapters/web/pages.ts', 'src/modules/payments/domain/results.ts', 'src/modules/payments/application/prompts.ts', 'src/modules/payments/application/links.ts'],
  home: ['views/home', 'src/modules/home'],
  fees: [
    'views/fees/check.ejs', 'views/fees/_family.ejs', 'src/modules/fees/adapters/reports/receipt.pdf.ts', 'views/fees/students/shared.ejs', 'views/fees/students/_paper.ejs', 'views/fees/students/_lines.ejs', 'views/fees/students/_ageing.ejs', 'views/fees/students/_how-to-pay.ejs', 'views/fees/students/_sponsored.ejs', 'views/fees/students/_former.ejs', 'views/fees/plans/_on-paper.ejs',
    'src/modules/fees/adapters/statement-words.ts', 'src/modules/fees/application/bill-words.ts', 'src/modules/fees/application/receipt-words.ts', 'src/modules/fees/adapters/reports/statement.pdf.ts', 'src/modules/fees/adapters/reports/invoice.pdf.ts', 'src/modules/fees/adapters/reports/agreement.pdf.ts',
  ],
  students: [
    'views/students/check.ejs', 'views/students/_custom-fields.ejs', 'views/students/updates/proof.ejs', 'views/students/updates/family.ejs', 'views/students/updates/thanks.ejs', 'views/students/updates/over.ejs',
    'views/shared/names.ejs', 'src/modules/students/adapters/web/family-update.routes.ts', 'src/modules/students/adapters/web/update-form.ts', 'src/modules/students/application/update-links.ts', 'src/modules/students/domain/consent.ts', 'src/modules/students/adapters/reports/update-letters.pdf.ts', 'src/modules/students/adapters/reports/letters.pdf.ts',
  ],
};

/** Said by way of a name that no page writes out. */
export const ALSO_SAID: Record<string, readonly string[]> = {
  platform: [...Object.values(PACKS).map((pack) => pack.name), 'Active', MISSING.student, MISSING.prompt, MISSING.school],
  school: [
    ...Object.values(PACKS).flatMap(({ calendar }) => [calendar, ...(calendar.known ?? []), ...(calendar.sections ?? [])].map((one) => one.source)),
    ...Object.values(PACKS).flatMap(({ calendar }) => [calendar.note, calendar.usual, ...(calendar.sections ?? []).map((one) => one.name)].filter((text) => text !== undefined)),
    // Rules about what the set-up asks, some of whose numbers come in when they are said.
    'The year must end after it starts.', 'A school year can’t be longer than thirteen months.', 'There is already a year with this name.', 'These dates overlap the year {{1}}.',
    'These dates overlap the year {{1}}/{{2}}.', 'This term must end after it starts.', 'This term must not start before the year does.', 'This term must not end after the year does.',
    'This term overlaps an earlier one.', 'Another term already has this name.', 'A year has at least one term.', 'A year has at most six terms',
    'The last term of this year has ended. Enter the coming year, or tick to confirm this one.', 'Enter the full address, such as www.school.org',
    'Enter a phone number such as {{1}} {{2}} {{3}}', 'Reads well, {{1}}.{{2}} to {{3}}', 'Shows as a line, {{1}}.{{2}} to {{3}}', 'Choose two different colours.',
    'Enter a colour as # and six digits, such as #0f5c43.',
  ],
  students: [...Object.values(STATUS_WORDS), ...[...RELATIONSHIPS, ...ALERT_KINDS, ...ALERT_LEVELS, 'none', 'both'].map((code) => String(worded(code, (text) => text)))],
};

/** The same in every language, or seen by nobody of these. */
export const KEPT: ReadonlySet<string> = new Set([
  'AIMS', 'CSV', 'Excel', 'XLSX', 'OpenAPI', 'Enter', 'Ctrl Enter', 'English', 'Français', 'Kiswahili', 'kilimani',
  'HX-Request, Accept-Encoding', 'Sign in first', 'User-agent: *', 'Allow: /', 'Sitemap: {{1}}/sitemap.xml',
]);
