import path from 'node:path';
import { enqueue } from '../../platform/jobs/index.js';
import { AUDIT } from '../../platform/http/ports.js';
import { on, type JobHandler, type Module } from '../../platform/module.js';
import { CONFIG, type Config } from '../../platform/settings.js';
import { CLOCK, token, UNIT } from '../../platform/tokens.js';
import { FILES } from '../files/index.js';
import { HR } from '../hr/index.js';
import { FOREIGN_IMPORTS, IMPORT_KINDS, type ImportKind } from '../imports/index.js';
import { SCHOOL, SCHOOL_CALENDAR } from '../school/index.js';
import { STUDENTS, StudentsMerged } from '../students/index.js';
import { SUBJECT_CHOICES, SUBJECTS } from '../subjects/index.js';
import { ACTS } from './acts.js';
import { bundleMemory, rosterData } from './adapters/own-data.js';
import { PostgresBundleStore } from './bundles/adapters/bundle.store.js';
import { ChildBundleReader } from './bundles/adapters/reader.js';
import { bundleImport } from './bundles/adapters/bundle-import.js';
import { bundleRoutes } from './bundles/adapters/bundles.routes.js';
import { exportRoutes } from './roster/adapters/oneroster.routes.js';
import { rosterExportPart } from './roster/adapters/whole-export.js';
import { Bundles, FILE_PURPOSE, IMPORT } from './bundles/bundles.js';
import { EXPORT, RosterExport } from './roster/export.js';
import { BundleJobs, READER, type Attempt } from './bundles/jobs.js';
import type { TakingDeps } from './bundles/taking.js';
import { BUNDLE_READER, BUNDLE_STORE, type Enqueue } from './ports.js';

const HEADS = ['owner', 'administrator', 'head'] as const;
const KINDS = token<() => readonly ImportKind[]>('ListsOfABundle');
const ENQUEUE = token<Enqueue>('EnqueueBundle');
const TAKING = token<TakingDeps>('TakingABundle');
const TRIES = 5;

export const oneroster: Module = {
  name: 'oneroster',
  acts: ACTS,
  permissions: [
    { key: EXPORT, label: 'Export data to other systems (OneRoster)', group: 'School', roles: HEADS, guarded: 'exports' },
    { key: IMPORT, label: 'Import data from other systems (OneRoster)', group: 'School', roles: HEADS },
  ],
  menu: [{ group: 'School', label: 'OneRoster', href: '/oneroster', icon: 'down', can: EXPORT, order: 45 }],

  bind(c) {
    c.bind(RosterExport).toResolvedValue((...parts) => new RosterExport(...parts), [SCHOOL, SUBJECTS, HR, STUDENTS]);
    c.bind(BUNDLE_STORE).toResolvedValue(() => new PostgresBundleStore());
    c.bind(BUNDLE_READER).toResolvedValue((config: Config) => new ChildBundleReader(path.join(config.data, 'uploads')), [CONFIG]);
    c.bind(KINDS).toDynamicValue((context) => () => context.getAll(IMPORT_KINDS));
    // In the queue of the imports: large files one after the other.
    c.bind(ENQUEUE).toConstantValue(
      async (job, id) => void (await enqueue(job, { id }, { queue: 'imports', maxAttempts: TRIES })),
    );
    c.bind(Bundles).toResolvedValue(
      (...parts) => new Bundles(...parts),
      [UNIT, AUDIT, CLOCK, BUNDLE_STORE, FILES, ENQUEUE, KINDS],
    );
    c.bind(TAKING).toResolvedValue(
      (store, school, calendar, subjects, hr, students, choices, kinds) => ({
        store,
        school,
        calendar,
        subjects,
        hr,
        students,
        choices,
        kinds,
      }),
      [BUNDLE_STORE, SCHOOL, SCHOOL_CALENDAR, SUBJECTS, HR, STUDENTS, SUBJECT_CHOICES, KINDS],
    );
    c.bind(FOREIGN_IMPORTS).toResolvedValue((bundles) => bundleImport(bundles), [Bundles]);
    c.bind(BundleJobs).toResolvedValue(
      (...parts) => new BundleJobs(...parts),
      [UNIT, AUDIT, CLOCK, FILES, BUNDLE_READER, TAKING],
    );
  },

  routes(r, get) {
    // Nobody downloads an archive that was sent; the check reads it.
    get(FILES).register({ purpose: FILE_PURPOSE, mayRead: (actor) => Promise.resolve(actor === READER) });
    bundleRoutes(r, { bundles: get(Bundles), school: get(SCHOOL), subjects: get(SUBJECTS) });
    exportRoutes(r, get(RosterExport));
  },

  work(get) {
    const job =
      (run: (jobs: BundleJobs, id: string, attempt: Attempt) => Promise<void>): JobHandler =>
      (payload, info) =>
        run(get(BundleJobs), (payload as { id: string }).id, { signal: info.signal, last: info.attempt >= info.maxAttempts });
    return {
      personalData: [rosterData],
      wholeExport: [rosterExportPart(get(RosterExport))],
      retention: [bundleMemory(get(FILES))],
      jobs: {
        'oneroster.check': job((jobs, id, attempt) => jobs.check(id, attempt)),
        'oneroster.write': job((jobs, id, attempt) => jobs.write(id, attempt)),
        'oneroster.undo': job((jobs, id, attempt) => jobs.undo(id, attempt)),
      },
      subscribe: [
        on(StudentsMerged, 'oneroster.follow-merge', ({ keptId, mergedId }) =>
          get(BUNDLE_STORE).moveIdentities('student', mergedId, keptId),
        ),
      ],
    };
  },
};
