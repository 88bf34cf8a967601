import { systemActor } from '../../kernel/actor.js';
import { on, STAFF_ROLES, type Module } from '../../platform/module.js';
import { AUDIT } from '../../platform/http/ports.js';
import { token, UNIT } from '../../platform/tokens.js';
import { HR, StaffLeft } from '../hr/index.js';
import { GAP_SOURCES, IMPORT_KINDS } from '../imports/index.js';
import { CLASS_SEEDER, SCHOOL } from '../school/index.js';
import { ACTS } from './acts.js';
import { allocationImport } from './allocations/adapters/allocations.import.js';
import { classImport } from './classes/adapters/classes.import.js';
import { subjectImport } from './subjects/adapters/subjects.import.js';
import { PostgresAllocationStore } from './allocations/adapters/allocation.store.js';
import { choices } from './allocations/adapters/choices.store.js';
import { PostgresClassStore } from './classes/adapters/class.store.js';
import { PostgresSubjectStore } from './subjects/adapters/subject.store.js';
import { allocationRoutes } from './allocations/adapters/allocations.routes.js';
import { classesCard, ownClassesCard } from './allocations/adapters/card.js';
import { teachingGaps } from './classes/adapters/gaps.js';
import { classRoutes } from './classes/adapters/classes.routes.js';
import type { SubjectPages } from './adapters/pages.js';
import { pathwayRoutes } from './pathways/adapters/pathways.routes.js';
import { subjectSearch } from './adapters/search.js';
import { streamRoutes } from './classes/adapters/streams.routes.js';
import { subjectsApi } from './subjects/adapters/subjects.api.js';
import { oneSubjectRoutes, subjectRoutes } from './subjects/adapters/subjects.routes.js';
import { classSheet } from './adapters/whole-export.js';
import { offers } from './adapters/offers.js';
import { Allocations } from './allocations/allocations.js';
import { Classes } from './classes/classes.js';
import { CurriculumTurns } from './curriculum-turns/curriculum-turns.js';
import { SubjectsDoor } from './door.js';
import { Pathways } from './pathways/pathways.js';
import { Subjects } from './subjects/subjects.js';
import { Takers } from './allocations/takers.js';
import { CURRICULUM_TURN, SUBJECT_CHOICES, SUBJECTS } from './index.js';
import { ALLOCATION_STORE, CLASS_STORE, STREAM_LEARNERS, SUBJECT_STORE, type StreamLearners } from './ports.js';

const PAGES = token<SubjectPages>('SubjectPages');
const LEARNERS = token<StreamLearners>('LearnersOfStreams');

const OFFICE = ['owner', 'administrator', 'head', 'registrar'] as const;

/** Until a module that keeps learners answers. */
const nobody: StreamLearners = { inStream: async () => [] };

