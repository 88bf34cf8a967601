/**
 * The CSV binding of OneRoster 1.1 and 1.2 as data: which files there are, their columns in order, what a cell may
 * hold and what it points at. Reading, writing and the check of both go by this table alone.
 */
export const VERSIONS = ['1.1', '1.2'] as const;
export type Version = (typeof VERSIONS)[number];

/** Files that a school is made of. All others are named and passed over. */
export const ROSTER_FILES = [
  'orgs',
  'academicSessions',
  'courses',
  'classes',
  'users',
  'roles',
  'demographics',
  'enrollments',
] as const;
export type RosterFile = (typeof ROSTER_FILES)[number];

export type FieldKind = 'id' | 'text' | 'flag' | 'day' | 'year' | 'words' | 'list' | 'ref' | 'refs';

export interface Field {
  name: string;
  kind: FieldKind;
  required: boolean;
  /** Of `words`: the values of the standard, in its own case. */
  values?: readonly string[];
  /** Of `ref` and `refs`: the file that has the row. */
  to?: RosterFile;
}

type Build = (name: string) => Field;
const made =
  (kind: FieldKind, more: Partial<Field> = {}): Build =>
  (name) => ({ name, kind, required: false, ...more });
const text = made('text');
const flag = made('flag');
const day = made('day');
const list = made('list');
const words = (...values: string[]): Build => made('words', { values });
const ref = (to: RosterFile): Build => made('ref', { to });
const refs = (to: RosterFile): Build => made('refs', { to });
const must =
  (build: Build): Build =>
  (name) => ({ ...build(name), required: true });

const columns = (fields: Record<string, Build>): Field[] => Object.entries(fields).map(([name, build]) => build(name));

export const STATUSES = ['active', 'tobedeleted'] as const;
const HEAD = { sourcedId: must(made('id')), status: words(...STATUSES), dateLastModified: text };

export const ORG_TYPES = ['department', 'school', 'district', 'local', 'state', 'national'] as const;
export const SESSION_TYPES = ['gradingPeriod', 'semester', 'schoolYear', 'term'] as const;
const ROLES_11 = ['administrator', 'aide', 'guardian', 'parent', 'proctor', 'relative', 'student', 'teacher'];
const ROLES_12 = [
  'aide',
  'counselor',
  'districtAdministrator',
  'guardian',
  'parent',
  'principal',
  'proctor',
  'relative',
  'siteAdministrator',
  'student',
  'systemAdministrator',
  'teacher',
];
const IN_CLASS = ['administrator', 'proctor', 'student', 'teacher'];

const orgs = columns({
  ...HEAD,
  name: must(text),
  type: must(words(...ORG_TYPES)),
  identifier: text,
  parentSourcedId: ref('orgs'),
});
const academicSessions = columns({
  ...HEAD,
  title: must(text),
  type: must(words(...SESSION_TYPES)),
  startDate: must(day),
  endDate: must(day),
  parentSourcedId: ref('academicSessions'),
  schoolYear: must(made('year')),
});
const courses = columns({
  ...HEAD,
  schoolYearSourcedId: ref('academicSessions'),
  title: must(text),
  courseCode: text,
  grades: list,
  orgSourcedId: must(ref('orgs')),
  subjects: list,
  subjectCodes: list,
});
const classes = columns({
  ...HEAD,
  title: must(text),
  grades: list,
  courseSourcedId: must(ref('courses')),
  classCode: text,
  classType: must(words('homeroom', 'scheduled')),
  location: text,
  schoolSourcedId: must(ref('orgs')),
  termSourcedIds: must(refs('academicSessions')),
  subjects: list,
  subjectCodes: list,
  periods: list,
});
const enrollments = columns({
  ...HEAD,
  classSourcedId: must(ref('classes')),
  schoolSourcedId: must(ref('orgs')),
  userSourcedId: must(ref('users')),
  role: must(words(...IN_CLASS)),
  primary: flag,
  beginDate: day,
  endDate: day,
});
const person = {
  username: must(text),
  userIds: list,
  givenName: must(text),
  familyName: must(text),
  middleName: text,
  identifier: text,
  email: text,
  sms: text,
  phone: text,
  agentSourcedIds: refs('users'),
  grades: list,
  password: text,
};
const RACES = [
  'americanIndianOrAlaskaNative',
  'asian',
  'blackOrAfricanAmerican',
  'nativeHawaiianOrOtherPacificIslander',
  'white',
  'demographicRaceTwoOrMoreRaces',
  'hispanicOrLatinoEthnicity',
];
const demographics = (...sexes: string[]): Field[] =>
  columns({
    ...HEAD,
    sourcedId: must(ref('users')),
    birthDate: day,
    sex: words(...sexes),
    ...Object.fromEntries(RACES.map((race) => [race, flag])),
    countryOfBirthCode: text,
    stateOfBirthAbbreviation: text,
    cityOfBirth: text,
    publicSchoolResidenceStatus: text,
  });

const FIELDS: Record<Version, Partial<Record<RosterFile, Field[]>>> = {
  '1.1': {
    orgs,
    academicSessions,
    courses,
    classes,
    enrollments,
    demographics: demographics('male', 'female'),
    users: columns({
      ...HEAD,
      enabledUser: must(flag),
      orgSourcedIds: must(refs('orgs')),
      role: must(words(...ROLES_11)),
      ...person,
    }),
  },
  '1.2': {
    orgs,
    academicSessions,
    courses,
    classes,
    enrollments,
    demographics: demographics('male', 'female', 'other', 'unspecified'),
    users: columns({
      ...HEAD,
      enabledUser: must(flag),
      ...person,
      userMasterIdentifier: text,
      preferredGivenName: text,
      preferredMiddleName: text,
      preferredFamilyName: text,
      primaryOrgSourcedId: ref('orgs'),
      pronouns: text,
    }),
    roles: columns({
      ...HEAD,
      userSourcedId: must(ref('users')),
      roleType: must(words('primary', 'secondary')),
      role: must(words(...ROLES_12)),
      beginDate: day,
      endDate: day,
      orgSourcedId: must(ref('orgs')),
      userProfileSourcedId: text,
    }),
  },
};

/** What the standard has beside these: named in the manifest, and passed over when a bundle brings them. */
const OTHERS: Record<Version, readonly string[]> = {
  '1.1': ['resources', 'courseResources', 'classResources', 'categories', 'lineItems', 'results'],
  '1.2': [
    'resources',
    'courseResources',
    'classResources',
    'userResources',
    'categories',
    'lineItems',
    'results',
    'scoreScales',
    'userProfiles',
    'lineItemScoreScales',
    'resultScoreScales',
    'lineItemLearningObjectiveIds',
    'resultLearningObjectiveIds',
  ],
};

export function fieldsOf(version: Version, file: RosterFile): readonly Field[] {
  return FIELDS[version][file] ?? [];
}

/** Of this version, in an order in which what is pointed at comes first. */
export function rosterFiles(version: Version): RosterFile[] {
  return ROSTER_FILES.filter((file) => FIELDS[version][file]);
}

export function otherFiles(version: Version): readonly string[] {
  return OTHERS[version];
}

/** One row of a file as its columns say it; what isn't there is not there. */
export type RosterRow = Readonly<Record<string, string>>;
