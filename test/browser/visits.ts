import * as OTPAuth from 'otpauth';
import type { Page } from 'playwright-core';
import { IDENTITY, type NewAccount } from '../../src/modules/identity/index.js';
import { skuli } from '../modules/oneroster/skuli.js';
import { zipOf } from '../modules/oneroster/support.js';
import type { Browser } from '../support/browser.js';
import { STOP_LINKS } from '../../src/modules/notifications/ports.js';
import { UpdateLinks } from '../../src/modules/students/application/update-links.js';
import { GUARDIAN_STORE } from '../../src/modules/students/ports.js';
import { PHONE, type Chromium, type Window } from '../support/chromium.js';
import type { SchoolUnderTest } from '../support/app.js';
import { sql } from '../support/sql.js';
import { admindashVisits } from './admindash-visits.js';
import { billingVisits } from './billing-visits.js';
import { feesVisits } from './fees-visits.js';
import { payingVisits } from './paying-visits.js';
import { paymentsVisits } from './payments-visits.js';
import { approvalsVisits } from './approvals-visits.js';
import { financeVisits } from './finance-visits.js';
import { schoolsVisits } from './schools-visits.js';
import { signupVisits } from './signup-visits.js';

/** How one gets to see a view: an address, or steps that end there. */
export type Visit = string | ((stage: Stage) => Promise<string | void>);

const PASSWORD = 'a-password-for-visitors-7';
let people = 0;

/** A window in a school, with what visits need to find their way. */
export class Stage {
  private window: Window | null = null;
  private whose: Browser | 'stranger' | null = null;

  constructor(
    private readonly chromium: Chromium,
    readonly school: SchoolUnderTest,
    /** Holds every role of the staff. */
    readonly everyone: Browser,
    /** The platform's own pages. */
    readonly coreUrl: string,
    /** Who may do everything there. */
    readonly superAdmin: Browser,
  ) {}

  get page(): Page {
    if (!this.window) throw new Error('No window is open');
    return this.window.page;
  }

  troubles(): string[] {
    return this.window?.troubles() ?? [];
  }

  /** The window of this person; the one that is open, if it is theirs. */
  async be(person: Browser | 'stranger', url = this.school.url): Promise<void> {
    if (this.whose !== person || person === 'stranger') {
      await this.close();
      this.window = await this.chromium.open(url, person === 'stranger' ? {} : { person });
      this.whose = person;
    }
    await this.page.setViewportSize(PHONE);
  }

  async close(): Promise<void> {
    await this.window?.close();
    this.window = null;
  }

  /** The first value of the first column. */
  async one(text: string, values: unknown[] = []): Promise<string> {
    const [row] = await sql(this.school.database, text, values);
    const value = row && Object.values(row)[0];
    if (!value) throw new Error(`Nothing found by: ${text}`);
    return value;
  }

  id(table: string, where = 'true'): Promise<string> {
    return this.one(`select id from ${table} where ${where} order by id limit 1`);
  }

  async account(given: Partial<NewAccount> = {}): Promise<{ id: string; email: string }> {
    people += 1;
    const email = `visitor${people}@school.test`;
    const { userId } = await this.school.run(() =>
      this.school.get(IDENTITY).createAccount({ name: `Visitor ${people}`, email, roles: ['teacher'], by: { password: PASSWORD }, actor: this.school.office, ...given }),
    );
    return { id: userId, email };
  }

  async signIn(email: string): Promise<void> {
    await this.page.goto('/login/password');
    await this.page.fill('[name=login]', email);
    await this.page.fill('[name=password]', PASSWORD);
    await this.press('main form button:not([formaction])');
  }

  /** Presses what sends a form or follows a link, and waits for the page after it. */
  async press(selector: string): Promise<void> {
    await Promise.all([this.page.waitForEvent('load'), this.page.locator(selector).first().click()]);
  }

  /** The text of the newest message to somebody, from the local mailbox. */
  async message(to: string): Promise<string> {
    const reader = this.school.stranger();
    for (let tries = 0; tries < 200; tries += 1) {
      const { html } = await reader.get('/dev/mail');
      const row = html.split('<tr').find((part) => part.includes(to));
      const link = row?.match(/href="(\/dev\/mail\/[^"]+)"/)?.[1];
      if (link) return (await reader.get(link)).html;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error(`Nothing came for ${to}`);
  }
}

