// The import rules of ARCHITECTURE.md. test/architecture/import-rules.test.ts breaks each of them once.
const { existsSync, readFileSync } = require('node:fs');
const path = require('node:path');

const MODULE = '^src/modules/([^/]+)/';
const OWN = '^src/modules/$1/';
const npm = (...names) => `(^|/)node_modules/(${names.join('|')})/`;
/** A matter of a module: what it does in its own folder, with its adapters beside it. */
const MATTER = '^src/modules/([^/]+)/(?!adapters/|application/|domain/|ports/|texts/)([^/]+)/';
/** Adapters of a small module, and of a matter. */
const BESIDE = ['^src/modules/[^/]+/adapters/', '^src/modules/[^/]+/[^/]+/adapters/'];
/** Of the same module: everything but adapters and wiring. */
const OWN_INSIDE = [
  '^src/modules/$1/(index|ports|[^/]+\\.(rules|record))\\.ts$',
  '^src/modules/$1/(application|domain|ports)/',
  '^src/modules/$1/(?!adapters/)[^/]+/(?!wiring)[^/]+\\.ts$',
];
/** What the operator's commands may know beyond the doors. */
const OPERATED = ['^src/modules/[^/]+/operations\\.ts$'];
const error = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to });

/** One rule a module: it may only use what uses.json says it uses. */
function usesRules() {
  const file = path.join(process.cwd(), 'src/modules/uses.json');
  if (!existsSync(file)) return [];
  return Object.entries(JSON.parse(readFileSync(file, 'utf8'))).map(([name, uses]) =>
    error(
      `uses-${name}`,
      `src/modules/uses.json does not say that ${name} may use this module.`,
      { path: `^src/modules/${name}/` },
      { path: '^src/modules/[^/]+/', pathNot: `^src/modules/(${[name, ...uses].join('|')})/` },
    ),
  );
}

