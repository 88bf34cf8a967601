import type { Clock } from '../../kernel/clock.js';
import type { Unit } from '../../kernel/unit-of-work.js';
import { AUDIT, type AuditTrail } from '../../platform/http/ports.js';
import { deriveKey } from '../../platform/keys.js';
import type { Module } from '../../platform/module.js';
import { CONFIG, type Config } from '../../platform/settings.js';
import { CLOCK, UNIT } from '../../platform/tokens.js';
import { NOTIFICATIONS, type NotificationsApi } from '../notifications/index.js';
import { SCHOOL_REGISTER } from '../schools/index.js';
import { ACTS } from './acts.js';
import { PgLimits } from './adapters/limits.js';
import { PgSubscriberStore } from './adapters/subscriber.store.js';
import { seals } from './adapters/seals.js';
import { contactRoutes } from './adapters/contact.routes.js';
import { findSchoolRoutes } from './adapters/find-school.routes.js';
import { newsletterRoutes } from './adapters/newsletter.routes.js';
import { robotsRoutes } from './adapters/robots.routes.js';
import { siteRoutes } from './adapters/site.routes.js';
import { Contact } from './contact.js';
import { Newsletter } from './newsletter.js';

const limits = new PgLimits();

/** The platform's site: what AIMS is, what it costs, and how to reach us. */
export const website: Module = {
  name: 'website',
  acts: ACTS,
  permissions: [],

  bind(container) {
    container
      .bind(Contact)
      .toResolvedValue(
        (notifications: NotificationsApi, unit: Unit, config: Config) => new Contact(notifications, limits, unit, config.support),
        [NOTIFICATIONS, UNIT, CONFIG],
      );
    container.bind(Newsletter).toResolvedValue(
      (notifications: NotificationsApi, audit: AuditTrail, unit: Unit, clock: Clock, config: Config) =>
        new Newsletter({
          store: new PgSubscriberStore(),
          seals: seals(deriveKey(config.secretKey, 'newsletter')),
          publicUrl: config.publicUrl,
          notifications,
          audit,
          limits,
          unit,
          clock,
        }),
      [NOTIFICATIONS, AUDIT, UNIT, CLOCK, CONFIG],
    );
  },

  routes(r, get) {
    const { publicUrl, support, launcher } = get(CONFIG);
    siteRoutes(r, get(CLOCK), support);
    findSchoolRoutes(r, get(SCHOOL_REGISTER), publicUrl, launcher);
    contactRoutes(r, get(Contact), support);
    newsletterRoutes(r, get(Newsletter));
    robotsRoutes(r, publicUrl);
  },

  work(get) {
    return {
      jobs: { 'website.tidy-newsletter': () => get(Newsletter).tidy() },
      cron: { 'website.tidy-newsletter': '40 2 * * *' },
    };
  },
};
