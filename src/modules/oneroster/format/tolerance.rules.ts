import type { Field, RosterFile } from './spec.rules.js';

/**
 * What other systems write where the standard says otherwise, and what we make of it. Only what has one meaning is read as that;
 * whatever is passed over or taken otherwise than it stands is told.
 */

/** Columns without which a row says nothing. All others of the standard may be missing, in the headings or in a cell. */
export const ESSENTIAL: Record<RosterFile, readonly string[]> = {
  orgs: ['sourcedId', 'name'],
  academicSessions: ['sourcedId', 'title', 'startDate', 'endDate'],
  courses: ['sourcedId', 'title'],
  classes: ['sourcedId', 'title'],
  users: ['sourcedId', 'role', 'givenName', 'familyName'],
  roles: ['userSourcedId', 'role'],
  demographics: ['sourcedId'],
  enrollments: ['classSourcedId', 'userSourcedId', 'role'],
};

export function isEssential(file: RosterFile, field: Field): boolean {
  return ESSENTIAL[file].includes(field.name);
}

/** A heading or a word as far as its spelling tells it apart. */
export function bare(text: string): string {
  return text.replace(/[\s_-]/g, '').toLowerCase();
}

const OTHER_WORDS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  status: { inactive: 'tobedeleted', deleted: 'tobedeleted', enabled: 'active', current: 'active' },
  sex: { m: 'male', f: 'female', boy: 'male', girl: 'female' },
  classType: { section: 'scheduled', homeroomclass: 'homeroom', registration: 'homeroom', tutorgroup: 'homeroom' },
  role: { faculty: 'teacher', instructor: 'teacher', sysadmin: 'systemAdministrator', admin: 'administrator' },
  roleType: { main: 'primary' },
};

/** The standard's own word for what is written, in whatever case; null where it has none. */
export function wordOf(field: Field, written: string): string | null {
  const key = bare(written);
  const same = (word: string | undefined): string | undefined => field.values!.find((value) => bare(value) === bare(word ?? ''));
  return same(written) ?? same(OTHER_WORDS[field.name]?.[key]) ?? (field.name === 'type' ? orgType(field, key) : null);
}

/** Types of organisations that other systems have beside those of the standard. */
function orgType(field: Field, key: string): string | null {
  if (!field.values!.includes('school')) return null;
  return /school|campus|academy|college|building|site/.test(key)
    ? 'school'
    : /department|faculty|section|unit|house/.test(key)
      ? 'department'
      : null;
}

export function flagOf(written: string): 'true' | 'false' | null {
  const key = written.toLowerCase();
  if (['true', '1', 'yes', 'y', 't'].includes(key)) return 'true';
  return ['false', '0', 'no', 'n', 'f'].includes(key) ? 'false' : null;
}

/** A day of the standard, or one of another spelling that has one reading only. */
export function dayOf(written: string): string | null {
  const iso = /^(\d{4})[-/]?(\d{2})[-/]?(\d{2})(?:[T ][\d:.]+ ?(?:Z|[+-]\d\d:?\d\d)?)?$/.exec(written);
  if (iso) return real(iso[1]!, iso[2]!, iso[3]!);
  const short = /^(\d{1,2})\/(\d{1,2})\/(\d{4})$/.exec(written);
  if (!short) return null;
  const [first, second, year] = [Number(short[1]), Number(short[2]), short[3]!];
  if (first <= 12 && second <= 12 && first !== second) return null;
  const [month, day] = first > 12 ? [second, first] : [first, second];
  return real(year, String(month).padStart(2, '0'), String(day).padStart(2, '0'));
}

function real(year: string, month: string, day: string): string | null {
  const text = `${year}-${month}-${day}`;
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().slice(0, 10) === text ? text : null;
}

/** The year in which a school year ends: `2026`, `2025-2026`, `2025/26`. */
export function yearOf(written: string): string | null {
  const both = /^(\d{4})\s*[-/–]\s*(\d{2}|\d{4})$/.exec(written);
  if (both) return both[2]!.length === 4 ? both[2]! : both[1]!.slice(0, 2) + both[2]!;
  return /^\d{4}$/.test(written) ? written : null;
}
