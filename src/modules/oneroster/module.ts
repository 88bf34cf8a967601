import type { Module } from '../../platform/module.js';
import { HR } from '../hr/index.js';
import { SCHOOL } from '../school/index.js';
import { STUDENTS } from '../students/index.js';
import { SUBJECTS } from '../subjects/index.js';
import { exportRoutes } from './adapters/web/oneroster.routes.js';
import { EXPORT, RosterExport } from './application/export.js';

const HEADS = ['owner', 'administrator', 'head'] as const;

export const oneroster: Module = {
  name: 'oneroster',
  permissions: [{ key: EXPORT, label: 'Hand the school’s data to other systems (OneRoster)', group: 'School', roles: HEADS }],
  menu: [{ group: 'School', label: 'OneRoster', href: '/oneroster', icon: 'down', can: EXPORT, order: 45 }],

  bind(c) {
    c.bind(RosterExport).toResolvedValue((...parts) => new RosterExport(...parts), [SCHOOL, SUBJECTS, HR, STUDENTS]);
  },

  routes(r, get) {
    exportRoutes(r, get(RosterExport));
  },
};
