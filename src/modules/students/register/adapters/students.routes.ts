import type { Request } from 'express';
import { z } from 'zod';
import { can } from '../../../../kernel/actor.js';
import { Missing } from '../../../../kernel/missing.js';
import { isId } from '../../../../kernel/id.js';
import { registerName } from '../../../../kernel/people/names.js';
import { callingCode } from '../../../../kernel/people/phone.js';
import { yearsBetween } from '../../../../kernel/clock.js';
import type { FlashInput } from '../../../../platform/http/pages/flash.js';
import { isOff } from '../../../../platform/http/ports.js';
import type { Routes } from '../../../../platform/http/routes/routes.js';
import type { AuditApi } from '../../../audit/index.js';
import type { ImportsApi } from '../../../imports/index.js';
import { LIST_KINDS, type IdentifierType, type SchoolApi, type SchoolCalendar } from '../../../school/index.js';
import type { SubjectsApi } from '../../../subjects/index.js';
import type { Alerts } from '../../alerts/alerts.js';
import type { CustomFields } from '../../custom-fields/custom-fields.js';
import type { Drafts } from '../drafts.js';
import type { Duplicates } from '../../duplicates/duplicates.js';
import type { Guardians } from '../../guardians/guardians.js';
import type { GuardianAccounts } from '../../guardians/guardian-accounts.js';
import type { Reads } from '../reads.js';
import type { Register } from '../register.js';
import type { StudentScope } from '../scope.js';
import { seenProfile, seenRow, sightOf } from '../sight.js';
import { STATUSES, STATUS_WORDS, statusMark, transitionsFrom, type Status } from '../../enrolments/life-cycle.rules.js';
import { readValue, type CustomField, type CustomValues } from '../../custom-fields/custom-field.rules.js';
import { FOUND_BY_WORDS } from '../../search/search.rules.js';
import { CONSENT_WORDS } from '../../guardians/consent.rules.js';
import { RELATIONSHIPS } from '../../guardians/guardian.rules.js';
import { identifierLabel, typesShown } from '../identifiers.rules.js';
import { isUrgent, needsOf } from '../health.rules.js';
import { sensitivityOf, WHOLE_SIGHT, type Sight } from '../sensitive.rules.js';
import { ORPHAN_STATUSES } from '../student.rules.js';
import { MISSING_KINDS, type StudentPanel } from '../../ports.js';
import type { AlertChip, StudentFilter, StudentProfile, StudentRow, StudentSort, StudentStore } from '../../ports.js';
import { studentColumns } from '../../exports/adapters/students.sheet.js';
import { admissionOf, admissionSchema, changeSchema, detailsOf, identifierList } from './student-form.js';

export interface StudentPages {
  register: Register;
  duplicates: Duplicates;
  guardians: Guardians;
  customFields: CustomFields;
  alerts: Alerts;
  students: StudentStore;
  scope: StudentScope;
  school: SchoolApi;
  subjects: SubjectsApi;
  audit: AuditApi;
  imports: ImportsApi;
  guardianAccounts: GuardianAccounts;
  reads: Reads;
}

/** What the list may be cut down to; `status` is one status, `here` (active, suspended and expected) or `all`. */
export const StudentQuery = z.object({
  q: z.string().trim().max(80).optional(),
  class: z.uuid().optional(),
  stream: z.uuid().optional(),
  status: z.enum([...STATUSES, 'here', 'all']).default('here'),
  boarding: z.enum(['day', 'boarder']).optional(),
  sex: z.enum(['F', 'M']).optional(),
  aside: z.literal('1').optional(),
  missing: z.enum(MISSING_KINDS).optional(),
  /** `swims:yes`: a value of one of the school’s own fields. */
  own: z.string().max(140).optional(),
  density: z.enum(['normal', 'compact']).optional(),
});
export type StudentQuery = z.infer<typeof StudentQuery>;

export function filterOf(query: StudentQuery, custom: StudentFilter['custom'] = null): StudentFilter {
  return {
    text: query.q ?? null,
    classId: query.class ?? null,
    streamId: query.stream ?? null,
    statuses: statusesOf(query),
    boarding: query.boarding ?? null,
    sex: query.sex ?? null,
    putAside: query.aside === '1',
    missing: query.missing ?? null,
    custom,
  };
}

/** A field that this person does not see can’t be asked about either. */
function ownFilter(asked: string | undefined, fields: readonly CustomField[]): StudentFilter['custom'] {
  const [key, ...rest] = (asked ?? '').split(':');
  const field = fields.find((one) => one.key === key);
  const read = field ? readValue(field, rest.join(':')) : null;
  return field && read && 'value' in read && read.value !== null ? { key: field.key, value: read.value } : null;
}

const SORTS: Record<string, StudentSort> = { name: 'name', admission_no: 'admission-no' };