export const subjects: Module = {
  name: 'subjects',
  acts: ACTS,
  permissions: [
    { key: 'subjects.read', label: 'See classes and subjects', group: 'Classes and subjects', roles: STAFF_ROLES },
    { key: 'subjects.change', label: 'Change classes, streams and subjects', group: 'Classes and subjects', roles: OFFICE },
    {
      key: 'subjects.allocate',
      label: 'Allocate teachers to subjects, and students to sets',
      group: 'Classes and subjects',
      roles: OFFICE,
    },
  ],
  menu: [
    {
      group: 'Teaching',
      label: 'Classes',
      href: '/subjects/classes',
      under: '/subjects',
      icon: 'book',
      can: 'subjects.read',
      order: 10,
    },
  ],

  offers,
  bind(c) {
    c.bind(CLASS_STORE).toResolvedValue(() => new PostgresClassStore());
    c.bind(SUBJECT_STORE).toResolvedValue(() => new PostgresSubjectStore());
    c.bind(ALLOCATION_STORE).toResolvedValue(() => new PostgresAllocationStore());
    c.bind(LEARNERS).toDynamicValue((context) => context.get(STREAM_LEARNERS, { optional: true }) ?? nobody);
    c.bind(SUBJECTS).toResolvedValue(
      (...parts) => new SubjectsDoor(...parts),
      [UNIT, AUDIT, CLASS_STORE, SUBJECT_STORE, ALLOCATION_STORE, SCHOOL],
    );
    c.bind(CURRICULUM_TURN).toResolvedValue(
      (...parts) => new CurriculumTurns(...parts),
      [UNIT, AUDIT, CLASS_STORE, SUBJECT_STORE, SCHOOL, Allocations],
    );
    c.bind(GAP_SOURCES).toResolvedValue(
      (classes, subjects, allocations, school) => teachingGaps({ classes, subjects, allocations }, school),
      [CLASS_STORE, SUBJECT_STORE, ALLOCATION_STORE, SCHOOL],
    );
    c.bind(SUBJECT_CHOICES).toConstantValue(choices);
    c.bind(IMPORT_KINDS).toResolvedValue(
      (school, hr, classes, subjects) => classImport({ school, hr, classes, subjects }),
      [SCHOOL, HR, CLASS_STORE, SUBJECT_STORE],
    );
    c.bind(IMPORT_KINDS).toResolvedValue(
      (classes, subjects) => subjectImport({ classes, subjects }),
      [CLASS_STORE, SUBJECT_STORE],
    );
    c.bind(IMPORT_KINDS).toResolvedValue(
      (school, hr, classes, subjects, allocations) => allocationImport({ school, hr, classes, subjects, allocations }),
      [SCHOOL, HR, CLASS_STORE, SUBJECT_STORE, ALLOCATION_STORE],
    );
    c.bind(CLASS_SEEDER).toResolvedValue((door) => door, [SUBJECTS]);
    c.bind(Classes).toResolvedValue(
      (...parts) => new Classes(...parts),
      [UNIT, AUDIT, CLASS_STORE, ALLOCATION_STORE, SCHOOL, HR],
    );
    c.bind(Subjects).toResolvedValue(
      (...parts) => new Subjects(...parts),
      [UNIT, AUDIT, SUBJECT_STORE, CLASS_STORE, ALLOCATION_STORE, SCHOOL],
    );
    c.bind(Pathways).toResolvedValue(
      (...parts) => new Pathways(...parts),
      [UNIT, AUDIT, SUBJECT_STORE, CLASS_STORE, ALLOCATION_STORE, SCHOOL],
    );
    c.bind(Allocations).toResolvedValue(
      (...parts) => new Allocations(...parts),
      [UNIT, AUDIT, ALLOCATION_STORE, CLASS_STORE, SUBJECT_STORE, SCHOOL, HR],
    );
    c.bind(Takers).toResolvedValue(
      (...parts) => new Takers(...parts),
      [UNIT, AUDIT, ALLOCATION_STORE, CLASS_STORE, SUBJECT_STORE, LEARNERS],
    );
    c.bind(PAGES).toResolvedValue(
      (
        classes,
        subjectUse,
        pathways,
        allocations,
        takers,
        classStore,
        subjectStore,
        allocationStore,
        learners,
        door,
        hr,
        school,
      ) => ({
        classes,
        subjects: subjectUse,
        pathways,
        allocations,
        takers,
        classStore,
        subjectStore,
        allocationStore,
        learners,
        door,
        hr,
        school,
      }),
      [
        Classes,
        Subjects,
        Pathways,
        Allocations,
        Takers,
        CLASS_STORE,
        SUBJECT_STORE,
        ALLOCATION_STORE,
        LEARNERS,
        SUBJECTS,
        HR,
        SCHOOL,
      ],
    );
  },

  routes(r, get) {
    const pages = get(PAGES);
    subjectRoutes(r, pages);
    classRoutes(r, pages);
    streamRoutes(r, pages);
    allocationRoutes(r, pages);
    pathwayRoutes(r, pages);
    oneSubjectRoutes(r, pages);
    subjectsApi(r, { classes: get(CLASS_STORE), subjects: get(SUBJECT_STORE) });
  },

  work: (get) => ({
    search: subjectSearch(get(CLASS_STORE), get(SUBJECT_STORE)),
    dashboard: [classesCard(get(PAGES)), ownClassesCard(get(PAGES))],
    wholeExport: [classSheet(get(PAGES))],
    subscribe: [
      on(StaffLeft, 'subjects.end-allocations', ({ staffId, leftOn }) =>
        get(Allocations).release(systemActor('Staff left'), staffId, leftOn),
      ),
    ],
  }),
};