/** Every view of views/, but for layouts, shared parts and parts of pages. A new view needs a line here. */
export const VISITS: Record<string, Visit> = {
  'api/docs': '/api/docs',
  'audit/index': '/audit',
  'audit/show': async (stage) => `/audit/${await stage.id('audit_entries', "action = 'students.admit'")}`,
  'audit/alerts/index': '/audit/alerts',
  'audit/settings': '/audit/settings',
  'dev/gallery': '/dev/gallery',
  'errors/error': '/no-such-page',
  'home/index': '/',
  'home/search': '/search?q=oti',

  'identity/login/index': stranger('/login'),
  'identity/login/password': stranger('/login/password'),
  'identity/login/forgotten': stranger('/login/forgotten'),
  'identity/login/link-over': stranger('/login/reset?token=long-over'),
  'identity/login/code': async (stage) => {
    const { email } = await stage.account();
    await askForCode(stage, email);
  },
  'identity/login/choose': async (stage) => {
    // A code that a program types at once was refused in one of many runs: then another phone asks for its own.
    for (const phone of ['+254722999111', '+254722999112']) {
      for (const name of ['Grace Otieno', 'Peter Otieno']) await stage.account({ name, phone, email: null, roles: ['guardian'], by: 'slip' });
      await askForCode(stage, phone);
      const code = /\b(\d{6})\b/.exec(await stage.message(phone))![1]!;
      await stage.page.fill('[name=code]', code);
      await stage.press('main form button');
      if ((await stage.page.locator('[name=code]').count()) === 0) return;
    }
  },
  'identity/login/factor': async (stage) => {
    const { id, email } = await stage.account();
    await stage.school.run(() => stage.school.get(IDENTITY).enrolFactor(id, stage.school.office));
    await stage.be('stranger');
    await stage.signIn(email);
  },
  'identity/login/set-password': async (stage) => {
    const { email } = await stage.account({ by: 'invite' });
    const link = /\/login\/invitation\?token=[\w-]+/.exec(await stage.message(email))![0];
    await stage.be('stranger');
    return link;
  },
  'identity/login/confirm': '/confirm',
  'identity/login/confirmed': '/confirm?next=/profile/data.zip&file=/students',
  'identity/profile/show': '/profile',
  'identity/profile/tastes': '/profile/tastes',
  'identity/profile/contact': '/profile/contact',
  'identity/profile/password': '/profile/password',
  'identity/profile/factor': '/profile/factors/new',
  'identity/profile/passkey': '/profile/factors/new-passkey',
  'identity/profile/passkey-name': async (stage) => {
    const { id, email } = await stage.account();
    await stage.be('stranger');
    await stage.signIn(email);
    const key = await stage.one(
      `insert into identity_passkeys (id, school_id, user_id, credential_id, public_key, counter, transports, name, backed_up)
        select gen_random_uuid(), school_id, id, gen_random_uuid()::text, '\\x00', 0, '{}', 'My phone', false from identity_users where id = $1 returning id`,
      [id],
    );
    return `/profile/factors/passkeys/${key}/name`;
  },
  'identity/profile/recovery-codes': async (stage) => {
    const { email } = await stage.account();
    await stage.be('stranger');
    await stage.signIn(email);
    await stage.page.goto('/profile/factors/new');
    const text = await stage.page.locator('main').innerText();
    const secret = /\b([A-Z2-7]{4}(?: [A-Z2-7]{2,4}){3,})\b/.exec(text)![1]!.replaceAll(' ', '');
    await stage.page.fill('[name=code]', new OTPAuth.TOTP({ secret: OTPAuth.Secret.fromBase32(secret) }).generate());
    await stage.press('main form button.primary');
  },
  'identity/roles/index': '/identity/roles',
  'identity/roles/edit': '/identity/roles/students/edit',
  'identity/roles/second-factor': '/identity/roles/second-factor',
  'identity/sign-ins/index': '/identity/sign-ins',
  'identity/users/index': '/identity/users',
  'identity/users/new': '/identity/users/new',
  'identity/users/show': async (stage) => `/identity/users/${(await stage.account()).id}`,
  'identity/users/roles': async (stage) => `/identity/users/${(await stage.account()).id}/roles`,
  'identity/users/contact': async (stage) => `/identity/users/${(await stage.account()).id}/contact`,
  'identity/users/close': async (stage) => `/identity/users/${(await stage.account()).id}/closing`,
  'identity/users/slip': async (stage) => {
    await stage.page.goto(`/identity/users/${(await stage.account()).id}`);
    await stage.press('form[action$="/slip"] button');
  },

  'notifications/dev-mail/index': '/dev/mail',
  'notifications/dev-mail/show': async (stage) => {
    const { email } = await stage.account({ by: 'invite' });
    await stage.message(email);
    await stage.page.goto('/dev/mail');
    await stage.press('main a[href^="/dev/mail/"]');
  },
  'notifications/messages/index': '/notifications/messages',
  'notifications/settings': `/notifications/settings?families=1240&text=${encodeURIComponent('Dear parent, the balance of Amina Wanjiku Mwangi in Grade 7 East is KES 12,400. Pay by Paybill 123456, account AM2026. The school opens on Monday at 7.30; please bring the form that is signed.')}`,
  'notifications/opt-outs/index': async (stage) => {
    for (const address of ['wilhelmina.nyambura.kariuki-oduya@example.org', '0722 481 903']) await stage.everyone.submit('/notifications/opt-outs', { address }, '/notifications/opt-outs/new');
    return '/notifications/opt-outs';
  },
  'notifications/opt-outs/new': '/notifications/opt-outs/new',
  'notifications/stop': async (stage) => new URL(stage.school.get(STOP_LINKS).to('parent@example.org').page).pathname,

  'students/alerts/index': '/students/alerts',
  'students/alerts/limits': '/students/alerts/limits',
  'students/alerts/show': async (stage) => `/students/${await stage.id('students')}/alerts`,
  'students/updates/index': '/students/updates?state=all',
  'students/updates/due': '/students/updates/due?months=0',
  'students/updates/ask': '/students/updates/links/new?months=0',
  'students/updates/show': async (stage) => `/students/updates/${(await familySends(stage)).request}`,
  'students/updates/proof': async (stage) => {
    const { token } = await familyLink(stage);
    await stage.be('stranger');
    return `/update/${token}`;
  },
  'students/updates/family': async (stage) => openFamily(stage),
  'students/updates/thanks': async (stage) => {
    await openFamily(stage);
    await stage.press('main form button.primary');
  },
  'students/updates/over': stranger('/update/gone'),
  'payments/pay/over': stranger('/pay/gone'),
  'students/documents/index': '/students/documents',
  'students/documents/show': async (stage) => `/students/${await stage.id('students')}/documents`,
  'students/documents/kinds/index': '/students/documents/kinds',
  'students/documents/kinds/edit': '/students/documents/kinds/new',
  'students/custom-fields/index': '/students/custom-fields',
  'students/custom-fields/edit': '/students/custom-fields/new',
  'school/settings/index': '/school',
  'privacy/data/show': async (stage) => `/privacy/student/${await stage.id('students')}`,
  'privacy/erasure/new': async (stage) => `/privacy/student/${await stage.id('students')}/erasure`,
  'privacy/retention/edit': '/privacy/retention',
  'school/address/show': '/school/address',
  'school/profile/edit': '/school/profile',
  'school/numbers/edit': '/school/numbers',
  'school/modules/edit': '/school/modules',
  'school/brand/edit': '/school/brand',
  'school/years/index': '/school/years',
  'school/years/edit': async (stage) => `/school/years/${await stage.id('school_years')}/edit`,
  'school/day-types/edit': async (stage) => `/school/day-types/${await stage.id('school_day_types')}/edit`,
  'school/days/index': '/school/days',
  'school/days/edit': '/school/days/new',
  'school/lists/index': '/school/lists',
  'school/lists/show': '/school/lists/houses',
  'school/lists/edit': async (stage) => `/school/lists/houses/${await stage.id('school_lists', "kind = 'houses'")}/edit`,
  'school/scales/index': '/school/scales',
  'school/scales/edit': '/school/scales/new',
  'school/setup/school': '/school/setup/school',
  'school/setup/look': '/school/setup/look',
  'school/setup/year': '/school/setup/year',
  'school/setup/classes': '/school/setup/classes',
  'school/setup/people': '/school/setup/people',
  'website/home': site('/'),
  'website/features': site('/features'),
  'website/pricing': site('/pricing?country=ghana&learners=1700'),
  'website/countries/index': site('/countries'),
  'website/countries/show': site('/countries/kenya'),
  'website/about': site('/about'),
  'website/privacy': site('/privacy'),
  'website/terms': site('/terms'),
  'website/data-protection': site('/data-protection'),
  'website/contact': site('/contact'),
  'website/newsletter/new': site('/newsletter'),
  'website/newsletter/confirm': site('/newsletter/confirmations/any'),
  'website/newsletter/unsubscribe': site('/newsletter/unsubscriptions/any'),
  'website/find-school': site('/find-school?q=kil'),
  ...signupVisits,
  ...admindashVisits,
  ...billingVisits,
  ...payingVisits,
  ...feesVisits,
  ...paymentsVisits,
  ...approvalsVisits,
  ...financeVisits,
  ...schoolsVisits,

  'guide/show': '/user-guide',

  'imports/index': async (stage) => {
    await imported(stage);
    return '/imports';
  },
  'imports/missing': '/imports/missing',
  'imports/new': '/imports/new?kind=students',
  'imports/show': imported,
  'exports/index': '/exports',
  'oneroster/index': '/oneroster',
  'oneroster/bundles/index': async (stage) => {
    await bundle(stage);
    return '/oneroster/bundles';
  },
  'oneroster/bundles/new': '/oneroster/bundles/new',
  'oneroster/bundles/show': bundle,
  'oneroster/bundles/matching': async (stage) => `${await bundle(stage)}/matching`,
  'imports/mapping': async (stage) => `${await imported(stage)}/mapping`,

  'hr/staff/index': '/hr/staff',
  'hr/staff/new': '/hr/staff/new',
  'hr/staff/show': async (stage) => `/hr/staff/${await stage.id('hr_staff')}`,
  'hr/staff/edit': async (stage) => `/hr/staff/${await stage.id('hr_staff')}/edit`,
  'hr/staff/leaving': async (stage) => `/hr/staff/${await stage.id('hr_staff')}/leaving`,
  'hr/accounts/new': async (stage) => `/hr/staff/accounts/new?staff=${await stage.id('hr_staff', "job <> 'Cook'")}`,
  'hr/accounts/slips': async (stage) => {
    await stage.page.goto(`/hr/staff/accounts/new?staff=${await stage.id('hr_staff', "job <> 'Cook'")}`);
    await stage.press('main form button.primary');
  },

  'subjects/index': '/subjects',
  'subjects/new': '/subjects/new',
  'subjects/show': async (stage) => `/subjects/${await stage.id('subjects')}`,
  'subjects/edit': async (stage) => `/subjects/${await stage.id('subjects')}/edit`,
  'subjects/close': async (stage) => `/subjects/${await stage.id('subjects')}/closing`,
  'subjects/classes/index': '/subjects/classes',
  'subjects/classes/new': '/subjects/classes/new',
  'subjects/classes/edit': async (stage) => `/subjects/classes/${await stage.id('subjects_classes')}/edit`,
  'subjects/classes/close': async (stage) => `/subjects/classes/${await stage.id('subjects_classes')}/closing`,
  'subjects/streams/new': async (stage) => `/subjects/streams/new?class=${await stage.id('subjects_classes')}`,
  'subjects/streams/show': async (stage) => `/subjects/streams/${await stage.id('subjects_streams')}`,
  'subjects/streams/edit': async (stage) => `/subjects/streams/${await stage.id('subjects_streams')}/edit`,
  'subjects/streams/close': async (stage) => `/subjects/streams/${await stage.id('subjects_streams')}/closing`,
  'subjects/takers/edit': async (stage) => {
    const elective = await stage.id('subjects', "kind = 'elective'");
    return `/subjects/streams/${await stage.id('subjects_streams')}/subjects/${elective}/takers`;
  },
  'subjects/allocations/index': '/subjects/allocations',
  'subjects/allocations/new': async (stage) => `/subjects/allocations/new?streamId=${await stage.id('subjects_streams')}`,
  'subjects/allocations/end': async (stage) => `/subjects/allocations/${await allocation(stage)}/end`,
  'subjects/teachers/show': async (stage) => {
    await allocation(stage);
    return `/subjects/teachers/${await stage.one('select staff_id from subjects_allocations limit 1')}`;
  },
  'subjects/pathways/index': '/subjects/pathways',
  'subjects/pathways/new': '/subjects/pathways/new',
  'subjects/pathways/edit': async (stage) => `/subjects/pathways/${await stage.id('subjects_pathways')}/edit`,

  'students/index': '/students',
  'students/new': '/students/new',
  'students/show': student(''),
  'students/edit': student('/edit'),
  'students/aside': student('/aside'),
  'students/assignments/new': student('/assignments/new'),
  'students/consents/edit': student('/consents/edit'),
  'students/letters': student('/letters'),
  'students/moves/new': student('/moves/new'),
  'students/photo': student('/photo'),
  'students/status-changes/new': student('/status-changes/new?step=withdraw'),
  'students/check': async (stage) => {
    const id = await stage.id('students');
    await stage.everyone.submit(`/students/${id}/letters`, { kind: 'transfer' });
    const code = await stage.one('select code from students_documents limit 1');
    await stage.be('stranger');
    return `/check/${code}`;
  },
  'students/guardians/index': '/students/guardians',
  'students/guardians/new': student('/guardians/new'),
  'students/guardians/edit': async (stage) => `/students/guardians/${await stage.id('students_guardians')}/edit`,
  'students/guardians/tie': async (stage) => {
    const id = await stage.id('students');
    const guardian = await stage.one('select guardian_id from students_guardianships where student_id = $1', [id]);
    return `/students/${id}/guardians/${guardian}/edit`;
  },
  'students/prints/index': '/students/prints',
  'students/guardians/accounts': async (stage) => `/students/guardians/accounts?stream=${await stage.id('subjects_streams')}`,
  'students/bulk/move': async (stage) => `/students/bulk/move?${await ticked(stage)}`,
  'students/bulk/edit': async (stage) => `/students/bulk/edit?${await ticked(stage)}`,
  'students/bulk/preview': (stage) => bulkPreview(stage),
  'students/bulk/show': async (stage) => {
    await bulkPreview(stage);
    await stage.press('main form button.primary');
  },
  'students/duplicates/index': '/students/duplicates',
  'students/duplicates/show': async (stage) => {
    await stage.page.goto('/students/duplicates');
    await stage.press('main table a.btn');
  },
  'students/duplicates/merge': async (stage) => {
    await stage.page.goto('/students/duplicates');
    await stage.press('main table a.btn');
    await stage.press('main form button.primary');
  },
  'students/rollovers/index': '/students/rollovers',
  'students/rollovers/new': '/students/rollovers/new',
  'students/rollovers/show': async (stage) => `/students/rollovers/${await rollover(stage)}`,
  'students/rollovers/students': async (stage) => `/students/rollovers/${await rollover(stage)}/students`,
  'students/rollovers/edit': async (stage) => `/students/rollovers/${await rollover(stage)}/students/${await stage.id('students')}/edit`,
  'students/rollovers/check': async (stage) => `/students/rollovers/${await rollover(stage)}/check`,
};

