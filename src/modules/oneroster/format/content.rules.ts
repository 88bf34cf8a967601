import type { RosterFile, RosterRow } from './spec.rules.js';
import { idsOf, type Manifest } from './validate.rules.js';

/** A row with the number that a person finds it by. */
export interface Numbered {
  n: number;
  row: RosterRow;
}

/** What a bundle says after it was judged, in memory: only rows and cells that a school is made of. */
export interface Content {
  manifest: Manifest;
  rows: Record<RosterFile, Numbered[]>;
  /** File → rows, also of those that are passed over. */
  counted: Record<string, number>;
}

/** Cells that are kept; the rest of a row is judged and let go. */
export const KEPT: Record<RosterFile, readonly string[]> = {
  orgs: ['sourcedId', 'status', 'name', 'type', 'identifier', 'parentSourcedId'],
  academicSessions: ['sourcedId', 'status', 'title', 'type', 'startDate', 'endDate', 'parentSourcedId', 'schoolYear'],
  courses: ['sourcedId', 'status', 'title', 'courseCode', 'grades', 'orgSourcedId', 'subjects'],
  classes: [
    'sourcedId',
    'status',
    'title',
    'grades',
    'courseSourcedId',
    'classCode',
    'classType',
    'location',
    'schoolSourcedId',
    'termSourcedIds',
    'periods',
  ],
  users: [
    'sourcedId',
    'status',
    'enabledUser',
    'orgSourcedIds',
    'primaryOrgSourcedId',
    'role',
    'userIds',
    'givenName',
    'familyName',
    'middleName',
    'preferredGivenName',
    'identifier',
    'email',
    'sms',
    'phone',
    'agentSourcedIds',
    'grades',
  ],
  roles: ['sourcedId', 'status', 'userSourcedId', 'roleType', 'role', 'orgSourcedId'],
  demographics: ['sourcedId', 'status', 'birthDate', 'sex'],
  enrollments: [
    'sourcedId',
    'status',
    'classSourcedId',
    'schoolSourcedId',
    'userSourcedId',
    'role',
    'primary',
    'beginDate',
    'endDate',
  ],
};

export function keptCells(file: RosterFile, row: RosterRow): RosterRow {
  return Object.fromEntries(KEPT[file].flatMap((name) => (row[name] === undefined ? [] : [[name, row[name]]])));
}

/** Rows that say that a thing is there; `tobedeleted` says that it is gone. */
export function alive(content: Content, file: RosterFile): Numbered[] {
  return content.rows[file].filter(({ row }) => row.status !== 'tobedeleted');
}

/** Rows that say that a thing is gone. */
export function deleted(content: Content, file: RosterFile): Numbered[] {
  return content.rows[file].filter(({ row }) => row.status === 'tobedeleted');
}

/** People who are deleted there, or may not sign in any more. */
export function goneOf(content: Content): Map<string, Numbered> {
  return new Map(
    content.rows.users
      .filter(({ row }) => row.status === 'tobedeleted' || row.enabledUser === 'false')
      .map((one) => [one.row.sourcedId!, one]),
  );
}

/** Somebody with the roles that they have in one school. */
export interface Person extends Numbered {
  roles: ReadonlySet<string>;
  birthDate: string | null;
  sex: 'F' | 'M' | null;
}

const SEXES: Record<string, 'F' | 'M'> = { female: 'F', male: 'M' };

/** People of one school, with what other files say of them. Those who are switched off there are not among them. */
export function peopleOf(content: Content, orgId: string): Map<string, Person> {
  const roles = new Map<string, Set<string>>();
  for (const { row } of alive(content, 'roles')) {
    if (row.orgSourcedId !== orgId) continue;
    const known = roles.get(row.userSourcedId!);
    if (known) known.add(row.role!);
    else roles.set(row.userSourcedId!, new Set([row.role!]));
  }
  const about = new Map(alive(content, 'demographics').map(({ row }) => [row.sourcedId!, row]));
  const people = new Map<string, Person>();
  for (const { n, row } of alive(content, 'users')) {
    const id = row.sourcedId!;
    const own =
      content.manifest.version === '1.1'
        ? idsOf(row.orgSourcedIds).includes(orgId)
          ? new Set([row.role!])
          : null
        : (roles.get(id) ?? null);
    if (!own || row.enabledUser === 'false') continue;
    people.set(id, {
      n,
      row,
      roles: own,
      birthDate: about.get(id)?.birthDate ?? null,
      sex: SEXES[about.get(id)?.sex ?? ''] ?? null,
    });
  }
  return people;
}

export const AGENT_ROLES = ['parent', 'guardian', 'relative'] as const;

/** Roles of people who work at a school, and what ours calls the work, where nothing else is said. */
export const STAFF_JOBS: Record<string, { job: string; category: 'teaching' | 'non-teaching' }> = {
  teacher: { job: 'Teacher', category: 'teaching' },
  principal: { job: 'Principal', category: 'teaching' },
  counselor: { job: 'Counsellor', category: 'non-teaching' },
  administrator: { job: 'Administrator', category: 'non-teaching' },
  siteAdministrator: { job: 'Administrator', category: 'non-teaching' },
  systemAdministrator: { job: 'Administrator', category: 'non-teaching' },
  districtAdministrator: { job: 'Administrator', category: 'non-teaching' },
  proctor: { job: 'Invigilator', category: 'non-teaching' },
  aide: { job: 'Aide', category: 'non-teaching' },
};
