import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { projectRoot } from '../../src/platform/paths.js';
import { digest } from './plain.js';

const FOLDER = path.join(projectRoot, 'test/snapshot/taken');

/** What one part of the product comes to: the name of each thing, and its whole text or what is to be told of it. */
export type Part = ReadonlyMap<string, string>;

/**
 * Compares a part with what was taken last, a line each thing; the answer is what differs. With AIMS_SNAPSHOT=write it is taken anew;
 * with a folder's name the whole texts are written there too, so that two of them can be laid beside each other.
 */
export function compare(name: string, part: Part): string[] {
  const wanted = process.env.AIMS_SNAPSHOT;
  if (wanted && wanted !== 'write') writeWhole(path.join(wanted, name), part);
  const file = path.join(FOLDER, `${name}.txt`);
  const lines = new Set([...part].map(([thing, text]) => `${thing} ${short(text)}`.trim()));
  if (wanted === 'write') {
    mkdirSync(FOLDER, { recursive: true });
    writeFileSync(file, `${[...lines].sort().join('\n')}\n`);
    return [];
  }
  const taken = new Set(existsSync(file) ? readFileSync(file, 'utf8').split('\n').filter(Boolean) : []);
  return [
    ...[...taken].filter((line) => !lines.has(line)).map((line) => `- ${line}`),
    ...[...lines].filter((line) => !taken.has(line)).map((line) => `+ ${line}`),
  ];
}

/** A word or two is told as it is, a page by its digest. */
function short(text: string): string {
  return text.length <= 60 && !text.includes('\n') ? text : digest(text);
}

function writeWhole(folder: string, part: Part): void {
  mkdirSync(folder, { recursive: true });
  for (const [thing, text] of part)
    writeFileSync(path.join(folder, thing.replace(/[^\w.:=?&-]+/g, '_').slice(0, 180)), `${text.replaceAll('><', '>\n<')}\n`);
}
