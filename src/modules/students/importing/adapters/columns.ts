import type { Choice, Column } from '../../../../platform/sheets/columns.js';
import type { IdentifierType } from '../../../school/index.js';
import { CONSENT_PURPOSES, CONSENT_WORDS, type ConsentPurpose } from '../../guardians/consent.rules.js';
import type { CustomField } from '../../custom-fields/custom-field.rules.js';
import { RELATIONSHIPS } from '../../guardians/guardian.rules.js';
import { STATUSES, STATUS_WORDS, type Status } from '../../enrolments/life-cycle.rules.js';
import { STUDENT_FIELDS, type Sensitivity, type Sight } from '../../register/sensitive.rules.js';
import { ORPHAN_STATUSES, type Student } from '../../register/student.rules.js';
import type { AssignmentKind, GuardianOfStudent } from '../../ports.js';

/** A child with everything that the full sheet has a column for. */
export interface SheetStudent {
  student: Student;
  /** `Grade 7 East`, or the class alone. */
  place: string | null;
  placedSince: string | null;
  identifiers: Readonly<Record<string, string>>;
  assignments: Partial<Record<AssignmentKind, { name: string | null; detail: string | null }>>;
  consents: Partial<Record<ConsentPurpose, boolean>>;
  /** By priority, the barred ones last. */
  guardians: readonly GuardianOfStudent[];
}

/** So many a sheet may name for one child, as the form does. */
export const MOST_GUARDIANS = 6;
/** So many the blank template offers, and every export has. */
export const USUAL_GUARDIANS = 3;

export interface ColumnSources {
  identifiers: readonly IdentifierType[];
  /** How the number of a birth certificate is written. */
  certificateHint: string;
  /** Labels of classes and streams. */
  places: readonly string[];
  lists: Readonly<Record<AssignmentKind, readonly string[]>>;
  customFields: readonly CustomField[];
  phoneExample: string;
  /** So many guardians have columns. */
  guardians: number;
}

type Col = Column<SheetStudent> & { sensitivity?: Sensitivity | undefined };
const words = (value: string): string => value.charAt(0).toUpperCase() + value.slice(1).replaceAll('-', ' ');
const choicesOf = (values: readonly string[], aliases: Record<string, string[]> = {}): Choice[] =>
  values.map((value) => ({ value, label: words(value), ...(aliases[value] && { aliases: aliases[value] }) }));

const SEX: Choice[] = [
  { value: 'F', label: 'Girl', aliases: ['Female', 'F', 'G', 'Mke', 'Msichana', 'Fille', 'Feminin'] },
  { value: 'M', label: 'Boy', aliases: ['Male', 'M', 'B', 'Mume', 'Mvulana', 'Garçon', 'Masculin'] },
];
const BOARDING: Choice[] = [
  { value: 'day', label: 'Day', aliases: ['Day scholar', 'Day student', 'D', 'No'] },
  { value: 'boarder', label: 'Boarder', aliases: ['Boarding', 'B', 'Yes'] },
];
const STATUS_ALIASES: Partial<Record<Status, string[]>> = {
  active: ['Here', 'Present', 'Current'],
  withdrawn: ['Left', 'Dropped out'],
  graduated: ['Completed', 'Alumni'],
  archived: ['Archived', 'Closed'],
};
const ORPHAN: Choice[] = choicesOf(ORPHAN_STATUSES, {
  none: ['No', 'Not an orphan', 'Both alive'],
  father: ['Father dead', 'Paternal orphan'],
  mother: ['Mother dead', 'Maternal orphan'],
  both: ['Total orphan', 'Double orphan', 'Yes'],
});
const STATUS: Choice[] = STATUSES.map((value) => ({ value, label: STATUS_WORDS[value], aliases: STATUS_ALIASES[value] ?? [] }));
const RELATIONS = choicesOf(RELATIONSHIPS, {
  father: ['Dad', 'Baba', 'Père', 'Papa'],
  mother: ['Mum', 'Mama', 'Mom', 'Mère'],
  guardian: [
    'Parent',
    'Mlezi',
    'Tuteur',
    'Caregiver',
    'Carer',
    'Foster parent',
    'Step father',
    'Stepfather',
    'Step mother',
    'Stepmother',
  ],
  grandmother: ['Grandma', 'Shosho', 'Nyanya'],
  grandfather: ['Grandpa', 'Guka', 'Babu'],
  aunt: ['Auntie', 'Shangazi'],
  uncle: ['Mjomba'],
  sponsor: ['Well-wisher', 'Benefactor', 'Donor', 'Bursary', 'Employer', 'NGO', 'Church'],
  other: ['Neighbour', 'Friend', 'Family friend', 'Driver', 'House help', 'Nanny', 'Cousin', 'Relative'],
});