function statusesOf(query: StudentQuery): readonly Status[] {
  if (query.status === 'all' || query.aside === '1') return [];
  return query.status === 'here' ? ['active', 'suspended', 'expected'] : [query.status];
}

export function studentRoutes(
  r: Routes,
  pages: StudentPages & { calendar: Pick<SchoolCalendar, 'placing'>; drafts: Drafts; panels: readonly StudentPanel[] },
): void {
  r.list({
    path: '/students',
    can: 'students.read',
    view: 'students/index',
    filter: StudentQuery,
    load: async (query, page, req) => {
      const scope = await pages.scope.of(req.actor);
      const sort = SORTS[page.sort?.replace('-', '') ?? ''] ?? 'best';
      const custom = ownFilter(query.own, await pages.customFields.seenBy(req.actor));
      const sight = sightOf(req.actor);
      const found = await pages.students.list(
        { ...filterOf(query, custom), byContacts: sight.sees('contacts') },
        scope,
        sort,
        page.sort?.startsWith('-') ?? false,
        page.cursor,
        page.limit,
      );
      return { ...found, rows: found.rows.map((row) => seenRow(row, sight)) };
    },
    model: async (_filter, page, req) => ({
      alerts: await chipsOfList(pages, req, page.rows),
      isUrgent,
      sees: sightOf(req.actor).open,
      columns: await columnsOf(pages, req, page.rows),
      counts: can(req.actor, 'students.see-all') ? await pages.students.counts() : null,
      ...(await classLabels(pages.subjects)),
      statuses: STATUSES,
      statusWords: STATUS_WORDS,
      statusMark,
      foundByWords: FOUND_BY_WORDS,
      customFields: await pages.customFields.seenBy(req.actor),
    }),
    sheet: {
      name: 'students',
      can: 'students.export',
      columns: async (req) => studentColumns(await classLabels(pages.subjects), sightOf(req.actor)),
    },
  });

  r.form({
    path: '/students/new',
    action: '/students',
    can: 'students.admit',
    view: 'students/new',
    schema: async (req) => admissionSchema(req.school!.country, await identifierTypes(pages.school)),
    load: async (req) => {
      const draft = await pages.drafts.of(req.actor);
      const placing = await pages.calendar.placing(null);
      // In the holidays after the last term whoever is written down comes with the next year.
      const joinedOn = placing.from(placing.today);
      const usual = {
        status: joinedOn > placing.today ? 'expected' : 'active',
        joinedOn,
        boarding: 'day',
        guardians: [{ getsSms: 'on', getsReports: 'on', mayCollect: 'on' }],
      };
      return {
        ...(await formChoices(pages, req)),
        values: draft?.typed ?? usual,
        sees: WHOLE_SIGHT,
        keptAt: draft?.keptAt ?? null,
        duplicates: [],
      };
    },
    keep: (typed, req) => pages.drafts.keep(req.actor, typed),
    save: async (form, req) => {
      const classId = (await pages.subjects.classList()).streams.find((stream) => stream.id === form.streamId)?.classId ?? null;
      const admission = admissionOf(form, classId);
      if (!form.notTheSame) await pages.duplicates.refuseLikely(admission);
      const student = await pages.register.admit(req.actor, admission);
      await pages.drafts.drop(req.actor);
      return {
        to: `/students/${student.id}`,
        flash: await withSharedPhones(pages, req, student.id, {
          text: req.t(WRITTEN_DOWN[form.status], { name: registerName(student), number: student.admissionNo }),
          links: [{ label: req.t('Admit another'), href: '/students/new' }],
        }),
      };
    },
  });

  r.get('/students/:id', 'students.read', async (req, res) => {
    const profile = await loadProfile(pages, req);
    const sight = sightOf(req.actor);
    const tab = sight.sees('details') ? tabOf(req) : 'overview';
    const [labels, lists, years, pack, customFields, changes, logins] = await Promise.all([
      classLabels(pages.subjects),
      everyList(pages.school),
      pages.school.years(),
      pages.school.pack(),
      pages.customFields.seenBy(req.actor),
      tab === 'history' ? recentChanges(pages, profile.student.id, sight) : [],
      tab === 'overview'
        ? pages.guardianAccounts.loginsOf(
            req.actor,
            profile.guardians.map((one) => one.id),
          )
        : NOBODY,
    ]);
    const alerts = await pages.alerts.seenBy(req.actor, profile.openAlerts);
    if (tab !== 'history') await pages.reads.ofChild(req.actor, { ...profile, openAlerts: alerts });
    await res.page('students/show', {
      ...profile,
      ...labels,
      lists,
      years,
      changes,
      pack,
      logins,
      customFields,
      identifiers: profile.identifiers.map((one) => ({ ...one, label: identifierLabel(pack.identifiers, one.type) })),
      alerts,
      needs: needsOf(profile.student.specialNeeds, []),
      sees: sight.open,
      age: profile.student.bornOn ? yearsBetween(profile.student.bornOn, req.school!.today) : null,
      statusWords: STATUS_WORDS,
      mark: statusMark(profile.student.status),
      consentWords: Object.entries(CONSENT_WORDS),
      steps: transitionsFrom(profile.student.status),
      // For other modules a record that is put aside is nobody's.
      panels: tab === 'overview' && !profile.putAsideAt ? await panelsOf(pages, req, profile.student.id) : [],
      tab,
    });
  });

  r.form({
    path: '/students/:id/edit',
    can: 'students.change',
    view: 'students/edit',
    schema: async (req) => changeSchema(await typesOfStudent(pages, req)),
    load: async (req) => {
      const profile = await loadProfile(pages, req);
      const { bornOn, ...student } = profile.student;
      await pages.reads.ofChild(req.actor, profile);
      const identifiers = Object.fromEntries(profile.identifiers.map((one) => [one.type, one.value]));
      return {
        ...(await formChoices(pages, req)),
        identifierTypes: typesShown(await identifierTypes(pages.school), profile.identifiers),
        student: profile.student,
        sees: sightOf(req.actor).open,
        values: { ...student, bornOn: dateBoxes(bornOn), identifiers, custom: typed(student.custom) },
      };
    },
    save: async (form, req) => {
      const profile = await loadProfile(pages, req);
      const { version, admissionNo, identifiers, boardingSince } = form;
      const sight = sightOf(req.actor);
      const shown = typesShown(await identifierTypes(pages.school), profile.identifiers).map((one) => one.key);
      const given = sight.sees('identity') ? { shown, values: identifierList(identifiers) } : undefined;
      const student = await pages.register.change(
        req.actor,
        profile.student.id,
        version,
        { ...sight.changes(detailsOf(form)), admissionNo, ...(boardingSince && { boardingSince }) },
        given,
        { values: form.custom ?? {}, whole: true },
      );
      return {
        to: `/students/${student.id}`,
        flash: req.t('The changes to {{name}} have been saved.', { name: registerName(student) }),
      };
    },
  });

  r.get('/students/:id/aside', 'students.put-aside', async (req, res) => {
    await res.page('students/aside', { student: (await loadProfile(pages, req)).student });
  });

  r.post('/students/:id/aside', 'students.put-aside', async (req, res) => {
    const { student } = await loadProfile(pages, req);
    await pages.register.putAside(req.actor, student.id, String((req.body as { reason?: string }).reason ?? ''));
    res.done('/students', {
      text: req.t('{{name}} has been archived and no longer appears in lists.', { name: registerName(student) }),
      undo: { label: req.t('Restore'), action: `/students/${student.id}/return-from-aside` },
    });
  });

  r.post('/students/:id/return-from-aside', 'students.put-aside', async (req, res) => {
    const id = demandId(req);
    await pages.register.bringBack(req.actor, id);
    res.done(`/students/${id}`, req.t('The student has been restored to the register.'));
  });
}