async function ticked(stage: Stage): Promise<string> {
  const ids = (await stage.one("select string_agg(id::text, ' ') from (select id from students order by id limit 3) three")).split(' ');
  return new URLSearchParams(ids.map((id): [string, string] => ['student', id])).toString();
}

async function bulkPreview(stage: Stage): Promise<void> {
  await stage.page.goto(`/students/bulk/move?${await ticked(stage)}`);
  await stage.page.selectOption('[name=streamId]', { index: 2 });
  await stage.press('main form button.primary');
}

/** Sends a list with a mistake in it; returns the address of the import once it has been checked. */
async function imported(stage: Stage): Promise<string> {
  const known = await stage.id('imports').catch(() => null);
  if (known) return `/imports/${known}`;
  const list = 'Admission number,Surname,First name,Sex,Class\nIM/1,Njoki,Amina,F,Grade 9 East\nIM/2,Njoki,Brian,M,Grade 99\n';
  await stage.page.goto('/imports/new?kind=students');
  await stage.page.setInputFiles('[name=file]', { name: 'list.csv', mimeType: 'text/csv', buffer: Buffer.from(list) });
  await stage.press('main form button.primary');
  await stage.page.locator('[data-status=checked]').waitFor();
  return new URL(stage.page.url()).pathname;
}