function own<Key extends keyof Student>(key: string, field: Key, head: string, more: Partial<Col> & Pick<Col, 'kind'>): Col {
  return { key, head, sensitivity: STUDENT_FIELDS[field], value: (row) => row.student[field] as string | null, ...more };
}

/** One row is one child. The same list gives the template, the full export and the import. */
export function fullColumns(sources: ColumnSources): Col[] {
  return unlikeHeads([
    ...identity(sources),
    ...schooling(sources),
    ...identifierColumns(sources.identifiers),
    ...background(),
    ...customColumns(sources.customFields),
    ...places(sources),
    ...consents(),
    ...guardians(sources),
  ]);
}

/** Of the full sheet what a person may see; health that is open to them in part keeps its column. */
export function seenColumns(columns: readonly Col[], sight: Sight): Col[] {
  return columns.filter(
    ({ sensitivity }) => sight.sees(sensitivity) || (sensitivity === 'health' && (sight.health.urgent || sight.health.meals)),
  );
}

/** What only the import understands: the whole name in one column, the stream in a column of its own. */
export function importColumns(sources: ColumnSources): Col[] {
  const columns = fullColumns(sources);
  columns.unshift({
    key: 'full_name',
    head: 'Full name',
    kind: 'name',
    spare: true,
    value: () => null,
    note: 'Split into surname, first and middle name.',
    aliases: [
      'Name',
      'Names',
      'Full names',
      'Student name',
      'Student full name',
      'Student names',
      'Pupil name',
      'Pupil full name',
      'Learner name',
      'Learner full name',
      'Child name',
      'Candidate name',
      'Name of student',
      'Name of pupil',
      'Name of learner',
      'Name of child',
      'Name of candidate',
      'Name of pupil/student',
      'Name of student/pupil',
      'Pupil/student name',
      'Name in full',
      'Nom complet',
      'Nom et prénoms',
      'Noms et prénoms',
      'Jina kamili',
      'Jina la mwanafunzi',
      'Majina',
    ],
  });
  const at = columns.findIndex((column) => column.key === 'class');
  columns.splice(at + 1, 0, {
    key: 'stream',
    head: 'Stream',
    aliases: ['Class stream', 'Section', 'Arm'],
    kind: 'text',
    value: () => null,
    note: 'Only where the class column names the class alone.',
  });
  return columns;
}

function identity({ certificateHint }: ColumnSources): Col[] {
  return [
    own('admission_no', 'admissionNo', 'Admission number', {
      kind: 'id',
      aliases: [
        'Adm no',
        'Adm',
        'Admission',
        'Reg no',
        'Registration number',
        'Student number',
        'Student ID',
        'Index no',
        'Nambari ya usajili',
      ],
      example: 'KA/2026/0034',
      note: 'If empty, the school’s next number is used. When updating, it is used to find the student.',
    }),
    own('payment_no', 'paymentNo', 'Payment number', {
      kind: 'id',
      aliases: ['Account number', 'Paybill account'],
      note: 'If empty, it is made from the admission number.',
    }),
    own('surname', 'surname', 'Surname', {
      kind: 'name',
      aliases: ['Last name', 'Family name', 'Nom de famille', 'Jina la ukoo'],
      required: true,
      unless: ['full_name'],
      example: 'Hassan',
    }),
    own('first_name', 'firstName', 'First name', {
      kind: 'name',
      aliases: ['First', 'Given name', 'Forename', 'Prénom', 'Jina la kwanza'],
      required: true,
      unless: ['full_name', 'middle_name'],
      example: 'Khadija',
    }),
    own('middle_name', 'middleName', 'Middle name', {
      kind: 'name',
      aliases: ['Middle', 'Other names', 'Other name', 'Second name', 'Jina la kati'],
      example: 'Njoki',
    }),
    own('preferred_name', 'preferredName', 'Preferred name', { kind: 'name', aliases: ['Known as', 'Nickname'] }),
    own('sex', 'sex', 'Sex', {
      kind: 'choice',
      choices: SEX,
      aliases: ['Gender', 'Sex/Gender', 'Boy or girl', 'Jinsia'],
      required: true,
      example: 'Girl',
    }),
    own('born_on', 'bornOn', 'Date of birth', {
      kind: 'date',
      aliases: ['D.O.B', 'DOB', 'Birth date', 'Born', 'Born on', 'Birthday', 'Tarehe ya kuzaliwa'],
      example: '14/03/2014',
    }),
    own('birth_certificate_no', 'birthCertificateNo', 'Birth certificate number', {
      kind: 'id',
      aliases: [
        'Birth cert no',
        'B/C no',
        'BC no',
        'Birth certificate',
        'Birth cert entry no',
        'Birth certificate number (identifier)',
        'identifier_birth_certificate',
      ],
      note: certificateHint,
    }),
  ];
}