/** What was done, and who else has the phone of a guardian: two people stay two. */
export async function withSharedPhones(
  pages: Pick<StudentPages, 'guardians'>,
  req: Request,
  studentId: string,
  flash: Exclude<FlashInput, string>,
): Promise<FlashInput> {
  const shared = await pages.guardians.sharedPhones(studentId);
  if (shared.length === 0) return flash;
  const warnings = shared.map((one) =>
    req.t('{{name}} has the same phone as {{other}}. They are kept as two people.', { name: one.name, other: one.otherName }),
  );
  return { ...flash, kind: 'warn', text: [flash.text, ...warnings].join(' ') };
}

/** What is true of a child that has just been written down. */
const WRITTEN_DOWN = {
  active: '{{name}} has been admitted with number {{number}}.',
  expected: '{{name}} is expected. The admission number is {{number}}.',
  applicant: '{{name}} is now an applicant with number {{number}}. No decision has been made yet.',
} as const;

const NOBODY: ReadonlySet<string> = new Set();
const CHANGES_SHOWN = 8;

/** The newest acts on one child. An import writes one entry for all its rows; what it has touched it knows itself. */
async function recentChanges(pages: Pick<StudentPages, 'audit' | 'imports'>, id: string, sight: Sight): Promise<object[]> {
  const [entries, touches] = [
    await pages.audit.trailOf('student', id, CHANGES_SHOWN),
    await pages.imports.touching('students', id, CHANGES_SHOWN),
  ];
  const acts = entries.map((entry) => ({
    ...entry,
    differences: entry.differences.filter(({ field }) => sight.sees(sensitivityOf(field))),
  }));
  const imported = touches.map((one) => ({
    action: one.action === 'create' ? 'students.import-made' : 'students.import-changed',
    actorName: one.byName,
    at: one.at,
    before: null,
    differences: [],
    file: { name: one.fileName, href: `/imports/${one.importId}`, takenBack: one.undoneAt !== null },
  }));
  return [...acts, ...imported].sort((one, other) => other.at.getTime() - one.at.getTime()).slice(0, CHANGES_SHOWN);
}

