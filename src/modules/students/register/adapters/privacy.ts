import { REGISTER } from '../../../../kernel/kept.js';
import { fold } from '../../../../kernel/people/names.js';
import { changed, query } from '../../../../platform/db/index.js';
import { OPEN_ALERTS } from '../../alerts/adapters/alert.store.js';
import type { T } from '../../../../platform/i18n/i18n.js';
import {
  worded,
  type DataSection,
  type Erased,
  type PersonalData,
  type RetentionClass,
  type Subject,
  type Value,
} from '../../../../kernel/people/personal-data.js';
import type { FilesApi } from '../../../files/index.js';
import type { SchoolApi } from '../../../school/index.js';
import type { IdentifierType } from '../../../../kernel/packs/types.js';
import { DOCUMENT_WORDS, type DocumentKind } from '../../letters/document.rules.js';
import { identifierLabel } from '../identifiers.rules.js';
import { STATUS_WORDS, type Status } from '../../enrolments/life-cycle.rules.js';
import { refreshTerms } from '../../search/adapters/terms.js';

const LEFT = ['withdrawn', 'transferred', 'graduated', 'archived'];
const HERE = ['active', 'suspended'];
const DUE = 'status = any($1::text[]) and status_on < $2 and erased_at is null';

type Row = Record<string, Value>;
const PARTS: { title: string; heads: string[]; sql: string }[] = [
  {
    title: 'Guardians',
    heads: ['Name', 'Relationship', 'Lives with', 'Pays fees', 'May collect'],
    sql: `select g.full_name, t.relationship, t.lives_with, t.pays_fees, t.may_collect
      from students_guardianships t join students_guardians g on g.id = t.guardian_id where t.student_id = $1 order by t.priority, t.id`,
  },
  {
    title: 'Classes',
    heads: ['From', 'Until', 'Class', 'Stream', 'Reason for joining', 'Reason for leaving', 'Note'],
    sql: `select e.entered_on, e.left_on, c.name, s.name as stream, e.entry_reason, e.exit_reason, e.note from students_enrolments e
      join subjects_classes c on c.id = e.class_id left join subjects_streams s on s.id = e.stream_id where e.student_id = $1 order by e.entered_on, e.id`,
  },
  {
    title: 'Planned moves',
    heads: ['Day', 'Class', 'Stream', 'Note', 'By', 'Outcome'],
    sql: `select m.on_day, c.name, s.name as stream, m.note, m.by_name, m.state from students_planned_moves m
      join subjects_classes c on c.id = m.class_id left join subjects_streams s on s.id = m.stream_id where m.student_id = $1 order by m.on_day, m.id`,
  },
  {
    title: 'Status history',
    heads: ['Day', 'Became', 'Reason', 'Note', 'By'],
    sql: 'select on_day, to_status, reason, note, by_name from students_status_changes where student_id = $1 order by created_at, id',
  },
  {
    title: 'Consents',
    heads: ['Day', 'Purpose', 'Given', 'Wording', 'Taken by'],
    sql: 'select on_day, purpose, given, wording, by_name from students_consents where student_id = $1 order by created_at, id',
  },
  {
    title: 'House, bed, route, meals',
    heads: ['From', 'Until', 'Kind', 'Which', 'Detail'],
    sql: 'select a.from_on, a.to_on, a.kind, l.name, a.detail from students_assignments a left join school_lists l on l.id = a.item_id where a.student_id = $1 order by a.from_on, a.id',
  },
  {
    title: 'Documents handed in',
    heads: ['Document', 'File', 'Valid until', 'Note', 'Kept by'],
    sql: 'select k.name, d.file_name, d.expires_on, d.note, d.by_name from students_held_documents d join students_document_kinds k on k.id = d.kind_id where d.student_id = $1 and d.replaced_at is null order by k.position, d.id',
  },
  {
    title: 'Alerts',
    heads: ['About', 'Level', 'Reason', 'Until', 'By', 'Reason ended'],
    sql: 'select kind, level, reason, until_on, by_name, end_reason from students_alerts where student_id = $1 order by created_at, id',
  },
  {
    title: 'Concerns',
    heads: ['Day', 'About', 'What happened', 'By'],
    sql: 'select on_day, kind, text, by_name from students_concerns where student_id = $1 order by on_day, created_at, id',
  },
  {
    title: 'Custom fields',
    heads: ['Field', 'Value'],
    sql: 'select f.label, s.custom ->> f.key from students s join students_custom_fields f on s.custom ? f.key where s.id = $1 order by f.position, f.label',
  },
];