module.exports = {
  forbidden: [
    error(
      'use-the-door',
      'Another module is used through its index.ts, never its inside.',
      { path: MODULE },
      { path: '^src/modules/[^/]+/', pathNot: [OWN, '^src/modules/[^/]+/index\\.ts$'] },
    ),
    error(
      'roles-load-modules',
      'Only roles.ts loads modules, so that a role never loads the modules of the other.',
      { path: '^src/', pathNot: '^src/roles\\.ts$' },
      { path: '^src/modules/[^/]+/module\\.ts$' },
    ),
    error(
      'nobody-else-inside',
      'Outside of modules only doors are used.',
      { path: '^src/(?!modules/)', pathNot: '^src/roles\\.ts$' },
      {
        path: '^src/modules/[^/]+/',
        pathNot: ['^src/modules/[^/]+/(index|module)\\.ts$', '^src/modules/uses\\.json$', ...OPERATED],
      },
    ),
    error('operations-by-bin', 'Only commands use these.', { path: '^src/', pathNot: '^src/bin/' }, { path: OPERATED }),
    error(
      'domain-is-pure',
      'domain/ knows its own domain and the kernel, nothing else.',
      { path: '^src/modules/([^/]+)/domain/' },
      { pathNot: ['^src/modules/$1/domain/', '^src/modules/$1/.*\\.(rules|record)\\.ts$', '^src/kernel/'] },
    ),
    ...['^src/modules/([^/]+)/', MATTER].map((folder) =>
      error(
        'rules-are-pure',
        'Rules and records know other rules and records of their module, and the kernel.',
        { path: `${folder}[^/]+\\.(rules|record)\\.ts$` },
        { pathNot: ['^src/modules/$1/.*\\.(rules|record)\\.ts$', '^src/modules/$1/domain/', '^src/kernel/'] },
      ),
    ),
    error(
      'matter-is-plain',
      'What stands in a matter beside its adapters knows its module without adapters, the kernel, zod and the doors of others.',
      { path: `${MATTER}[^/]+\\.ts$`, pathNot: '/wiring\\.ts$' },
      { pathNot: [...OWN_INSIDE, '^src/modules/[^/]+/index\\.ts$', '^src/kernel/', npm('zod')] },
    ),
    error(
      'small-module-is-plain',
      'A module that is one matter has its use cases in the file of its own name, and they know no adapter.',
      { path: '^src/modules/([^/]+)/\\1\\.ts$' },
      { pathNot: [...OWN_INSIDE, '^src/modules/[^/]+/index\\.ts$', '^src/kernel/', npm('zod')] },
    ),
    error(
      'pages-not-stores',
      'Pages and the API reach the database through use cases, and stores know nothing of pages.',
      { path: BESIDE.map((folder) => `${folder}[^/]+\\.(routes|api|page)\\.ts$`) },
      { path: '/adapters/[^/]+\\.store\\.ts$' },
    ),
    error(
      'stores-not-pages',
      'Stores know nothing of pages.',
      { path: BESIDE.map((folder) => `${folder}[^/]+\\.store\\.ts$`) },
      { path: '/adapters/[^/]+\\.(routes|api|page)\\.ts$' },
    ),
    error(
      'application-is-plain',
      'application/ knows its own domain, ports and door, the kernel, zod and the doors of others.',
      { path: '^src/modules/([^/]+)/application/' },
      {
        pathNot: [...OWN_INSIDE, '^src/modules/[^/]+/index\\.ts$', '^src/kernel/', npm('zod')],
      },
    ),
    error(
      'door-is-thin',
      'index.ts knows its own domain and ports, the kernel, and the type of a token.',
      { path: '^src/modules/([^/]+)/index\\.ts$' },
      {
        pathNot: [
          '^src/modules/$1/domain/',
          '^src/modules/$1/.*\\.(rules|record)\\.ts$',
          '^src/modules/$1/ports\\.ts$',
          '^src/kernel/',
          '^src/platform/tokens\\.ts$',
          npm('inversify'),
        ],
      },
    ),
    error(
      'web-not-postgres',
      'Pages reach the database through use cases.',
      { path: '^src/modules/[^/]+/adapters/web/' },
      { path: '^src/modules/[^/]+/adapters/postgres/' },
    ),
    error(
      'postgres-not-web',
      'Stores know nothing of pages.',
      { path: '^src/modules/[^/]+/adapters/postgres/' },
      { path: '^src/modules/[^/]+/adapters/web/' },
    ),
    error(
      'kernel-is-pure',
      'The kernel imports itself and zod.',
      { path: '^src/kernel/' },
      { pathNot: ['^src/kernel/', '^(node:)?crypto$', npm('zod')] },
    ),
    error(
      'platform-knows-no-module',
      'platform/ imports the kernel and packages.',
      { path: '^src/platform/' },
      { path: '^src/', pathNot: ['^src/platform/', '^src/kernel/', '^src/config\\.ts$'] },
    ),
    error(
      'database-in-its-place',
      'knex, objection and pg only in platform/ and adapters/postgres/.',
      {
        path: '^src/',
        pathNot: [
          '^src/platform/',
          '^src/modules/[^/]+/adapters/postgres/',
          ...BESIDE.map((folder) => `${folder}[^/]+\\.store\\.ts$`),
          '^src/bin/',
        ],
      },
      { path: npm('knex', 'objection', 'pg', 'pg-copy-streams', 'graphile-worker', '@types/pg') },
    ),
    error(
      'express-in-its-place',
      'express only in platform/http/ and adapters/web/, and as the yardstick in the bench.',
      {
        path: '^src/',
        pathNot: [
          '^src/platform/(http/|module\\.ts$)',
          '^src/modules/[^/]+/adapters/web/',
          ...BESIDE.map((folder) => `${folder}[^/]+\\.(routes|api|page)\\.ts$`),
          '^src/app\\.ts$',
          '^src/bin/bench/',
        ],
      },
      { path: npm('express', '@types/express', 'express-session') },
    ),
    error(
      'documents-in-their-place',
      'pdfkit and exceljs only in platform/, and bare in the bench.',
      { path: '^src/', pathNot: ['^src/platform/', '^src/bin/bench/'] },
      { path: npm('pdfkit', '@types/pdfkit', 'exceljs') },
    ),
    error(
      'no-development-package',
      'The production image has no development packages.',
      { path: '^src/', pathNot: ['^src/bin/', '^src/platform/http/assets-build\\.ts$', '^src/platform/embedded-postgres'] },
      { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'], pathNot: npm('@types/.*') },
    ),
    error(
      'no-cycle',
      'A cycle of imports has no order in which it can be understood.',
      {},
      { circular: true, viaOnly: { dependencyTypesNot: ['type-only', 'dynamic-import'] } },
    ),
    error(
      'no-orphan',
      'Nobody imports this file and it imports nobody.',
      {
        orphan: true,
        path: '^src/',
        pathNot: ['^src/(main|app|config|roles)\\.ts$', '^src/bin/', '\\.d\\.ts$', '/texts/', '\\.json$'],
      },
      {},
    ),
    error('resolvable', 'This import leads nowhere.', {}, { couldNotResolve: true }),
    ...usesRules(),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^src/.*\\.mjs$' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'require', 'node', 'default', 'types'] },
  },
};