/** A bundle of another system that waits for being written. */
async function bundle(stage: Stage): Promise<string> {
  const known = await stage.id('oneroster_bundles').catch(() => null);
  if (known) return `/oneroster/bundles/${known}`;
  await stage.page.goto('/oneroster/bundles/new');
  await stage.page.setInputFiles('[name=file]', { name: 'skuli.zip', mimeType: 'application/zip', buffer: await zipOf('1.2', skuli('1.2')) });
  await stage.press('main form button.primary');
  await stage.page.locator('[data-status=checked]').waitFor();
  return new URL(stage.page.url()).pathname;
}

/** A page of the platform's site, as anybody sees it. */
function site(path: string): Visit {
  return async (stage) => {
    await stage.be('stranger', stage.coreUrl);
    return path;
  };
}

function stranger(path: string): Visit {
  return async (stage) => {
    await stage.be('stranger');
    return path;
  };
}

function student(rest: string): Visit {
  return async (stage) => `/students/${await stage.id('students')}${rest}`;
}

async function askForCode(stage: Stage, login: string): Promise<void> {
  await stage.be('stranger');
  await stage.page.goto('/login');
  await stage.page.fill('[name=login]', login);
  await stage.press('main form button.primary');
}

async function allocation(stage: Stage): Promise<string> {
  const known = await stage.id('subjects_allocations').catch(() => null);
  if (known) return known;
  const streamId = await stage.id('subjects_streams');
  const page = `/subjects/allocations/new?streamId=${streamId}`;
  const { html } = await stage.everyone.get(page);
  const chosen = (name: string) => html.match(new RegExp(`name="${name}"[\\s\\S]*?<option value="([0-9a-f-]{36})"`))?.[1];
  const answer = await stage.everyone.submit('/subjects/allocations', { streamId, subjectId: chosen('subjectId'), staffId: chosen('staffId'), periods: '5', fromOn: '2026-01-06' }, page);
  if (answer.status !== 303) throw new Error(`No allocation was made: ${answer.status} ${answer.html.slice(0, 300)}`);
  return stage.id('subjects_allocations');
}

