import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { projectRoot } from '../../src/platform/paths.js';

/** A small tree that keeps every rule. */
const CLEAN: Record<string, string> = {
  'src/main.ts': `await import('./roles.js');`,
  'src/roles.ts': `export const roles = { alpha: () => import('./modules/alpha/module.js'), beta: () => import('./modules/beta/module.js') };`,
  'src/kernel/money.ts': `import { z } from 'zod'; export const money = z.number();`,
  'src/platform/log.ts': `import { money } from '../kernel/money.js'; export const log = money;`,
  'src/platform/http/routes/routes.ts': `import type { Router } from 'express'; import { log } from '../../log.js'; export const routes = (r: Router) => log && r;`,
  'src/modules/uses.json': `{ "alpha": [], "beta": ["alpha"] }`,
  'src/modules/alpha/index.ts': `import type { Thing } from './thing.rules.js'; export interface AlphaApi { find(): Thing }`,
  'src/modules/alpha/thing.rules.ts': `import { money } from '../../kernel/money.js'; export interface Thing { id: string } export const price = money;`,
  'src/modules/alpha/ports.ts': `import type { Thing } from './thing.rules.js'; export type Things = Thing[];`,
  'src/modules/alpha/things.ts': `import type { Things } from './ports.js'; import { price } from './thing.rules.js'; export const use = (t: Things) => price && t;`,
  'src/modules/alpha/adapters/things.store.ts': `import knex from 'knex'; export const store = knex;`,
  'src/modules/alpha/adapters/things.routes.ts': `import type { Request } from 'express'; import { use } from '../things.js'; export const page = (r: Request) => use && r;`,
  'src/modules/alpha/module.ts': `import { page } from './adapters/things.routes.js'; import { store } from './adapters/things.store.js'; import { goods } from './goods/wiring.js'; import { routes } from '../../platform/http/routes/routes.js'; export const alpha = { page, store, routes, goods };`,
  'src/modules/alpha/goods/good.record.ts': `import { money } from '../../../kernel/money.js'; export const good = money;`,
  'src/modules/alpha/goods/good.rules.ts': `import { good } from './good.record.js'; export const sold = () => good;`,
  'src/modules/alpha/goods/goods.ts': `import { sold } from './good.rules.js'; export const sell = () => sold();`,
  'src/modules/alpha/goods/adapters/goods.store.ts': `import knex from 'knex'; export const goodStore = knex;`,
  'src/modules/alpha/goods/adapters/goods.routes.ts': `import type { Request } from 'express'; import { sell } from '../goods.js'; export const goodPage = (r: Request) => sell() && r;`,
  'src/modules/alpha/goods/wiring.ts': `import { goodPage } from './adapters/goods.routes.js'; import { goodStore } from './adapters/goods.store.js'; export const goods = { goodPage, goodStore };`,
  'src/modules/beta/index.ts': `export interface BetaApi { id: string }`,
  'src/modules/beta/others.ts': `import type { AlphaApi } from '../alpha/index.js'; import type { BetaApi } from './index.js'; export type Both = AlphaApi & BetaApi;`,
  'src/modules/beta/module.ts': `import type { Both } from './others.js'; export const beta = {} as Both;`,
};

