import { CONFIG } from '../../platform/settings.js';
import type { Module } from '../../platform/module.js';
import { CLOCK } from '../../platform/tokens.js';
import { SCHOOL_REGISTER } from '../schools/index.js';
import { findSchoolRoutes } from './adapters/web/find-school.routes.js';
import { robotsRoutes } from './adapters/web/robots.routes.js';
import { siteRoutes } from './adapters/web/site.routes.js';

/** The platform's site: what AIMS is, what it costs, and how to reach us. */
export const website: Module = {
  name: 'website',
  permissions: [],

  bind() {},

  routes(r, get) {
    const { publicUrl, contactMail, launcher } = get(CONFIG);
    siteRoutes(r, get(CLOCK), contactMail);
    findSchoolRoutes(r, get(SCHOOL_REGISTER), publicUrl, launcher);
    robotsRoutes(r, publicUrl);
  },
};
