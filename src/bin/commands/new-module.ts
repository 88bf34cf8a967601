import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { projectRoot } from '../../platform/paths.js';
import { StopReason } from '../launcher/stop-reason.js';
import { fill, LONGEST, NAME, namesOf, type Names } from './new-module/names.js';

export const summary = 'writes a plain module to begin with: list, form, sheet, PDF, API, migration, tests';
export const usage = 'new-module NAME      in small letters, words joined by hyphens: meal-plans';

const TEMPLATES = fileURLToPath(new URL('./new-module/', import.meta.url));
const ROLES = path.join(projectRoot, 'src/roles.ts');
const USES = path.join(projectRoot, 'src/modules/uses.json');

export async function run([name]: string[]): Promise<number> {
  if (!name) throw new StopReason('Which name? For example: npm run new-module meal-plans');
  const names = demandName(name);
  const words = { ...names, stamp: nextStamp() };
  const files = templateFiles().map((template) => ({
    file: path.join(projectRoot, fill(template, words).replace(/\.tpl$/, '')),
    text: fill(readFileSync(path.join(TEMPLATES, template), 'utf8'), words),
  }));
  for (const { file, text } of files) {
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, await pretty(file, text), { flag: 'wx' });
  }
  writeFileSync(ROLES, withRole(readFileSync(ROLES, 'utf8'), names));
  writeFileSync(USES, withUses(readFileSync(USES, 'utf8'), name));
  console.log(
    nextSteps(
      names,
      files.map(({ file }) => path.relative(projectRoot, file)),
    ),
  );
  return 0;
}

/** @throws StopReason with what is wrong with the name */
function demandName(name: string): Names {
  if (name.length > LONGEST || !NAME.test(name)) {
    throw new StopReason(
      `"${name}" can't be a module's name: small letters and digits, words joined by single hyphens, three letters to begin with, at most ${LONGEST} in all. For example: meal-plans`,
    );
  }
  const names = namesOf(name);
  if (!names) throw new StopReason(`"${name}" means something else in the code. Choose another name.`);
  const owner = ownerOf(names);
  if (owner) throw new StopReason(`"${name}" is taken: ${owner} has it. Choose another name.`);
  return names;
}

function ownerOf({ name, table }: Names): string | null {
  const folders = [`src/modules/${name}`, `views/${name}`, `test/modules/${name}`];
  const folder = folders.find((one) => existsSync(path.join(projectRoot, one)));
  if (folder) return folder;
  if (name in (JSON.parse(readFileSync(USES, 'utf8')) as object)) return 'src/modules/uses.json';
  const migration = readdirSync(path.join(projectRoot, 'migrations/tenant')).find((file) =>
    file.slice(14).startsWith(`_${table}_`),
  );
  if (migration) return `migrations/tenant/${migration}`;
  return (
    routeFiles().find((file) => new RegExp(`['"\`]/${name}['"\`/]`).test(readFileSync(path.join(projectRoot, file), 'utf8'))) ??
    null
  );
}

/** Where addresses are declared: two modules can't have one. */
function routeFiles(): string[] {
  return readdirSync(path.join(projectRoot, 'src'), { recursive: true, encoding: 'utf8' })
    .map((file) => `src/${file.split(path.sep).join('/')}`)
    .filter((file) => /^src\/(app|modules\/[^/]+\/(module|(.+\/)?adapters\/.+)|platform\/http\/.+)\.ts$/.test(file));
}

function templateFiles(): string[] {
  return readdirSync(TEMPLATES, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.tpl'))
    .sort();
}

/** Now, but after every migration that is there: they run in the order of their names. */
function nextStamp(): string {
  const now = new Date().toISOString().replace(/\D/g, '').slice(0, 14);
  const newest = readdirSync(path.join(projectRoot, 'migrations/tenant')).sort().at(-1)?.slice(0, 14) ?? '0';
  return newest < now ? now : String(Number(newest) + 1);
}

/** Names are of any length, so that lines break where they must. */
async function pretty(file: string, text: string): Promise<string> {
  if (!/\.(ts|md)$/.test(file)) return text;
  const prettier = await import('prettier');
  return prettier.format(text, { ...(await prettier.resolveConfig(path.join(projectRoot, 'package.json'))), filepath: file });
}

function withRole(source: string, names: Names): string {
  const start = source.indexOf('\n  tenant: {');
  const end = source.indexOf('\n  },', start);
  if (start < 0 || end < 0) throw new StopReason('src/roles.ts has no list of tenant modules.');
  const key = /-/.test(names.name) ? `'${names.name}'` : names.name;
  const line = `\n    ${key}: async () => (await import('./modules/${names.name}/module.js')).${names.const},`;
  return source.slice(0, end) + line + source.slice(end);
}

function withUses(source: string, name: string): string {
  return source.replace(/\s*\}\s*$/, `,\n  "${name}": ["audit", "school"]\n}\n`);
}

function nextSteps(names: Names, files: string[]): string {
  return [
    ...files.map((file) => `  ${file}`),
    '  src/roles.ts and src/modules/uses.json name it',
    '',
    `The module ${names.name} is there, at /${names.name}. It works as it is:`,
    `  npm test -- test/modules/${names.name}`,
    '  npm start',
    '',
    'Then make it yours, from the inside out: record, migration, commands, pages, README.',
  ].join('\n');
}
