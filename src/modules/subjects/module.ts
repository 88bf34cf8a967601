import { STAFF_ROLES, type Module } from '../../platform/module.js';
import { AUDIT } from '../../platform/http/ports.js';
import { UNIT } from '../../platform/tokens.js';
import { CLASS_SEEDER, SCHOOL } from '../school/index.js';
import { PostgresAllocationStore } from './adapters/postgres/allocation.store.js';
import { PostgresClassStore } from './adapters/postgres/class.store.js';
import { PostgresSubjectStore } from './adapters/postgres/subject.store.js';
import { subjectsApi } from './adapters/web/subjects.api.js';
import { SubjectsDoor } from './application/door.js';
import { SUBJECTS } from './index.js';
import { ALLOCATION_STORE, CLASS_STORE, SUBJECT_STORE } from './ports.js';

const OFFICE = ['owner', 'administrator', 'head', 'registrar'] as const;

export const subjects: Module = {
  name: 'subjects',
  permissions: [
    { key: 'subjects.read', label: 'See classes and subjects', group: 'Classes and subjects', roles: STAFF_ROLES },
    { key: 'subjects.change', label: 'Change classes, streams and subjects', group: 'Classes and subjects', roles: OFFICE },
    { key: 'subjects.allocate', label: 'Allocate teachers to subjects', group: 'Classes and subjects', roles: OFFICE },
  ],
  menu: [{ group: 'Teaching', label: 'Classes', href: '/subjects', icon: 'book', can: 'subjects.read', order: 10 }],

  bind(c) {
    c.bind(CLASS_STORE).toResolvedValue(() => new PostgresClassStore());
    c.bind(SUBJECT_STORE).toResolvedValue(() => new PostgresSubjectStore());
    c.bind(ALLOCATION_STORE).toResolvedValue(() => new PostgresAllocationStore());
    c.bind(SUBJECTS).toResolvedValue((...parts) => new SubjectsDoor(...parts), [UNIT, AUDIT, CLASS_STORE, SUBJECT_STORE, ALLOCATION_STORE, SCHOOL]);
    c.bind(CLASS_SEEDER).toResolvedValue((door) => door, [SUBJECTS]);
  },

  routes(r, get) {
    subjectsApi(r, { classes: get(CLASS_STORE), subjects: get(SUBJECT_STORE) });
  },
};
