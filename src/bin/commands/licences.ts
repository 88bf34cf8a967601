import { readFileSync } from 'node:fs';
import path from 'node:path';
import { projectRoot } from '../../platform/paths.js';

export const summary =
  'list the licence and install script of every package that ships; fail on one that is not on the allow list';

interface Locked {
  version: string;
  license?: string;
  dev?: boolean;
  hasInstallScript?: boolean;
}
export interface AllowList {
  licences: string[];
  packages: Record<string, { licence: string; why: string }>;
  installScripts: Record<string, string>;
}
export interface PackageLine {
  name: string;
  version: string;
  licence: string;
  ships: boolean;
  script: boolean;
  /** What is wrong with it, or null. */
  problem: string | null;
}

export function run(): Promise<number> {
  const lines = review(readJson('package-lock.json') as { packages: Record<string, Locked> }, allowList());
  for (const line of lines.filter((one) => one.ships)) {
    console.log(`${line.name}@${line.version}\t${line.licence}${line.script ? '\tinstall script' : ''}`);
  }
  const problems = lines.filter((line) => line.problem);
  for (const line of problems) console.error(`${line.name}@${line.version}: ${line.problem}`);
  console.log(`${lines.filter((line) => line.ships).length} packages ship, ${problems.length} not allowed.`);
  return Promise.resolve(problems.length === 0 ? 0 : 1);
}

export function allowList(): AllowList {
  return readJson('src/bin/commands/licences.json') as AllowList;
}

/** Licences count for what ships; install scripts for everything that is ever installed. */
export function review(lock: { packages: Record<string, Locked> }, allowed: AllowList): PackageLine[] {
  const lines = Object.entries(lock.packages)
    .filter(([folder]) => folder !== '')
    .map(([folder, locked]) => toLine(folder.replace(/^.*node_modules\//, ''), locked, allowed));
  return lines.sort((a, b) => a.name.localeCompare(b.name));
}

function toLine(name: string, locked: Locked, allowed: AllowList): PackageLine {
  const licence = allowed.packages[name]?.licence ?? locked.license ?? 'unknown';
  const ships = !locked.dev;
  const script = locked.hasInstallScript === true;
  return { name, version: locked.version, licence, ships, script, problem: problemOf(name, licence, ships, script, allowed) };
}

function problemOf(name: string, licence: string, ships: boolean, script: boolean, allowed: AllowList): string | null {
  if (ships && !isAllowed(licence, allowed.licences)) return `its licence (${licence}) is not on the allow list`;
  return script && !(name in allowed.installScripts) ? 'its install script is not on the allow list' : null;
}

/** SPDX expressions: of alternatives one is enough, of what holds together all must be allowed. */
function isAllowed(expression: string, licences: readonly string[]): boolean {
  const plain = expression.replace(/[()]/g, '');
  return plain.split(/ OR /i).some((one) => one.split(/ AND /i).every((licence) => licences.includes(licence.trim())));
}

function readJson(file: string): unknown {
  return JSON.parse(readFileSync(path.join(projectRoot, file), 'utf8'));
}