/** What the register keeps about a child or a guardian. */
export function studentData(files: FilesApi, school: Pick<SchoolApi, 'pack'>): PersonalData {
  return {
    order: 10,
    nameOf,
    wards,
    contacts: async ({ kind, id }) =>
      kind === 'guardian'
        ? contactsOf(
            await query<Contacts>(
              'students.privacy.contacts',
              'select phone, other_phone, email from students_guardians where id = $1',
              [id],
            ),
          )
        : [],
    sections: async (subject, t) => {
      if (subject.kind === 'student') return childSections(subject.id, t, (await school.pack()).identifiers);
      return subject.kind === 'guardian' ? guardianSections(subject.id, t) : [];
    },
    obstacles: async (subject) =>
      subject.kind === 'student' ? stillHere(subject.id) : subject.kind === 'guardian' ? stillNeeded(subject.id) : [],
    erase: async (subject, pseudonym) => {
      if (subject.kind === 'student') return eraseChild(subject.id, pseudonym, files);
      return subject.kind === 'guardian' ? eraseGuardian(subject.id, pseudonym) : { done: [] };
    },
    keeps: async (subject) =>
      subject.kind === 'student'
        ? ['The admission number, sex, and classes with their dates are kept: the school’s books refer to them.']
        : [],
  };
}

async function nameOf({ kind, id }: Subject): Promise<string | null> {
  if (kind === 'student') {
    const [row] = await query<{ name: string }>(
      'students.privacy.name',
      `select concat_ws(' ', first_name, middle_name, surname) || ', ' || admission_no as name from students where id = $1`,
      [id],
    );
    return row?.name ?? null;
  }
  if (kind !== 'guardian') return null;
  const [row] = await query<{ name: string }>(
    'students.privacy.guardian-name',
    'select full_name as name from students_guardians where id = $1',
    [id],
  );
  return row?.name ?? null;
}

interface Contacts extends Row {
  phone: string | null;
}

const contactsOf = (rows: readonly Contacts[]): string[] =>
  rows.flatMap((row) => Object.values(row)).filter((value): value is string => typeof value === 'string');

/** A guardian whom a court has barred gets nothing of the child. */
export async function wards({ kind, id }: Subject): Promise<Subject[]> {
  if (kind !== 'guardian') return [];
  const rows = await query<{ id: string }>(
    'students.privacy.wards',
    `select t.student_id as id from students_guardianships t join students s on s.id = t.student_id
      where t.guardian_id = $1 and not t.barred and s.put_aside_at is null order by s.sort_name, s.id`,
    [id],
  );
  return rows.map((row) => ({ kind: 'student', id: row.id }));
}

async function childSections(id: string, t: T, numbers: readonly IdentifierType[]): Promise<DataSection[]> {
  const [child] = await query<Row & { photo_file_id: string | null }>(
    'students.privacy.child',
    'select * from students where id = $1',
    [id],
  );
  if (!child) return [];
  const fact = (label: string, column: string) => ({ label: t(label), value: child[column] ?? null });
  const facts = [
    fact('Admission number', 'admission_no'),
    fact('Payment number', 'payment_no'),
    fact('Surname', 'surname'),
    fact('First name', 'first_name'),
    fact('Middle name', 'middle_name'),
    fact('Preferred name', 'preferred_name'),
    { label: t('Sex'), value: t(child.sex === 'F' ? 'Female' : 'Male') },
    fact('Date of birth', 'born_on'),
    fact('Birth certificate number', 'birth_certificate_no'),
    fact('Nationality', 'nationality'),
    fact('Home area', 'home_area'),
    fact('Religion', 'religion'),
    fact('First language', 'first_language'),
    fact('Address', 'address'),
    fact('Previous school', 'previous_school'),
    fact('Special needs', 'special_needs'),
    { label: t('Orphan status'), value: worded(child.orphan_status ?? null, t) },
    { label: t('Day or boarder'), value: t(child.boarding === 'boarder' ? 'Boarder' : 'Day student') },
    { label: t('Status'), value: t(STATUS_WORDS[child.status as Status]) },
    fact('Joined', 'joined_on'),
    fact('Entered into the register', 'created_at'),
  ];
  const files = child.photo_file_id ? [{ id: child.photo_file_id, name: 'photo.jpg' }] : [];
  const tables = await Promise.all(
    PARTS.map(async ({ title, heads, sql }) =>
      tableOf(t, title, heads, await query<Row>(`students.privacy.${title}`, sql, [id])),
    ),
  );
  const papers = await query<Row & { kind: DocumentKind }>(
    'students.privacy.papers',
    'select kind, reference, issued_on, valid_until from students_documents where student_id = $1 order by created_at, id',
    [id],
  );
  const official = await query<Row & { type: string }>(
    'students.privacy.identifiers',
    'select type, value, issued_on from students_identifiers where student_id = $1 order by type',
    [id],
  );
  const labelled = official.map((one) => ({ ...one, type: identifierLabel(numbers, one.type) }));
  const named = papers.map((paper) => ({ ...paper, kind: t(DOCUMENT_WORDS[paper.kind]) }));
  return [
    { title: t('Student'), facts, files },
    tableOf(t, 'Official numbers', ['Kind', 'Number', 'Issued'], labelled),
    ...tables,
    tableOf(t, 'Cards and letters', ['Kind', 'Reference', 'Issued', 'Valid until'], named),
  ].filter((one) => one.facts ?? one.table?.rows.length);
}