function schooling(sources: ColumnSources): Col[] {
  const example = sources.places[0];
  return [
    {
      key: 'class',
      head: 'Class',
      aliases: [
        'Grade',
        'Form',
        'Gr',
        'Std',
        'Standard',
        'Cls',
        'Grade/Class',
        'Form/Stream',
        'Grade/Stream',
        'Class/Form',
        'Class & stream',
        'Class and stream',
        'Class name',
        'Darasa',
        'Level',
        'Present class',
      ],
      kind: 'text',
      known: sources.places,
      value: (row) => row.place,
      ...(example && { example }),
      note:
        sources.places.length > 0
          ? `As the school writes it: ${sources.places.slice(0, 6).join(', ')}${sources.places.length > 6 ? ' …' : ''}. Short forms such as G7E are understood.`
          : 'As the school writes it.',
    },
    {
      key: 'class_since',
      head: 'In class since',
      kind: 'date',
      value: (row) => row.placedSince,
      note: 'If empty, or in an earlier year: the start of the year or the joining date.',
    },
    own('boarding', 'boarding', 'Day or boarding', {
      kind: 'choice',
      choices: BOARDING,
      aliases: ['Boarding', 'Boarder', 'Day/Boarding', 'D/B', 'Boarding status'],
      example: 'Day',
    }),
    {
      key: 'boarding_since',
      head: 'Boarding since',
      kind: 'date',
      aliases: ['Boarding from', 'Day or boarding since', 'Boarder since'],
      value: (row) => row.student.boardingChanges.at(-1) ?? null,
      note: 'The date the student last changed between day and boarding. Fees are charged by the day from then.',
    },
    own('status', 'status', 'Status', {
      kind: 'choice',
      choices: STATUS,
      aliases: ['Student status'],
      note: 'If empty: Active.',
    }),
    own('status_on', 'statusOn', 'Status since', { kind: 'date', aliases: ['Status date'] }),
    own('joined_on', 'joinedOn', 'Joined on', {
      kind: 'date',
      aliases: ['Date joined', 'Admission date', 'Date of admission', 'Joined', 'Date admitted', 'Entry date'],
      example: '05/01/2026',
    }),
  ];
}

function identifierColumns(types: readonly IdentifierType[]): Col[] {
  return types.map((type) => ({
    key: identifierKey(type.key),
    head: type.label,
    kind: 'id',
    sensitivity: 'identity' as const,
    note: type.hint,
    value: (row) => row.identifiers[type.key] ?? null,
    aliases: [
      ...new Set([type.key.replaceAll('-', ' '), `${type.key.replaceAll('-', ' ')} no`, type.label.replace(/\bnumber\b/i, 'no')]),
    ],
  }));
}

export const identifierKey = (type: string): string => `identifier_${type.replaceAll('-', '_')}`;

function background(): Col[] {
  return [
    own('nationality', 'nationality', 'Nationality', { kind: 'text', aliases: ['Citizenship'] }),
    own('home_area', 'homeArea', 'Home area', {
      kind: 'text',
      aliases: ['County', 'Home county', 'LGA', 'District', 'Region', 'Sub-county', 'Province', 'State of origin'],
    }),
    own('religion', 'religion', 'Religion', { kind: 'text', aliases: ['Faith', 'Denomination', 'Dini'] }),
    own('first_language', 'firstLanguage', 'First language', {
      kind: 'text',
      aliases: ['Language', 'Mother tongue', 'Home language', 'Lugha'],
    }),
    own('address', 'address', 'Address', {
      kind: 'text',
      aliases: ['Home address', 'Residence', 'Postal address', 'Anwani', 'Estate'],
    }),
    own('previous_school', 'previousSchool', 'Previous school', {
      kind: 'text',
      aliases: ['Former school', 'Last school', 'School attended'],
    }),
    own('special_needs', 'specialNeeds', 'Special needs', {
      kind: 'text',
      aliases: ['SNE', 'Disability', 'Special need', 'Learning needs'],
    }),
    own('orphan_status', 'orphanStatus', 'Orphan status', { kind: 'choice', choices: ORPHAN, aliases: ['Orphan', 'Orphanhood'] }),
  ];
}

