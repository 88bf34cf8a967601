import type { Visit } from '../stage.js';

/** The staff and their accounts. */
export const hrVisits: Record<string, Visit> = {
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
};