async function guardianSections(id: string, t: T): Promise<DataSection[]> {
  const [row] = await query<Row>('students.privacy.guardian', 'select * from students_guardians where id = $1', [id]);
  if (!row) return [];
  const fact = (label: string, column: string) => ({ label: t(label), value: row[column] ?? null });
  const facts = [
    fact('Name', 'full_name'),
    fact('Phone', 'phone'),
    fact('Other phone', 'other_phone'),
    fact('Email', 'email'),
    fact('National identity number', 'national_id'),
    fact('Occupation', 'occupation'),
    fact('Address', 'address'),
    fact('Language', 'language'),
    fact('Entered into the register', 'created_at'),
  ];
  const children = await query<Row>(
    'students.privacy.children',
    `select concat_ws(' ', s.first_name, s.surname), t.relationship, t.gets_sms, t.gets_reports, t.may_collect from students_guardianships t
      join students s on s.id = t.student_id where t.guardian_id = $1 and not t.barred order by s.sort_name, s.id`,
    [id],
  );
  const given = await query<Row>(
    'students.privacy.given',
    `select c.on_day, concat_ws(' ', s.first_name, s.surname), c.purpose, c.given, c.wording from students_consents c join students s on s.id = c.student_id where c.guardian_id = $1 order by c.created_at, c.id`,
    [id],
  );
  return [
    { title: t('Guardian'), facts },
    tableOf(t, 'Children', ['Name', 'Relationship', 'Gets messages', 'Gets reports', 'May collect'], children),
    tableOf(t, 'Consents', ['Day', 'Student', 'Purpose', 'Given', 'Wording'], given),
  ].filter((one) => one.facts ?? one.table?.rows.length);
}

function tableOf(t: T, title: string, heads: string[], rows: Row[]): DataSection {
  return {
    title: t(title),
    table: {
      heads: heads.map((head) => t(head)),
      rows: rows.map((row) =>
        Object.entries(row).map(([column, value]) =>
          column === 'to_status' ? t(STATUS_WORDS[value as Status]) : worded(value, t),
        ),
      ),
    },
  };
}

async function stillHere(id: string): Promise<string[]> {
  const [row] = await query<{ status: string }>('students.privacy.status', 'select status from students where id = $1', [id]);
  return row && HERE.includes(row.status)
    ? ['This student is still at the school. Withdraw, transfer or graduate the student first.']
    : [];
}

async function stillNeeded(id: string): Promise<string[]> {
  const rows = await query('students.privacy.needed', 'select 1 from students_guardianships where guardian_id = $1 limit 1', [
    id,
  ]);
  return rows.length > 0 ? ['This guardian still has a child in the register.'] : [];
}

