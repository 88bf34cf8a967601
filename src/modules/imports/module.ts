import path from 'node:path';
import { enqueue } from '../../platform/jobs/index.js';
import { AUDIT } from '../../platform/http/ports.js';
import type { Apart, JobHandler, Module } from '../../platform/module.js';
import { CONFIG, type Config } from '../../platform/settings.js';
import { CLOCK, token, UNIT } from '../../platform/tokens.js';
import { FILES } from '../files/index.js';
import { SCHOOL } from '../school/index.js';
import { PostgresImportStore } from './adapters/import.store.js';
import { importData, importMemory } from './adapters/own-data.js';
import { PostgresRowStore } from './adapters/row.store.js';
import { ChildProcessReader } from './reading/adapters/reader.js';
import { importApi } from './adapters/imports.api.js';
import { missingRoutes } from './missing/adapters/missing.routes.js';
import { importRoutes } from './adapters/imports.routes.js';
import { withHeadingWords } from './reading/heading-words.js';
import { Checking, READER } from './checking.js';
import { FILE_PURPOSE, Imports, USE } from './imports.js';
import { ImportJobs, type Attempt } from './jobs.js';
import { Writing } from './writing.js';
import {
  FOREIGN_IMPORTS,
  GAP_SOURCES,
  IMPORT_KINDS,
  IMPORT_STORE,
  IMPORTS,
  ROW_STORE,
  SHEET_READER,
  type Enqueue,
  type ForeignImport,
  type GapSource,
  type ImportKind,
} from './ports.js';

/** Asked when it is needed: the modules that bring them are bound later. */
const KINDS = token<() => readonly ImportKind[]>('AllImportKinds');
const FOREIGN = token<() => readonly ForeignImport[]>('AllForeignImports');
const GAPS = token<() => readonly GapSource[]>('AllGapSources');
const ENQUEUE = token<Enqueue>('EnqueueImport');

const TRIES = 5;

export const imports: Module = {
  name: 'imports',
  permissions: [
    {
      key: USE,
      label: 'Import lists from files',
      group: 'School',
      roles: ['owner', 'administrator', 'head', 'registrar', 'hr-officer', 'bursar'],
    },
  ],
  menu: [{ group: 'School', label: 'Imports', href: '/imports', icon: 'up', can: USE, order: 40 }],

  bind(c) {
    c.bind(IMPORT_STORE).toResolvedValue(() => new PostgresImportStore());
    c.bind(IMPORTS).toService(IMPORT_STORE);
    c.bind(ROW_STORE).toResolvedValue(() => new PostgresRowStore());
    c.bind(SHEET_READER).toResolvedValue((config: Config) => new ChildProcessReader(path.join(config.data, 'uploads')), [CONFIG]);
    c.bind(FOREIGN).toDynamicValue((context) => () => context.getAll(FOREIGN_IMPORTS));
    c.bind(GAPS).toDynamicValue((context) => () => context.getAll(GAP_SOURCES));
    c.bind(KINDS).toDynamicValue((context) => () => context.getAll(IMPORT_KINDS).map(withHeadingWords));
    // One after the other: two large files at once would only take turns, and their numbers would wait for each other.
    c.bind(ENQUEUE).toConstantValue(
      async (job, id) => void (await enqueue(job, { id }, { queue: 'imports', maxAttempts: TRIES })),
    );
    c.bind(Imports).toResolvedValue(
      (...parts) => new Imports(...parts),
      [UNIT, AUDIT, CLOCK, IMPORT_STORE, ROW_STORE, SHEET_READER, FILES, ENQUEUE, KINDS],
    );
    c.bind(Checking).toResolvedValue(
      (...parts) => new Checking(...parts),
      [UNIT, CLOCK, IMPORT_STORE, ROW_STORE, SHEET_READER, FILES, SCHOOL, KINDS],
    );
    c.bind(Writing).toResolvedValue(
      (...parts) => new Writing(...parts),
      [UNIT, AUDIT, CLOCK, IMPORT_STORE, ROW_STORE, SCHOOL, KINDS],
    );
    c.bind(ImportJobs).toResolvedValue(
      (...parts) => new ImportJobs(...parts),
      [UNIT, CLOCK, IMPORT_STORE, ROW_STORE, FILES, Checking, Writing, KINDS],
    );
  },

  routes(r, get) {
    // Nobody downloads an upload; the check reads it.
    get(FILES).register({ purpose: FILE_PURPOSE, mayRead: (actor) => Promise.resolve(actor === READER) });
    missingRoutes(r, get(SCHOOL), get(GAPS));
    importRoutes(r, get(Imports));
    importApi(r, get(Imports), get(FOREIGN));
  },

  work(get) {
    const job =
      (run: (jobs: ImportJobs, id: string, attempt: Attempt) => Promise<void>): JobHandler =>
      (payload, info) =>
        run(get(ImportJobs), (payload as { id: string }).id, { signal: info.signal, last: info.attempt >= info.maxAttempts });
    const apart = (step: 'check' | 'write' | 'undo'): Apart => ({
      when: (payload) => get(ImportJobs).long((payload as { id: string }).id),
      lost: (payload) => get(ImportJobs).lost((payload as { id: string }).id, step),
    });
    return {
      jobs: {
        'imports.check': job((jobs, id, attempt) => jobs.check(id, attempt)),
        'imports.write': job((jobs, id, attempt) => jobs.write(id, attempt)),
        'imports.undo': job((jobs, id, attempt) => jobs.undo(id, attempt)),
        'imports.sweep': () => get(ImportJobs).sweep(),
      },
      apart: { 'imports.check': apart('check'), 'imports.write': apart('write'), 'imports.undo': apart('undo') },
      personalData: [importData],
      retention: [importMemory],
      cron: { 'imports.sweep': '10 2 * * *' },
    };
  },
};