async function rollover(stage: Stage): Promise<string> {
  const known = await stage.id('students_rollovers').catch(() => null);
  if (known) return known;
  const [fromYearId, toYearId] = [await stage.id('school_years', "name like '2026%'"), await stage.id('school_years', "name like '2027%'")];
  const answer = await stage.everyone.submit('/students/rollovers', { fromYearId, toYearId }, '/students/rollovers/new');
  if (answer.status !== 303) throw new Error(`No rollover was prepared: ${answer.status}`);
  return stage.id('students_rollovers');
}

/** A guardian of a child with a birthday, and a link that was made for them. */
async function familyLink(stage: Stage): Promise<{ token: string; guardian: string; born: string }> {
  const { school } = stage;
  const guardian = await stage.one(`select t.guardian_id from students_guardianships t join students s on s.id = t.student_id
    where not t.barred and s.born_on is not null and s.put_aside_at is null and s.status = 'active' order by t.id limit 1`);
  const [letter] = await school.run(() => school.get(UpdateLinks).letters(school.office, { before: null, streamId: null, guardianId: guardian }));
  const born = await stage.one('select to_char(s.born_on, \'YYYY-MM-DD\') from students_guardianships t join students s on s.id = t.student_id where t.guardian_id = $1 and s.born_on is not null and not t.barred limit 1', [guardian]);
  return { token: letter!.url.split('/').at(-1)!, guardian, born };
}

async function openFamily(stage: Stage): Promise<void> {
  const { token, born } = await familyLink(stage);
  await stage.be('stranger');
  await stage.page.goto(`/update/${token}`);
  const [year, month, day] = born.split('-');
  for (const [part, value] of [['day', day], ['month', month], ['year', year]] as const) await stage.page.fill(`[name="born.${part}"]`, String(Number(value)));
  await stage.press('main form button.primary');
}

async function familySends(stage: Stage): Promise<{ request: string }> {
  const { token, born, guardian } = await familyLink(stage);
  const { school } = stage;
  const kept = await school.run(() => school.get(GUARDIAN_STORE).find(guardian));
  await school.run(() => school.get(UpdateLinks).submit(token, { bornOn: born, digits: null }, { guardian: { ...kept, occupation: 'Surveyor' } as never, children: [] }));
  return { request: await stage.one('select id from students_update_requests where guardian_id = $1 order by sent_at desc limit 1', [guardian]) };
}
