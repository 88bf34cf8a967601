import type { Visit } from './stage.js';

/** What the school says about itself, and what it keeps about people. */
export const schoolVisits: Record<string, Visit> = {
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
};