async function eraseChild(id: string, pseudonym: string, files: FilesApi): Promise<Erased> {
  const [before] = await query<{ photo: string | null; number: string }>(
    'students.privacy.photo',
    'select photo_file_id as photo, admission_no as number from students where id = $1 for update',
    [id],
  );
  if (!before) return { done: [] };
  if (before.photo) await files.remove(before.photo);
  const guardians = await query<{ id: string }>(
    'students.privacy.untie',
    'delete from students_guardianships where student_id = $1 returning guardian_id as id',
    [id],
  );
  const papers = await query<{ file_id: string }>(
    'students.privacy.held',
    'delete from students_held_documents where student_id = $1 returning file_id',
    [id],
  );
  for (const paper of papers) await files.remove(paper.file_id);
  for (const table of [
    'students_alerts',
    'students_concerns',
    'students_identifiers',
    'students_consents',
    'students_assignments',
  ])
    await query(`students.privacy.clear.${table}`, `delete from ${table} where student_id = $1`, [id]);
  await changed(OPEN_ALERTS);
  await query('students.privacy.notes', 'update students_status_changes set note = null, by_name = null where student_id = $1', [
    id,
  ]);
  await query('students.privacy.enrolments', 'update students_enrolments set note = null where student_id = $1', [id]);
  await query(
    'students.privacy.planned-moves',
    'update students_planned_moves set note = null, by_name = null where student_id = $1',
    [id],
  );
  await query('students.privacy.papers-erased', "update students_documents set facts = '{}' where student_id = $1", [id]);
  await query(
    'students.privacy.erase',
    `update students set surname = $2, first_name = $3, middle_name = null, preferred_name = null, sort_name = $4, surname_sound = '', first_name_sound = '', born_on = null,
      birth_certificate_no = null, nationality = null, home_area = null, religion = null, first_language = null, address = null, previous_school = null, special_needs = null,
      orphan_status = null, photo_file_id = null, custom = '{}', erased_at = coalesce(erased_at, now()), version = version + 1, updated_at = now() where id = $1`,
    [id, 'Erased', pseudonym, fold(`Erased ${pseudonym}`)],
  );
  await refreshTerms([id]);
  await changed(REGISTER);
  const alone = await query<{ id: string }>(
    'students.privacy.alone',
    'select g.id from students_guardians g where g.id = any($1::uuid[]) and not exists (select 1 from students_guardianships t where t.guardian_id = g.id)',
    [guardians.map((one) => one.id)],
  );
  return {
    done: ['Name, date of birth, numbers, documents, photo, notes and guardians of the student'],
    also: alone.map((one) => ({ kind: 'guardian', id: one.id })),
  };
}

async function eraseGuardian(id: string, pseudonym: string): Promise<Erased> {
  const name = `Erased ${pseudonym}`;
  await query('students.privacy.links', 'delete from students_update_links where guardian_id = $1', [id]);
  const rows = await query(
    'students.privacy.erase-guardian',
    `update students_guardians set full_name = $2, name_folded = $3, surname_folded = $3, phone = null, other_phone = null, email = null, national_id = null, occupation = null,
      address = null, language = null, version = version + 1, updated_at = now() where id = $1 returning id`,
    [id, name, fold(name)],
  );
  await changed(REGISTER);
  return { done: rows.length > 0 ? ['Name, phone numbers, address and ID numbers of a guardian with no other child here'] : [] };
}

export const formerStudents: RetentionClass = {
  key: 'students.former',
  label: 'Students who have left',
  explain:
    'Everything that identifies the student is removed; the admission number, classes and dates are kept for the school’s books. Guardians with no other child here are removed too.',
  months: 120,
  least: 12,
  on: false,
  count: async (before) =>
    (
      await query<{ n: number }>('students.privacy.count', `select count(*)::int as n from students where ${DUE}`, [LEFT, before])
    )[0]!.n,
  people: async (before, atMost) =>
    (
      await query<{ id: string }>(
        'students.privacy.due',
        `select id from students where ${DUE} order by status_on, id limit $3`,
        [LEFT, before, atMost],
      )
    ).map(({ id }) => ({ kind: 'student', id })),
};

export const neverEnrolled: RetentionClass = {
  key: 'students.never-enrolled',
  label: 'Applicants who never joined',
  explain: 'Records of applicants and expected students with no activity since.',
  months: 24,
  least: 6,
  on: false,
  count: async (before) =>
    (
      await query<{ n: number }>('students.privacy.count-applicants', `select count(*)::int as n from students where ${DUE}`, [
        ['applicant', 'expected'],
        before,
      ])
    )[0]!.n,
  people: async (before, atMost) =>
    (
      await query<{ id: string }>(
        'students.privacy.due-applicants',
        `select id from students where ${DUE} order by status_on, id limit $3`,
        [['applicant', 'expected'], before, atMost],
      )
    ).map(({ id }) => ({ kind: 'student', id })),
};