export const customKey = (key: string): string => `custom_${key}`;

/** The school's own fields, each under its label and as `custom_<key>`. */
function customColumns(fields: readonly CustomField[]): Col[] {
  return fields.map((field) => ({
    key: customKey(field.key),
    head: field.label,
    aliases: [customKey(field.key), `Custom ${field.label}`],
    kind: field.type,
    ...(field.type === 'choice' && { choices: field.choices.map((value) => ({ value, label: value })) }),
    ...(field.hint && { note: field.hint }),
    value: (row) => row.student.custom[field.key] ?? null,
  }));
}

const LISTS = [
  { kind: 'houses', key: 'house', head: 'House', aliases: ['School house'] },
  {
    kind: 'dorms',
    key: 'dorm',
    head: 'Dormitory',
    aliases: ['Dorm', 'Hostel'],
    detail: { key: 'bed', head: 'Bed', aliases: ['Bed no', 'Bed number', 'Cubicle'] },
  },
  {
    kind: 'routes',
    key: 'route',
    head: 'Transport route',
    aliases: ['Route', 'Bus route', 'Bus'],
    detail: { key: 'stop', head: 'Stop', aliases: ['Bus stop', 'Pick-up point', 'Stage'] },
  },
  { kind: 'meal-plans', key: 'meal_plan', head: 'Meal plan', aliases: ['Lunch', 'Meals', 'Lunch plan', 'Feeding'] },
] as const satisfies readonly {
  kind: AssignmentKind;
  key: string;
  head: string;
  aliases: readonly string[];
  detail?: { key: string; head: string; aliases: readonly string[] };
}[];

/** Which columns make which assignment. */
export const ASSIGNMENT_COLUMNS: readonly { kind: AssignmentKind; key: string; detailKey: string | null }[] = LISTS.map(
  (list) => ({
    kind: list.kind,
    key: list.key,
    detailKey: 'detail' in list ? list.detail.key : null,
  }),
);

function places(sources: ColumnSources): Col[] {
  return LISTS.flatMap((list): Col[] => {
    const names = sources.lists[list.kind];
    const item: Col = {
      key: list.key,
      head: list.head,
      aliases: [...list.aliases],
      kind: 'text',
      value: (row) => row.assignments[list.kind]?.name ?? null,
      note: names.length > 0 ? `One of: ${names.join(', ')}.` : 'The school has none yet: add some under Settings first.',
    };
    if (!('detail' in list)) return [item];
    return [
      item,
      {
        key: list.detail.key,
        head: list.detail.head,
        aliases: [...list.detail.aliases],
        kind: 'id',
        value: (row) => row.assignments[list.kind]?.detail ?? null,
      },
    ];
  });
}

export const consentKey = (purpose: ConsentPurpose): string => `consent_${purpose.replaceAll('-', '_')}`;

function consents(): Col[] {
  return CONSENT_PURPOSES.map((purpose) => ({
    key: consentKey(purpose),
    head: `Consent: ${CONSENT_WORDS[purpose]}`,
    aliases: [`Consent ${purpose.replaceAll('-', ' ')}`],
    kind: 'flag',
    value: (row) => row.consents[purpose] ?? null,
  }));
}

type GuardianField = {
  key: string;
  head: string;
  aliases?: string[];
  kind: Col['kind'];
  choices?: Choice[];
  value(guardian: GuardianOfStudent): string | boolean | null;
};

