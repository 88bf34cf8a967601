import { can, systemActor, type Actor } from '../../kernel/actor.js';
import { AUDIT } from '../../platform/http/ports.js';
import { enqueue } from '../../platform/jobs/index.js';
import type { Module } from '../../platform/module.js';
import { CLOCK, PERMISSION_CATALOGUE, TEXTS, UNIT, WHOLE_EXPORT } from '../../platform/tokens.js';
import { FILES } from '../files/index.js';
import { SCHOOL } from '../school/index.js';
import { ACTS } from './acts.js';
import { SchoolContents } from './adapters/contents.js';
import { PostgresExportStore } from './adapters/export.store.js';
import { exportRoutes } from './adapters/exports.routes.js';
import { Exports, FILE_PURPOSE, MAKE } from './exports.js';
import { CONTENTS, EXPORT_STORE } from './ports.js';

const TRIES = 3;

export const exports: Module = {
  name: 'exports',
  acts: ACTS,
  permissions: [
    { key: MAKE, label: 'Export everything the school holds', group: 'School', roles: ['owner'], guarded: 'exports' },
  ],
  menu: [{ group: 'School', label: 'Export everything', href: '/exports', icon: 'down', can: MAKE, order: 98 }],

  bind(c) {
    c.bind(EXPORT_STORE).toResolvedValue(() => new PostgresExportStore());
    // Asked when it is needed: what the modules bring is collected after everything is bound.
    c.bind(CONTENTS).toResolvedValue(
      (texts, school, clock) =>
        new SchoolContents(
          () => c.get(WHOLE_EXPORT),
          texts,
          async () => (await school.profile()).name,
          () => clock.now(),
        ),
      [TEXTS, SCHOOL, CLOCK],
    );
    c.bind(Exports).toResolvedValue(
      (unit, audit, clock, store, files, contents, catalogue) => {
        const maker: Actor = {
          ...systemActor('whole export'),
          roles: ['owner'],
          permissions: new Set(catalogue.map(({ key }) => key)),
        };
        const order = async (id: string) =>
          void (await enqueue('exports.make', { id }, { queue: 'exports', maxAttempts: TRIES }));
        return new Exports({ unit, audit, clock, store, files, contents, order, maker });
      },
      [UNIT, AUDIT, CLOCK, EXPORT_STORE, FILES, CONTENTS, PERMISSION_CATALOGUE],
    );
  },

  routes(r, get) {
    // Not without a fresh proof at the address of the file itself, either.
    get(FILES).register({
      purpose: FILE_PURPOSE,
      staysHere: true,
      mayRead: (actor) => Promise.resolve(can(actor, MAKE) && actor.proven !== false),
    });
    exportRoutes(r, get(Exports));
  },

  work: (get) => ({
    jobs: {
      'exports.make': (payload, info) =>
        get(Exports).make((payload as { id: string }).id, { signal: info.signal, last: info.attempt >= info.maxAttempts }),
      'exports.sweep': () => get(Exports).sweep(),
    },
    // Packing keeps a processor busy, and a small school is packed before anybody looks.
    apart: {
      'exports.make': { when: () => Promise.resolve(true), lost: (payload) => get(Exports).fail((payload as { id: string }).id) },
    },
    cron: { 'exports.sweep': '35 * * * *' },
  }),
};
