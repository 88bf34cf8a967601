import { createHash, randomBytes } from 'node:crypto';
import { documentCode } from '../../kernel/codes.js';
import { STAFF_ROLES, type Module } from '../../platform/module.js';
import { AUDIT } from '../../platform/http/ports.js';
import { CONFIG } from '../../platform/settings.js';
import { signInSlipsDrawing } from '../../platform/pdf/sign-in-slips.pdf.js';
import { CLOCK, PUBLISH, token, UNIT } from '../../platform/tokens.js';
import { AUDIT_API } from '../audit/index.js';
import { FILES } from '../files/index.js';
import { IDENTITY } from '../identity/index.js';
import { GAP_SOURCES, IMPORT_KINDS, IMPORTS } from '../imports/index.js';
import { FAMILY_MESSAGES } from '../notifications/index.js';
import { SCHOOL, SCHOOL_CALENDAR, SCHOOL_LISTS } from '../school/index.js';
import { CURRICULUM_TURN, STREAM_LEARNERS, SUBJECTS } from '../subjects/index.js';
import { ACTS } from './acts.js';
import { photoMaker } from './photos/adapters/photo-maker.js';
import { PostgresAlertStore } from './alerts/adapters/alert.store.js';
import { PostgresBulkStore } from './bulk/adapters/bulk.store.js';
import { fullRows } from './exports/adapters/full-rows.js';
import { formerClassImport } from './former-classes/adapters/kind.js';
import { guardianImport } from './importing/adapters/guardians.js';
import { studentImport } from './importing/adapters/kind.js';
import { IMPORT_PHOTOS, photoImport, WAITING } from './photos/adapters/kind.js';
import { PostgresCustomFieldStore } from './custom-fields/adapters/custom-field.store.js';
import { PostgresDraftStore } from './register/adapters/draft.store.js';
import { PostgresDuplicateStore } from './duplicates/adapters/duplicate.store.js';
import { PostgresEnrolmentStore } from './enrolments/adapters/enrolment.store.js';
import { PostgresGuardianStore } from './guardians/adapters/guardian.store.js';
import { PostgresHeldDocumentStore } from './held-documents/adapters/held-document.store.js';
import { PostgresHolderStore } from './register/adapters/holder.store.js';
import { PostgresLetterStore } from './letters/adapters/letter.store.js';
import { PostgresOverviewStore } from './overview/adapters/overview.store.js';
import { PostgresPlannedMoveStore } from './enrolments/adapters/planned-move.store.js';
import { PostgresPrintStore } from './prints/adapters/print.store.js';
import { PostgresRolloverStore } from './rollovers/adapters/rollover.store.js';
import { PostgresStudentStore } from './register/adapters/student.store.js';
import { PostgresUpdateStore } from './updates/adapters/update.store.js';
import { formerStudents, neverEnrolled, studentData, wards } from './register/adapters/privacy.js';
import { alertRoutes } from './alerts/adapters/alerts.routes.js';
import { bulkRoutes, type BulkPages } from './bulk/adapters/bulk.routes.js';
import { customFieldRoutes } from './custom-fields/adapters/custom-fields.routes.js';
import { studentCard } from './overview/adapters/dashboard.js';
import { studentGaps } from './overview/adapters/gaps.js';
import { draftRoutes } from './register/adapters/drafts.routes.js';
import { duplicateRoutes } from './duplicates/adapters/duplicates.routes.js';
import { guardianAccountRoutes, type AccountPages } from './guardians/adapters/guardian-accounts.routes.js';
import { photoRoutes, type PhotoPages } from './photos/adapters/photo.routes.js';
import { rolloverRoutes, type RolloverPages } from './rollovers/adapters/rollovers.routes.js';
import { studentSheets } from './exports/adapters/whole-export.js';
import { rankTerms } from './search/adapters/terms.js';
import { studentSearch } from './search/adapters/search.js';
import { exportRoutes } from './exports/adapters/export.routes.js';
import { clearanceSlipRoutes } from './letters/adapters/clearance-slip.routes.js';
import { printRoutes, type PrintPages } from './prints/adapters/prints.routes.js';
import { guardianRoutes, type GuardianPages } from './guardians/adapters/guardians.routes.js';
import { familyUpdateRoutes } from './updates/adapters/family-update.routes.js';
import { updateRoutes } from './updates/adapters/updates.routes.js';
import { heldDocumentRoutes } from './held-documents/adapters/held-documents.routes.js';
import { letterRoutes } from './letters/adapters/letters.routes.js';
import { lifeCycleRoutes, type LifeCyclePages } from './enrolments/adapters/life-cycle.routes.js';
import { studentApi } from './register/adapters/students.api.js';
import { studentRoutes } from './register/adapters/students.routes.js';
import { offers } from './offers.js';
import { Alerts } from './alerts/alerts.js';
import { Assignments } from './bulk/assignments.js';
import { BulkChanges } from './bulk/bulk.js';
import { Consents } from './guardians/consents.js';
import { CustomFields } from './custom-fields/custom-fields.js';
import { Drafts } from './register/drafts.js';
import { Duplicates } from './duplicates/duplicates.js';
import { Enrolments } from './enrolments/enrolments.js';
import { GuardianAccounts } from './guardians/guardian-accounts.js';
import { Guardians } from './guardians/guardians.js';
import { HeldDocuments } from './held-documents/held-documents.js';
import { StudentsDoor } from './register/door.js';
import { ISSUES_LETTERS, StudentLetters } from './letters/letters.js';
import { Photos } from './photos/photos.js';
import { PlannedMoves } from './enrolments/planned-moves.js';
import { Prints } from './prints/prints.js';
import { Reads } from './register/reads.js';
import { Register } from './register/register.js';
import { Rollovers } from './rollovers/rollovers.js';
import { UpdateLinks } from './updates/update-links.js';
import { UpdateRequests } from './updates/update-requests.js';
import { StudentScope } from './register/scope.js';
import { noTies } from './register/ties.js';
import { SEES, SEES_FOR_MEALS, SEES_URGENT } from './register/sensitive.rules.js';
import { STUDENTS } from './index.js';
import {
  ALERT_STORE,
  BULK_STORE,
  CLEARANCE_LINES,
  CUSTOM_FIELD_STORE,
  DRAFT_STORE,
  DUPLICATE_STORE,
  ENROLMENT_STORE,
  GUARDIAN_STORE,
  HELD_DOCUMENT_STORE,
  HOLDER_STORE,
  LETTER_STORE,
  OVERVIEW_STORE,
  PLANNED_MOVE_STORE,
  PRINT_STORE,
  ROLLOVER_STORE,
  STUDENT_PANELS,
  STUDENT_PICTURES,
  STUDENT_STORE,
  STUDENT_TIES,
  UPDATE_STORE,
  YEAR_BILLS,
  type ClearanceLine,
  type StudentPanel,
  type StudentTies,
  type YearBills,
} from './ports.js';