/** In the order in which a person fills them in. `key` is the name of the field in the register. */
export const GUARDIAN_FIELDS: readonly GuardianField[] = [
  { key: 'name', head: 'name', aliases: ['full name'], kind: 'name', value: (one) => one.fullName },
  {
    key: 'relationship',
    head: 'relationship',
    aliases: ['relation', 'relationship to student'],
    kind: 'choice',
    choices: RELATIONS,
    value: (one) => one.tie.relationship,
  },
  { key: 'phone', head: 'phone', aliases: ['phone 1', 'mobile', 'tel', 'contact'], kind: 'phone', value: (one) => one.phone },
  {
    key: 'other_phone',
    head: 'other phone',
    aliases: ['alternative phone', 'second phone', 'whatsapp'],
    kind: 'phone',
    value: (one) => one.otherPhone,
  },
  {
    key: 'email',
    head: 'email',
    aliases: ['e-mail', 'email address', 'e-mail address'],
    kind: 'email',
    value: (one) => one.email,
  },
  {
    key: 'id_no',
    head: 'ID number',
    aliases: ['national id', 'id no', 'id card no'],
    kind: 'id',
    value: (one) => one.nationalId,
  },
  { key: 'occupation', head: 'occupation', aliases: ['job', 'work'], kind: 'text', value: (one) => one.occupation },
  { key: 'address', head: 'address', kind: 'text', value: (one) => one.address },
  { key: 'language', head: 'language', kind: 'text', value: (one) => one.language },
  { key: 'lives_with', head: 'lives with the student', aliases: ['lives with'], kind: 'flag', value: (one) => one.tie.livesWith },
  { key: 'pays_fees', head: 'pays fees', aliases: ['pays', 'gets bills'], kind: 'flag', value: (one) => one.tie.paysFees },
  { key: 'gets_sms', head: 'gets SMS', aliases: ['sms'], kind: 'flag', value: (one) => one.tie.getsSms },
  { key: 'gets_reports', head: 'gets reports', aliases: ['reports'], kind: 'flag', value: (one) => one.tie.getsReports },
  {
    key: 'may_collect',
    head: 'may collect',
    aliases: ['may pick up', 'pick up'],
    kind: 'flag',
    value: (one) => one.tie.mayCollect,
  },
  { key: 'barred', head: 'barred', kind: 'flag', value: (one) => one.tie.barred },
  {
    key: 'barred_reason',
    head: 'barred because',
    aliases: ['barred reason'],
    kind: 'text',
    value: (one) => one.tie.barredReason,
  },
];
const GROUP_WORDS = [
  'Guardian',
  'Parent',
  'Mother',
  'Father',
  'Parent/Guardian',
  'Mzazi',
  'Mlezi',
  'Tuteur',
  'Mama',
  'Baba',
  'Grandmother',
  'Aunt',
  'Uncle',
  'Sponsor',
];

/** Headings that say it of the first guardian without a word for it. */
const ALONE: Record<string, string[]> = {
  phone: ['Phone', 'Phone no', 'Tel', 'Telephone', 'Mobile', 'Mobile no', 'Contact', 'Contact no', 'Emergency contact', 'Simu'],
  email: ['Email', 'E-mail address'],
  relationship: ['Relationship', 'Relation'],
  occupation: ['Occupation'],
};

export const guardianKey = (number: number, field: string): string => `guardian_${number}_${field}`;

function guardians(sources: ColumnSources): Col[] {
  const examples: Record<string, string> = { name: 'Hassan Abdi Noor', relationship: 'Father', phone: sources.phoneExample };
  return Array.from({ length: sources.guardians }, (_unused, index) => index + 1).flatMap((number) =>
    GUARDIAN_FIELDS.map((field): Col => ({
      key: guardianKey(number, field.key),
      head: `Guardian ${number} ${field.head}`,
      aliases: [
        ...(field.aliases ?? []).map((alias) => `Guardian ${number} ${alias}`),
        ...(number === 1 ? (ALONE[field.key] ?? []) : []),
      ],
      kind: field.kind,
      ...(field.key === 'phone' && { second: guardianKey(number, 'other_phone') }),
      sensitivity: field.key === 'id_no' ? 'identity' : 'contacts',
      ...(field.choices && { choices: field.choices }),
      ...(number > USUAL_GUARDIANS && { spare: true }),
      group: { words: GROUP_WORDS, number },
      ...(number === 1 && examples[field.key] && { example: examples[field.key] }),
      value: (row) => {
        const guardian = row.guardians[number - 1];
        return guardian ? field.value(guardian) : null;
      },
    })),
  );
}

/** Two columns with one heading could not be told apart when the file comes back. */
function unlikeHeads(columns: Col[]): Col[] {
  const seen = new Set<string>();
  return columns.map((column) => {
    const head = seen.has(column.head.toLowerCase()) ? `${column.head} (identifier)` : column.head;
    seen.add(head.toLowerCase());
    return head === column.head ? column : { ...column, head, aliases: [] };
  });
}
