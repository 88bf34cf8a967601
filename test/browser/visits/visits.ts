import { STOP_LINKS } from '../../../src/modules/notifications/ports.js';
import { admindashVisits } from './admindash-visits.js';
import { approvalsVisits } from './approvals-visits.js';
import { billingVisits } from './billing-visits.js';
import { feesVisits } from './fees-visits.js';
import { financeVisits } from './finance-visits.js';
import { hrVisits } from './hr-visits.js';
import { identityVisits } from './identity-visits.js';
import { importsVisits } from './imports-visits.js';
import { payingVisits } from './paying-visits.js';
import { paymentsVisits } from './payments-visits.js';
import { schoolVisits } from './school-visits.js';
import { schoolsVisits } from './schools-visits.js';
import { signupVisits } from './signup-visits.js';
import { sponsorsVisits } from './sponsors-visits.js';
import { studentsVisits } from './students-visits.js';
import { subjectsVisits } from './subjects-visits.js';
import { websiteVisits } from './website-visits.js';
import { stranger, type Visit } from '../stage.js';

/** Every view of views/, but for layouts, shared parts and parts of pages. A new view needs a line in the visits of its module; what has only a page or two stands here. */
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
    for (const address of ['wilhelmina.nyambura.kariuki-oduya@example.org', '0722 481 903'])
      await stage.everyone.submit('/notifications/opt-outs', { address }, '/notifications/opt-outs/new');
    return '/notifications/opt-outs';
  },
  'notifications/opt-outs/new': '/notifications/opt-outs/new',
  'notifications/stop': async (stage) => new URL(stage.school.get(STOP_LINKS).to('parent@example.org').page).pathname,
  'guide/show': '/user-guide',
  'payments/pay/over': stranger('/pay/gone'),
  ...admindashVisits,
  ...approvalsVisits,
  ...billingVisits,
  ...sponsorsVisits,
  ...feesVisits,
  ...financeVisits,
  ...hrVisits,
  ...identityVisits,
  ...importsVisits,
  ...payingVisits,
  ...paymentsVisits,
  ...schoolVisits,
  ...schoolsVisits,
  ...signupVisits,
  ...studentsVisits,
  ...subjectsVisits,
  ...websiteVisits,
};
