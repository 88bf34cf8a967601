import { can, type Actor } from '../../../../kernel/actor.js';
import { fold } from '../../../../kernel/people/names.js';
import { phoneExample } from '../../../../kernel/people/phone.js';
import type { AcademicYear } from '../../../../kernel/school-calendar.js';
import type { ImportContext } from '../../../imports/index.js';
import { LIST_KINDS, type IdentifierType, type Placing, type SchoolApi, type SchoolCalendar } from '../../../school/index.js';
import type { ClassList, SubjectsApi } from '../../../subjects/index.js';
import { editsField, type CustomField } from '../../custom-fields/custom-field.rules.js';
import { Sight } from '../../register/sensitive.rules.js';
import { RELATIONSHIPS, type Relationship } from '../../guardians/guardian.rules.js';
import type { AssignmentKind, RolloverStore } from '../../ports.js';
import { CONSENT_PURPOSES, type ConsentPurpose } from '../../guardians/consent.rules.js';
import {
  ASSIGNMENT_COLUMNS,
  consentKey,
  GUARDIAN_FIELDS,
  guardianKey,
  identifierKey,
  MOST_GUARDIANS,
  type ColumnSources,
} from './columns.js';
import type { NameOrder } from '../full-name.rules.js';
import { DETAILS } from './details.js';
import { Unknowns } from './makes.js';
import { FULL_NAME, NAME_PARTS, orderOf } from './names.js';
import { Places } from './places.js';

export interface SaidParts {
  details: typeof DETAILS;
  assignments: typeof ASSIGNMENT_COLUMNS;
  consents: readonly ConsentPurpose[];
  /** Numbers of guardians. */
  guardians: readonly number[];
}

/** What the school has settled, as rows of a sheet refer to it; read once for each run. */
export interface Reference {
  actor: Actor;
  mode: ImportContext['mode'];
  today: string;
  places: Places;
  classes: ClassList;
  years: readonly AcademicYear[];
  placing: Placing;
  identifiers: readonly (IdentifierType & { column: string; test: RegExp | null })[];
  /** How the number of a birth certificate is written, where the country has a rule for it. */
  certificate: RegExp | null;
  /** The school’s own fields that this person may fill in. */
  customFields: readonly CustomField[];
  /** Folded name → id. */
  lists: Readonly<Record<AssignmentKind, ReadonlyMap<string, string>>>;
  /** What a guardian of this number is when the sheet doesn't say: from headings such as `Mother's phone`. */
  relationships: readonly Relationship[];
  /** What rows name that the school doesn't have. */
  unknowns: Unknowns;
  /** The order of names that are written in one cell. */
  nameOrder: NameOrder;
  headings: ReadonlyMap<string, string>;
  /** The parts that the file has a column for; rows say nothing of the others. */
  said: SaidParts;
  may: { guardians: boolean; move: boolean; status: boolean };
  /** What of a child in the register this person may see, and so change. */
  sight: Sight;
}

export interface Sources {
  school: SchoolApi;
  subjects: SubjectsApi;
  calendar: SchoolCalendar;
  rollovers: Pick<RolloverStore, 'yearOfMost'>;
}

export async function loadReference(
  context: ImportContext,
  { school, subjects, calendar, rollovers }: Sources,
  fields: readonly CustomField[],
): Promise<Reference> {
  const [classes, years, pack] = await Promise.all([subjects.classList(), school.years(), school.pack()]);
  return {
    actor: context.actor,
    mode: context.mode,
    today: context.today,
    places: new Places(classes),
    classes,
    years,
    placing: await calendar.placing((await rollovers.yearOfMost()) ?? ''),
    identifiers: pack.identifiers
      .map((type) => ({ ...type, column: identifierKey(type.key), test: wholly(type.pattern) }))
      .filter(({ column }) => context.headings.has(column)),
    certificate: wholly(pack.birthCertificate.pattern),
    customFields: fields.filter((field) => editsField(field, context.actor.roles)),
    lists: await listIds(school),
    relationships: Array.from({ length: MOST_GUARDIANS }, (_unused, index) => relationshipOf(context.headings, index + 1)),
    unknowns: new Unknowns(context.actor, await school.levels(), namesChildren(context.headings) ? context.leftOut : []),
    nameOrder: orderOf(context.answers),
    headings: context.headings,
    said: saidParts(context.headings),
    may: {
      guardians: can(context.actor, 'students.change-guardians'),
      move: can(context.actor, 'students.move'),
      status: can(context.actor, 'students.change-status'),
    },
    sight: new Sight(context.actor),
  };
}

/** Whether the file is a list of children, and not only of their guardians. */
function namesChildren(headings: ReadonlyMap<string, string>): boolean {
  return headings.has('surname') || headings.has(FULL_NAME);
}

function wholly(pattern: string | null): RegExp | null {
  return pattern ? new RegExp(`^(?:${pattern})$`, 'i') : null;
}

async function listIds(school: SchoolApi): Promise<Reference['lists']> {
  const lists = await Promise.all(
    LIST_KINDS.map(
      async (kind) => [kind, new Map((await school.lists(kind)).map((item) => [fold(item.name), item.id]))] as const,
    ),
  );
  return Object.fromEntries(lists) as Record<AssignmentKind, Map<string, string>>;
}

function saidParts(headings: ReadonlyMap<string, string>): SaidParts {
  const numbers = Array.from({ length: MOST_GUARDIANS }, (_unused, index) => index + 1);
  return {
    details: DETAILS.filter(
      ({ column }) =>
        headings.has(column) ||
        (NAME_PARTS.some((part) => part === column) && (headings.has(FULL_NAME) || headings.has('middle_name'))),
    ),
    assignments: ASSIGNMENT_COLUMNS.filter(({ key, detailKey }) => headings.has(key) || (detailKey && headings.has(detailKey))),
    consents: CONSENT_PURPOSES.filter((purpose) => headings.has(consentKey(purpose))),
    guardians: numbers.filter((number) => GUARDIAN_FIELDS.some(({ key }) => headings.has(guardianKey(number, key)))),
  };
}

function relationshipOf(headings: ReadonlyMap<string, string>, number: number): Relationship {
  for (const { key } of GUARDIAN_FIELDS) {
    const words = fold(headings.get(guardianKey(number, key)) ?? '').split(/[^a-z]+/);
    const said = RELATIONSHIPS.find((one) => words.some((word) => word === one || word === `${one}s`));
    if (said) return said;
    if (words.includes('baba')) return 'father';
    if (words.includes('mama')) return 'mother';
  }
  return 'guardian';
}

/** What the columns' notes and choices are made of. */
export async function columnSources(
  school: SchoolApi,
  subjects: SubjectsApi,
  customFields: readonly CustomField[],
  guardians = MOST_GUARDIANS,
): Promise<ColumnSources> {
  const [pack, classes] = await Promise.all([school.pack(), subjects.classList()]);
  const lists = await Promise.all(
    LIST_KINDS.map(async (kind) => [kind, (await school.lists(kind)).map((item) => item.name)] as const),
  );
  return {
    identifiers: pack.identifiers,
    certificateHint: pack.birthCertificate.hint,
    places: classes.streams.filter((stream) => stream.active).map((stream) => stream.label),
    lists: Object.fromEntries(lists) as Record<AssignmentKind, string[]>,
    customFields,
    phoneExample: phoneExample(pack.country),
    guardians,
  };
}
