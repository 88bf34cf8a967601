import path from 'node:path';
import type { Module } from '../../platform/module.js';
import { CONFIG } from '../../platform/settings.js';
import { DECLARED } from '../../platform/tokens.js';
import { projectRoot } from '../../platform/paths.js';
import { GuideDocuments } from './adapters/documents.js';
import { guideRoutes } from './adapters/guide.routes.js';

/** The user guide as pages, from the same documents that stand in docs/user-guide. */
export const guide: Module = {
  name: 'guide',
  permissions: [],
  menu: [{ group: 'School', label: 'User guide', href: '/user-guide', icon: 'info', can: 'signed-in', order: 100 }],

  bind() {},

  routes(r, get) {
    const docs = path.join(projectRoot, 'docs');
    guideRoutes(
      r,
      new GuideDocuments(path.join(docs, 'user-guide'), path.join(docs, 'pictures'), get(CONFIG).role === 'tenant'),
      get(DECLARED),
    );
  },
};