/** Alerts of the children of a list; where a list says anything of health, that it was looked at is written down. */
export async function chipsOfList(
  pages: Pick<StudentPages, 'alerts' | 'reads'>,
  req: Request,
  rows: readonly StudentRow[],
): Promise<ReadonlyMap<string, AlertChip[]>> {
  const chips = await pages.alerts.chips(
    req.actor,
    rows.map((row) => row.id),
  );
  await pages.reads.ofList(
    req.actor,
    'list of students',
    rows.filter((row) => row.specialNeeds ?? chips.get(row.id)?.some((one) => one.kind === 'medical')),
  );
  return chips;
}

/** What the actor may see of a child that they may see; another's is not there. */
export async function loadProfile(pages: Pick<StudentPages, 'students' | 'scope'>, req: Request): Promise<StudentProfile> {
  const profile = await pages.students.profile(demandId(req), await pages.scope.of(req.actor));
  if (!profile) throw new Missing('student');
  return seenProfile(profile, sightOf(req.actor));
}

export function demandId(req: Request, name = 'id'): string {
  const id = req.params[name];
  if (!isId(id)) throw new Missing('student');
  return id;
}

export interface ClassLabels {
  /** Stream id → `Grade 7 East`. */
  labels: Map<string, string>;
  streams: { id: string; label: string; classId: string }[];
  classes: { id: string; name: string }[];
}

export async function classLabels(subjects: SubjectsApi): Promise<ClassLabels> {
  const list = await subjects.classList();
  return {
    labels: new Map(list.streams.map((stream) => [stream.id, stream.label])),
    streams: list.streams.filter((stream) => stream.active),
    classes: list.classes.filter((one) => one.active),
  };
}

/** List item id → name, for the house, dorm, route and meal plan of a child. */
async function everyList(school: SchoolApi): Promise<Map<string, string>> {
  const lists = await Promise.all(LIST_KINDS.map((kind) => school.lists(kind, { all: true })));
  return new Map(lists.flat().map((item) => [item.id, item.name]));
}

export async function identifierTypes(school: SchoolApi): Promise<readonly IdentifierType[]> {
  return (await school.pack()).identifiers;
}

async function typesOfStudent(pages: StudentPages, req: Request): Promise<IdentifierType[]> {
  return typesShown(await identifierTypes(pages.school), (await loadProfile(pages, req)).identifiers);
}

async function formChoices(pages: StudentPages, req: Request): Promise<object> {
  const pack = await pages.school.pack();
  return {
    ...(await classLabels(pages.subjects)),
    relationships: RELATIONSHIPS,
    birthCertificate: pack.birthCertificate,
    orphanStatuses: ORPHAN_STATUSES,
    identifierTypes: await identifierTypes(pages.school),
    customFields: await pages.customFields.editedBy(req.actor),
    callingCode: callingCode(pack.country),
  };
}

/** Yes and no as the form's choices say them. */
function typed(values: CustomValues): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).map(([key, value]) => [key, value === true ? 'yes' : value === false ? 'no' : String(value)]),
  );
}

function dateBoxes(day: string | null): object | null {
  return day ? { day: String(Number(day.slice(8))), month: String(Number(day.slice(5, 7))), year: day.slice(0, 4) } : null;
}

const TABS = ['overview', 'details', 'history'] as const;

function tabOf(req: Request): (typeof TABS)[number] {
  return TABS.find((tab) => tab === req.query.tab) ?? 'overview';
}

/** Sums that other modules show beside the children of the list. */
async function columnsOf(
  { panels }: { panels: readonly StudentPanel[] },
  req: Request,
  rows: readonly StudentRow[],
): Promise<{ label: string; of: ReadonlyMap<string, number> }[]> {
  const ids = rows.map((row) => row.id);
  const seen = ids.length === 0 ? [] : seenPanels(panels, req).flatMap(({ column }) => column ?? []);
  return Promise.all(seen.map(async ({ label, of }) => ({ label, of: await of(ids) })));
}

function seenPanels(panels: readonly StudentPanel[], req: Request): StudentPanel[] {
  return panels.filter((panel) => can(req.actor, panel.can) && !isOff(req.school, panel.view)).sort((a, b) => a.order - b.order);
}

/** What other modules show on the page, as far as this person may see it. */
async function panelsOf({ panels }: { panels: readonly StudentPanel[] }, req: Request, studentId: string) {
  return Promise.all(
    seenPanels(panels, req).map(async (panel) => ({ view: panel.view, model: await panel.load(req.actor, studentId) })),
  );
}