/** Rule → a file that breaks it, and what it imports. */
const VIOLATIONS: [rule: string, file: string, code: string][] = [
  ['use-the-door', 'src/modules/beta/deep.ts', `import type { Thing } from '../alpha/thing.rules.js'; export type T = Thing;`],
  ['use-the-door', 'src/modules/beta/adapters/deep.routes.ts', `export { store } from '../../alpha/adapters/things.store.js';`],
  ['uses-alpha', 'src/modules/alpha/backwards.ts', `import type { BetaApi } from '../beta/index.js'; export type B = BetaApi;`],
  ['roles-load-modules', 'src/platform/loader.ts', `export const load = () => import('../modules/alpha/module.js');`],
  ['nobody-else-inside', 'src/bin/peek.ts', `export { use } from '../modules/alpha/things.js';`],
  ['operations-by-bin', 'src/platform/operate.ts', `export { x } from '../modules/provisioning/operations.js';`],
  ['rules-are-pure', 'src/modules/alpha/impure.rules.ts', `import { log } from '../../platform/log.js'; export const x = log;`],
  ['rules-are-pure', 'src/modules/alpha/goods/stock.rules.ts', `import { sell } from './goods.js'; export const x = sell;`],
  [
    'matter-is-plain',
    'src/modules/alpha/goods/stored.ts',
    `import { goodStore } from './adapters/goods.store.js'; export const x = goodStore;`,
  ],
  ['matter-is-plain', 'src/modules/beta/beta.ts', `import { beta } from './module.js'; export const x = beta;`],
  ['rules-are-pure', 'src/modules/beta/beta.rules.ts', `import { beta } from './module.js'; export const x = beta;`],
  [
    'pages-not-stores',
    'src/modules/alpha/goods/adapters/stock.routes.ts',
    `import { goodStore } from './goods.store.js'; export const x = goodStore;`,
  ],
  [
    'stores-not-pages',
    'src/modules/alpha/goods/adapters/stock.store.ts',
    `import { goodPage } from './goods.routes.js'; export const x = goodPage;`,
  ],
  ['rules-are-pure', 'src/modules/alpha/goods/packaged.rules.ts', `import { z } from 'zod'; export const x = z;`],
  [
    'matter-is-plain',
    'src/modules/alpha/stored.ts',
    `import { store } from './adapters/things.store.js'; export const x = store;`,
  ],
  [
    'matter-is-plain',
    'src/modules/alpha/goods/logged.ts',
    `import { log } from '../../../platform/log.js'; export const x = log;`,
  ],
  ['matter-is-plain', 'src/modules/alpha/goods/joined.ts', `import { goods } from './wiring.js'; export const x = goods;`],
  [
    'ports-know-no-adapter',
    'src/modules/alpha/goods/stock.ports.ts',
    `import { goodStore } from './adapters/goods.store.js'; export const x = goodStore;`,
  ],
  ['door-is-thin', 'src/modules/gamma/index.ts', `export { page } from './adapters/page.js';`],
  ['pages-not-stores', 'src/modules/alpha/adapters/short.routes.ts', `export { store } from './things.store.js';`],
  ['stores-not-pages', 'src/modules/alpha/adapters/page.store.ts', `export { page } from './things.routes.js';`],
  ['kernel-is-pure', 'src/kernel/files.ts', `import fs from 'node:fs'; export const x = fs;`],
  ['kernel-is-pure', 'src/kernel/logged.ts', `import { log } from '../platform/log.js'; export const x = log;`],
  [
    'platform-knows-no-module',
    'src/platform/partial.ts',
    `import type { AlphaApi } from '../modules/alpha/index.js'; export type A = AlphaApi;`,
  ],
  ['database-in-its-place', 'src/modules/alpha/queried.ts', `import knex from 'knex'; export const x = knex;`],
  ['database-in-its-place', 'src/modules/alpha/adapters/queried.routes.ts', `import pg from 'pg'; export const x = pg;`],
  [
    'express-in-its-place',
    'src/modules/alpha/adapters/things.sheet.ts',
    `import express from 'express'; export const x = express;`,
  ],
  ['documents-in-their-place', 'src/modules/alpha/adapters/letter.pdf.ts', `import Pdf from 'pdfkit'; export const x = Pdf;`],
  ['documents-in-their-place', 'src/modules/alpha/adapters/list.sheet.ts', `export const x = () => import('exceljs');`],
  ['no-development-package', 'src/platform/bundle.ts', `import { build } from 'esbuild'; export const x = build;`],
  ['no-cycle', 'src/kernel/egg.ts', `import { hen } from './hen.js'; export const egg = () => hen;`],
  ['no-orphan', 'src/platform/lonely.ts', `export const x = 1;`],
  ['resolvable', 'src/platform/lost.ts', `export { x } from './nowhere.js';`],
];

/** What the violations need beside them, without breaking anything themselves. */
const BESIDE: Record<string, string> = {
  'src/modules/provisioning/operations.ts': `export const x = 1;`,
  'src/kernel/hen.ts': `import { egg } from './egg.js'; export const hen = () => egg;`,
  'src/modules/gamma/adapters/page.ts': `export const page = 1;`,
};

interface Report {
  summary: { violations: { from: string; rule: { name: string } }[] };
}

const folders: string[] = [];
after(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

function check(files: Record<string, string>): string[] {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'aims-rules-'));
  folders.push(folder);
  for (const name of ['package.json', 'tsconfig.json', '.dependency-cruiser.cjs'])
    cpSync(path.join(projectRoot, name), path.join(folder, name));
  symlinkSync(path.join(projectRoot, 'node_modules'), path.join(folder, 'node_modules'));
  for (const [name, code] of Object.entries(files)) {
    mkdirSync(path.join(folder, path.dirname(name)), { recursive: true });
    writeFileSync(path.join(folder, name), code);
  }
  const program = path.join(projectRoot, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');
  const { stdout, stderr } = spawnSync(
    process.execPath,
    [program, 'src', '--config', '.dependency-cruiser.cjs', '--output-type', 'json'],
    {
      cwd: folder,
      encoding: 'utf8',
      maxBuffer: 64 * 1024 * 1024,
    },
  );
  assert.ok(stdout, stderr);
  const report = JSON.parse(stdout) as Report;
  return report.summary.violations.map((one) => `${one.rule.name}: ${one.from}`);
}

test('a tree that keeps the rules is accepted', () => {
  assert.deepEqual(check(CLEAN), []);
});

test('each import rule bites', async (context) => {
  const broken = { ...CLEAN, ...BESIDE, ...Object.fromEntries(VIOLATIONS.map(([, file, code]) => [file, code])) };
  const reported = check(broken);
  for (const [rule, file] of VIOLATIONS) {
    await context.test(`${rule}: ${file}`, () =>
      assert.ok(reported.includes(`${rule}: ${file}`), `reported: ${reported.join('\n')}`),
    );
  }
});

test('every rule of the configuration is broken once here', async () => {
  const configuration = (await import(path.join(projectRoot, '.dependency-cruiser.cjs'))) as {
    default: { forbidden: { name: string }[] };
  };
  const broken = new Set(VIOLATIONS.map(([rule]) => (rule.startsWith('uses-') ? 'uses-' : rule)));
  const untested = configuration.default.forbidden
    .map((rule) => (rule.name.startsWith('uses-') ? 'uses-' : rule.name))
    .filter((name) => !broken.has(name));
  assert.deepEqual([...new Set(untested)], []);
});