const PAGES = token<
  AccountPages & BulkPages & GuardianPages & LifeCyclePages & PhotoPages & PrintPages & Omit<RolloverPages, 'yearBills'>
>('StudentPages');

const linkSecrets = {
  newToken: () => documentCode(randomBytes(32)),
  hash: (token: string) => createHash('sha256').update(token).digest('base64url'),
};

const ALL_TIES = token<StudentTies[]>('AllStudentTies');
/** Asked when pages are declared: the modules that bring them are bound later. */
const ALL_PANELS = token<StudentPanel[]>('AllStudentPanels');
const ALL_CLEARANCE_LINES = token<ClearanceLine[]>('AllClearanceLines');
const ALL_YEAR_BILLS = token<YearBills[]>('AllYearBills');

const OFFICE = ['owner', 'administrator', 'head', 'registrar'] as const;
const SEES_ALL = STAFF_ROLES.filter((role) => role !== 'class-teacher' && role !== 'teacher');

export const students: Module = {
  name: 'students',
  acts: ACTS,
  permissions: [
    { key: 'students.read', label: 'See students', group: 'Students', roles: STAFF_ROLES },
    {
      key: 'students.see-all',
      label: 'See all students, not only those in their own classes',
      group: 'Students',
      roles: SEES_ALL,
    },
    {
      key: SEES.contacts,
      label: 'See guardians, phone numbers and addresses',
      group: 'Students',
      roles: [...OFFICE, 'bursar', 'class-teacher', 'nurse'],
    },
    { key: SEES.identity, label: 'See birth certificate and other identity numbers', group: 'Students', roles: OFFICE },
    {
      key: SEES.health,
      label: 'See all special needs and allergies',
      group: 'Students',
      roles: [...OFFICE, 'nurse'],
      guarded: 'health',
    },
    // What somebody must know who stands in front of the child, or of the pot; a register that signs its teacher out sooner for it would be left open.
    {
      key: SEES_URGENT,
      label: 'See health conditions that may become an emergency',
      group: 'Students',
      roles: [...OFFICE, 'nurse', 'class-teacher', 'teacher'],
    },
    {
      key: SEES_FOR_MEALS,
      label: 'See food allergies and restrictions',
      group: 'Students',
      roles: [...OFFICE, 'nurse', 'caterer'],
    },
    { key: SEES.faith, label: 'See religion, origin and orphan status', group: 'Students', roles: OFFICE },
    { key: 'students.admit', label: 'Admit students', group: 'Students', roles: OFFICE },
    { key: 'students.change', label: 'Change students’ details', group: 'Students', roles: OFFICE },
    { key: 'students.change-guardians', label: 'Change guardians', group: 'Students', roles: OFFICE },
    { key: 'students.change-status', label: 'Suspend, withdraw, transfer and graduate', group: 'Students', roles: OFFICE },
    { key: 'students.move', label: 'Move students between classes', group: 'Students', roles: OFFICE },
    { key: 'students.put-aside', label: 'Archive students added by mistake', group: 'Students', roles: OFFICE },
    { key: 'students.merge', label: 'Merge two records of one student', group: 'Students', roles: OFFICE },
    { key: 'students.roll-over', label: 'Move the school to a new year', group: 'Students', roles: OFFICE },
    {
      key: 'students.custom-fields',
      label: 'Change custom fields for students',
      group: 'Students',
      roles: ['owner', 'administrator', 'head'],
    },
    {
      key: 'students.alerts.read',
      label: 'See alerts and concerns about behaviour and learning',
      group: 'Students',
      roles: [...OFFICE, 'class-teacher', 'teacher', 'nurse'],
    },
    {
      key: 'students.alerts.health',
      label: 'See medical alerts',
      group: 'Students',
      roles: [...OFFICE, 'nurse'],
      guarded: 'health',
    },
    { key: 'students.alerts.change', label: 'Raise and end alerts', group: 'Students', roles: [...OFFICE, 'nurse'] },
    {
      key: 'students.concerns',
      label: 'Record concerns',
      group: 'Students',
      roles: [...OFFICE, 'class-teacher', 'teacher', 'nurse'],
    },
    {
      key: 'students.alerts.limits',
      label: 'Change how many concerns raise an alert',
      group: 'Students',
      roles: ['owner', 'administrator', 'head'],
    },
    { key: 'students.updates', label: 'Ask families for changes and accept them', group: 'Students', roles: OFFICE },
    {
      key: 'students.documents.read',
      label: 'See and open documents families have handed in',
      group: 'Students',
      roles: [...OFFICE, 'nurse'],
      guarded: 'personal files',
    },
    { key: 'students.documents.change', label: 'Keep and remove documents', group: 'Students', roles: OFFICE },
    {
      key: 'students.document-kinds',
      label: 'Change required documents',
      group: 'Students',
      roles: ['owner', 'administrator', 'head', 'registrar'],
    },
    { key: 'students.import', label: 'Import students', group: 'Students', roles: OFFICE },
    { key: IMPORT_PHOTOS, label: 'Import photos of students', group: 'Students', roles: OFFICE },
    {
      key: 'students.export',
      label: 'Export students',
      group: 'Students',
      roles: [...OFFICE, 'bursar', 'auditor'],
      guarded: 'exports',
    },
    { key: ISSUES_LETTERS, label: 'Issue transfer letters and leaving certificates', group: 'Students', roles: OFFICE },
    {
      key: 'students.print',
      label: 'Print cards, lists and profiles',
      group: 'Students',
      roles: [...OFFICE, 'class-teacher', 'teacher', 'nurse'],
    },
  ],
  menu: [{ group: 'People', label: 'Students', href: '/students', icon: 'people', can: 'students.read', order: 10 }],

  offers,
  bind(c) {
    c.bind(STUDENT_STORE).toResolvedValue(() => new PostgresStudentStore());
    c.bind(GUARDIAN_STORE).toResolvedValue(() => new PostgresGuardianStore());
    c.bind(HOLDER_STORE).toResolvedValue(() => new PostgresHolderStore());
    c.bind(CUSTOM_FIELD_STORE).toResolvedValue(() => new PostgresCustomFieldStore());
    c.bind(CustomFields).toResolvedValue((...parts) => new CustomFields(...parts), [UNIT, AUDIT, CUSTOM_FIELD_STORE]);
    c.bind(DRAFT_STORE).toResolvedValue(() => new PostgresDraftStore());
    c.bind(Drafts).toResolvedValue((...parts) => new Drafts(...parts), [DRAFT_STORE]);
    c.bind(PLANNED_MOVE_STORE).toResolvedValue(() => new PostgresPlannedMoveStore());
    c.bind(ENROLMENT_STORE).toResolvedValue(() => new PostgresEnrolmentStore());
    c.bind(DUPLICATE_STORE).toResolvedValue(() => new PostgresDuplicateStore());
    c.bind(PRINT_STORE).toResolvedValue(() => new PostgresPrintStore());
    c.bind(OVERVIEW_STORE).toResolvedValue(() => new PostgresOverviewStore());
    c.bind(BULK_STORE).toResolvedValue(() => new PostgresBulkStore());
    c.bind(ROLLOVER_STORE).toResolvedValue(() => new PostgresRolloverStore());
    c.bind(STUDENT_PICTURES).toConstantValue(photoMaker);
    c.bind(STUDENT_TIES).toConstantValue(noTies);
    c.bind(ALL_TIES).toDynamicValue((context) => context.getAll(STUDENT_TIES));
    c.bind(ALL_PANELS).toDynamicValue((context) => context.getAll(STUDENT_PANELS));
    c.bind(ALL_CLEARANCE_LINES).toDynamicValue((context) => context.getAll(CLEARANCE_LINES));
    c.bind(ALL_YEAR_BILLS).toDynamicValue((context) => context.getAll(YEAR_BILLS, { optional: true }));
    c.bind(IMPORT_KINDS).toResolvedValue(
      (school, subjects, store, customFields, identity, ties, publish, lists, fields, calendar, rollovers) =>
        studentImport({
          school,
          subjects,
          students: store,
          customFields,
          identity,
          ties,
          publish,
          lists,
          fields,
          calendar,
          rollovers,
        }),
      [
        SCHOOL,
        SUBJECTS,
        STUDENT_STORE,
        CUSTOM_FIELD_STORE,
        IDENTITY,
        ALL_TIES,
        PUBLISH,
        SCHOOL_LISTS,
        CustomFields,
        SCHOOL_CALENDAR,
        ROLLOVER_STORE,
      ],
    );
    c.bind(IMPORT_KINDS).toResolvedValue(
      (school, subjects, store, customFields, identity, ties, publish, lists, fields, calendar, rollovers) =>
        guardianImport({
          school,
          subjects,
          students: store,
          customFields,
          identity,
          ties,
          publish,
          lists,
          fields,
          calendar,
          rollovers,
        }),
      [
        SCHOOL,
        SUBJECTS,
        STUDENT_STORE,
        CUSTOM_FIELD_STORE,
        IDENTITY,
        ALL_TIES,
        PUBLISH,
        SCHOOL_LISTS,
        CustomFields,
        SCHOOL_CALENDAR,
        ROLLOVER_STORE,
      ],
    );
    c.bind(IMPORT_KINDS).toResolvedValue(
      (school, subjects, calendar, lists, fields) => formerClassImport({ school, subjects, calendar, lists, fields }),
      [SCHOOL, SUBJECTS, SCHOOL_CALENDAR, SCHOOL_LISTS, CustomFields],
    );
    c.bind(IMPORT_KINDS).toResolvedValue((files, store) => photoImport({ files, students: store }), [FILES, STUDENT_STORE]);
    c.bind(GAP_SOURCES).toResolvedValue((overview) => studentGaps(overview), [OVERVIEW_STORE]);
    c.bind(Guardians).toResolvedValue((...parts) => new Guardians(...parts), [UNIT, AUDIT, GUARDIAN_STORE, STUDENT_STORE]);
    c.bind(Enrolments).toResolvedValue(
      (...parts) => new Enrolments(...parts),
      [
        UNIT,
        PUBLISH,
        AUDIT,
        ENROLMENT_STORE,
        STUDENT_STORE,
        SCHOOL,
        SUBJECTS,
        PLANNED_MOVE_STORE,
        SCHOOL_CALENDAR,
        ROLLOVER_STORE,
      ],
    );
    c.bind(PlannedMoves).toResolvedValue(
      (...parts) => new PlannedMoves(...parts),
      [UNIT, AUDIT, PLANNED_MOVE_STORE, STUDENT_STORE, Enrolments],
    );
    c.bind(Register).toResolvedValue(
      (...parts) => new Register(...parts),
      [
        UNIT,
        PUBLISH,
        AUDIT,
        CLOCK,
        STUDENT_STORE,
        GUARDIAN_STORE,
        Guardians,
        Enrolments,
        SCHOOL,
        ALL_TIES,
        GuardianAccounts,
        CustomFields,
      ],
    );
    c.bind(Duplicates).toResolvedValue(
      (...parts) => new Duplicates(...parts),
      [UNIT, PUBLISH, AUDIT, CLOCK, STUDENT_STORE, DUPLICATE_STORE, Register, SCHOOL, ALL_TIES],
    );
    c.bind(Assignments).toResolvedValue((...parts) => new Assignments(...parts), [UNIT, PUBLISH, AUDIT, STUDENT_STORE, SCHOOL]);
    c.bind(Consents).toResolvedValue((...parts) => new Consents(...parts), [UNIT, AUDIT, STUDENT_STORE]);
    c.bind(StudentScope).toResolvedValue(
      (subjects, school) => new StudentScope(subjects, () => school.today()),
      [SUBJECTS, SCHOOL],
    );
    c.bind(Photos).toResolvedValue(
      (...parts) => new Photos(...parts, wards),
      [UNIT, STUDENT_STORE, Register, STUDENT_PICTURES, FILES, StudentScope],
    );
    c.bind(HELD_DOCUMENT_STORE).toResolvedValue(() => new PostgresHeldDocumentStore());
    c.bind(HeldDocuments).toResolvedValue(
      (...parts) => new HeldDocuments(...parts),
      [UNIT, AUDIT, CLOCK, HELD_DOCUMENT_STORE, STUDENT_STORE, FILES, StudentScope],
    );
    c.bind(UPDATE_STORE).toResolvedValue(() => new PostgresUpdateStore());
    c.bind(UpdateLinks).toResolvedValue(
      (unit, audit, clock, store, guardians, students, fields, consents, school, messages, config) =>
        new UpdateLinks(
          unit,
          audit,
          clock,
          store,
          guardians,
          students,
          fields,
          consents,
          school,
          messages,
          linkSecrets,
          config.publicUrl,
        ),
      [
        UNIT,
        AUDIT,
        CLOCK,
        UPDATE_STORE,
        GUARDIAN_STORE,
        STUDENT_STORE,
        CUSTOM_FIELD_STORE,
        Consents,
        SCHOOL,
        FAMILY_MESSAGES,
        CONFIG,
      ],
    );
    c.bind(UpdateRequests).toResolvedValue(
      (...parts) => new UpdateRequests(...parts),
      [UNIT, AUDIT, CLOCK, UPDATE_STORE, STUDENT_STORE, GUARDIAN_STORE, Register, Guardians],
    );
    c.bind(Reads).toResolvedValue((audit, school) => new Reads(audit, () => school.today()), [AUDIT, SCHOOL]);
    c.bind(ALERT_STORE).toResolvedValue(() => new PostgresAlertStore());
    c.bind(Alerts).toResolvedValue((...parts) => new Alerts(...parts), [UNIT, AUDIT, CLOCK, ALERT_STORE, STUDENT_STORE, SCHOOL]);
    c.bind(BulkChanges).toResolvedValue(
      (...parts) => new BulkChanges(...parts),
      [UNIT, BULK_STORE, STUDENT_STORE, Register, Enrolments, Assignments],
    );
    c.bind(GuardianAccounts).toResolvedValue((...parts) => new GuardianAccounts(...parts), [AUDIT, GUARDIAN_STORE, IDENTITY]);
    c.bind(Rollovers).toResolvedValue(
      (...parts) => new Rollovers(...parts),
      [UNIT, PUBLISH, AUDIT, ROLLOVER_STORE, SCHOOL, SUBJECTS, CURRICULUM_TURN, ALL_TIES, SCHOOL_CALENDAR],
    );
    c.bind(STUDENTS).toResolvedValue(
      (store, guardians, alerts, scope, holders, school, subjects) =>
        new StudentsDoor(store, guardians, alerts, scope, holders, (of) => fullRows(of, school, subjects)),
      [STUDENT_STORE, GUARDIAN_STORE, Alerts, StudentScope, HOLDER_STORE, SCHOOL, SUBJECTS],
    );
    c.bind(STREAM_LEARNERS).toResolvedValue((door) => door, [STUDENTS]);
    c.bind(Prints).toResolvedValue(
      (...parts) => new Prints(...parts, () => documentCode(randomBytes(32))),
      [UNIT, AUDIT, PRINT_STORE, SCHOOL, SUBJECTS, FILES],
    );
    c.bind(LETTER_STORE).toResolvedValue(() => new PostgresLetterStore());
    c.bind(StudentLetters).toResolvedValue(
      (...parts) => new StudentLetters(...parts, () => documentCode(randomBytes(32))),
      [UNIT, AUDIT, LETTER_STORE, SCHOOL, StudentScope],
    );
    c.bind(PAGES).toResolvedValue(
      (
        register,
        duplicates,
        store,
        guardianStore,
        guardians,
        scope,
        school,
        subjects,
        audit,
        enrolments,
        assignments,
        consents,
        prints,
        photos,
        rollovers,
        rolloverStore,
        bulk,
        guardianAccounts,
        config,
        imports,
        customFields,
        alerts,
        reads,
        plannedMoves,
      ) => ({
        register,
        duplicates,
        students: store,
        guardianStore,
        guardians,
        scope,
        school,
        subjects,
        audit,
        enrolments,
        assignments,
        consents,
        prints,
        photos,
        rollovers,
        rolloverStore,
        bulk,
        guardianAccounts,
        slipDrawing: signInSlipsDrawing,
        publicUrl: config.publicUrl,
        imports,
        customFields,
        alerts,
        reads,
        plannedMoves,
      }),
      [
        Register,
        Duplicates,
        STUDENT_STORE,
        GUARDIAN_STORE,
        Guardians,
        StudentScope,
        SCHOOL,
        SUBJECTS,
        AUDIT_API,
        Enrolments,
        Assignments,
        Consents,
        Prints,
        Photos,
        Rollovers,
        ROLLOVER_STORE,
        BulkChanges,
        GuardianAccounts,
        CONFIG,
        IMPORTS,
        CustomFields,
        Alerts,
        Reads,
        PlannedMoves,
      ],
    );
  },

  routes(r, get) {
    const pages = get(PAGES);
    get(FILES).register({ purpose: WAITING, can: IMPORT_PHOTOS });
    guardianAccountRoutes(r, pages);
    guardianRoutes(r, pages);
    letterRoutes(r, { ...pages, letters: get(StudentLetters), clearanceLines: get(ALL_CLEARANCE_LINES) });
    printRoutes(r, pages);
    clearanceSlipRoutes(r, { ...pages, clearanceLines: get(ALL_CLEARANCE_LINES) });
    customFieldRoutes(r, get(CustomFields));
    alertRoutes(r, { ...pages, alerts: get(Alerts), alertStore: get(ALERT_STORE) });
    familyUpdateRoutes(r, get(UpdateLinks));
    updateRoutes(r, {
      ...pages,
      updateLinks: get(UpdateLinks),
      updateRequests: get(UpdateRequests),
      updateStore: get(UPDATE_STORE),
    });
    heldDocumentRoutes(r, { ...pages, heldDocuments: get(HeldDocuments), documentStore: get(HELD_DOCUMENT_STORE) });
    exportRoutes(r, { customFields: get(CustomFields), scope: get(StudentScope), school: get(SCHOOL), subjects: get(SUBJECTS) });
    bulkRoutes(r, pages);
    duplicateRoutes(r, pages);
    rolloverRoutes(r, { ...pages, yearBills: get(ALL_YEAR_BILLS) });
    photoRoutes(r, pages);
    draftRoutes(r, get(Drafts));
    studentRoutes(r, { ...pages, calendar: get(SCHOOL_CALENDAR), drafts: get(Drafts), panels: get(ALL_PANELS) });
    lifeCycleRoutes(r, pages);
    studentApi(r, { ...pages, ledger: get(ENROLMENT_STORE) });
  },

  work: (get) => ({
    jobs: {
      'students.sweep-drafts': async () => void (await get(Drafts).sweep()),
      'students.planned-moves': async () => get(PlannedMoves).carryOut(await get(SCHOOL).today()),
    },
    // Once an hour, so that a school that sleeps at night is not left out.
    cron: { 'students.sweep-drafts': '25 * * * *', 'students.planned-moves': '1 * * * *' },
    atDay: (today) => get(PlannedMoves).carryOut(today),
    personalData: [studentData(get(FILES), get(SCHOOL))],
    retention: [formerStudents, neverEnrolled],
    wholeExport: studentSheets(get),
    dashboard: [studentCard(get(OVERVIEW_STORE), get(SCHOOL), get(SUBJECTS))],
    atOpening: () => rankTerms(get(STUDENT_STORE), get(UNIT)),
    search: studentSearch(get(STUDENT_STORE), get(StudentScope), get(SUBJECTS), get(SCHOOL)),
  }),
};
