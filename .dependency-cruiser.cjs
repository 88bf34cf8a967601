// The import rules of ARCHITECTURE.md. test/architecture/import-rules.test.ts breaks each of them once.
const { existsSync, readFileSync } = require('node:fs');
const path = require('node:path');

const MODULE = '^src/modules/([^/]+)/';
const OWN = '^src/modules/$1/';
const npm = (...names) => `(^|/)node_modules/(${names.join('|')})/`;
/** Where adapters lie: those of a module that is one matter, or shared by several, and those of a matter. */
const ADAPTERS = '^src/modules/[^/]+/(?:|[^/]+/)adapters/';
/** Files that join the others: they may know adapters and the platform. */
const WIRING = '(?:module|operations|acts|offers|wiring|[a-z-]+\\.wiring)\\.ts$';
/** Beside the adapters of a module and of each of its matters: use cases, rules, records, ports, the door. */
const PLAIN = `(?!adapters/)(?:|[^/]+/)(?!${WIRING})[^/]+\\.ts$`;
const PORTS = '(?:|[a-z-]+\\.)ports\\.ts$';
const RULES = '[^/]+\\.(?:rules|record)\\.ts$';
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
      'rules-are-pure',
      'Rules and records know other rules and records of their module, and the kernel.',
      { path: `^src/modules/([^/]+)/(?:|[^/]+/)${RULES}` },
      { pathNot: [`^src/modules/$1/(?:|[^/]+/)${RULES}`, '^src/kernel/'] },
    ),
    error(
      'matter-is-plain',
      'What stands beside the adapters knows its module without adapters and wiring, the kernel, zod and the doors of others.',
      { path: `^src/modules/([^/]+)/${PLAIN}`, pathNot: ['^src/modules/[^/]+/index\\.ts$', `/${PORTS}`] },
      { pathNot: [`^src/modules/$1/${PLAIN}`, '^src/modules/[^/]+/index\\.ts$', '^src/kernel/', npm('zod')] },
    ),
    error(
      'ports-know-no-adapter',
      'Ports are named by tokens and may speak of what the platform offers; they know no adapter.',
      { path: `^src/modules/([^/]+)/(?!adapters/)(?:|[^/]+/)${PORTS}` },
      {
        pathNot: [
          `^src/modules/$1/${PLAIN}`,
          '^src/modules/[^/]+/index\\.ts$',
          '^src/(kernel|platform)/',
          npm('zod', 'inversify'),
        ],
      },
    ),
    error(
      'pages-not-stores',
      'Pages and the API reach the database through use cases.',
      { path: `${ADAPTERS}[^/]+\\.(routes|api|page)\\.ts$` },
      { path: '/adapters/[^/]+\\.store\\.ts$' },
    ),
    error(
      'stores-not-pages',
      'Stores know nothing of pages.',
      { path: `${ADAPTERS}[^/]+\\.(store|sql)\\.ts$` },
      { path: '/adapters/[^/]+\\.(routes|api|page)\\.ts$' },
    ),
    error(
      'door-is-thin',
      'index.ts knows its own rules and ports, the kernel, and the type of a token.',
      { path: '^src/modules/([^/]+)/index\\.ts$' },
      {
        pathNot: [
          `^src/modules/$1/(?:|[^/]+/)${RULES}`,
          `^src/modules/$1/(?:|[^/]+/)${PORTS}`,
          '^src/kernel/',
          '^src/platform/tokens\\.ts$',
          npm('inversify'),
        ],
      },
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
      'knex, objection and pg only in platform/ and stores.',
      {
        path: '^src/',
        pathNot: ['^src/platform/', `${ADAPTERS}[^/]+\\.store\\.ts$`, '^src/bin/'],
      },
      { path: npm('knex', 'objection', 'pg', 'pg-copy-streams', 'graphile-worker', '@types/pg') },
    ),
    error(
      'express-in-its-place',
      'express only in platform/http/, in pages and the API.',
      {
        path: '^src/',
        pathNot: [
          '^src/platform/(http/|module\\.ts$)',
          `${ADAPTERS}(?![^/]+\\.(?:store|sql|pdf|sheet|import)\\.ts$)[^/]+\\.ts$`,
          '^src/app\\.ts$',
        ],
      },
      { path: npm('express', '@types/express', 'express-session') },
    ),
    error(
      'documents-in-their-place',
      'pdfkit and exceljs only in platform/.',
      { path: '^src/', pathNot: ['^src/platform/'] },
      { path: npm('pdfkit', '@types/pdfkit', 'exceljs') },
    ),
    error(
      'no-development-package',
      'The production image has no development packages.',
      {
        path: '^src/',
        pathNot: ['^src/bin/', '^src/platform/http/assets/assets-build\\.ts$', '^src/platform/embedded-postgres'],
      },
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
