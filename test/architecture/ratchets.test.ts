import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { projectRoot } from '../../src/platform/paths.js';
import { circlesOf, importsOf } from '../support/reading/imports.js';
import { filesUnder, longCodeLines } from '../support/reading/sources.js';

const LINE = 130;
const VIEW_LINE = 160;
const FOLDER = 20;
const SOURCES = /\.(ts|mjs|js|css|ejs)$/;

/**
 * What the tree still has too much of. Each list may only become shorter: whoever makes one shorter takes it down with
 * `npm run snapshot`, and when it is empty, the rule holds without it.
 */
describe('what may only become less', () => {
  it(`lines of more than ${LINE} columns, sentences, regular expressions and SQL not counted`, () => {
    const files = ['src', 'bench', 'test', 'migrations'].flatMap((folder) => filesUnder(folder, /\.ts$/));
    assert.deepEqual(
      compared(
        'lines',
        counted(files, (text, file) => longCodeLines(text, file, LINE)),
      ),
      [],
    );
  });

  it(`lines of more than ${VIEW_LINE} columns in views`, () => {
    const long = (text: string): number => text.split('\n').filter((line) => line.length > VIEW_LINE).length;
    assert.deepEqual(compared('view-lines', counted(filesUnder('views', /\.ejs$/), long)), []);
  });

  it('circles of imports, those of types too', () => {
    const circles = circlesOf(importsOf(filesUnder('src', /\.ts$/)));
    assert.deepEqual(compared('circles', new Map(circles.map((circle) => [circle.join(' '), circle.length]))), []);
  });

  it('modules laid out by layer: a matter is a folder, and its adapters lie flat beside it', () => {
    const layered = /^src\/modules\/[^/]+\/(?:(?:[^/]+\/)?(?:domain|application|ports)\/|(?:[^/]+\/)?adapters\/[^/]+\/)/;
    assert.deepEqual(
      filesUnder('src/modules', SOURCES).filter((file) => layered.test(file)),
      [],
    );
  });

  it(`folders of more than ${FOLDER} source files`, () => {
    const folders = new Map<string, number>();
    for (const file of ['src', 'bench', 'test', 'views', 'public'].flatMap((folder) => filesUnder(folder, SOURCES))) {
      folders.set(path.dirname(file), (folders.get(path.dirname(file)) ?? 0) + 1);
    }
    assert.deepEqual(compared('folders', new Map([...folders].filter(([, count]) => count > FOLDER))), []);
  });
});

function counted(files: readonly string[], count: (text: string, file: string) => number): Map<string, number> {
  const counts = files.map((file): [string, number] => [file, count(readFileSync(path.join(projectRoot, file), 'utf8'), file)]);
  return new Map(counts.filter(([, number]) => number > 0));
}

/** What differs from the list; where it has become less, `npm run snapshot` takes the list down, and never up. */
function compared(name: string, now: ReadonlyMap<string, number>): string[] {
  const file = path.join(projectRoot, 'test/architecture/ratchets', `${name}.txt`);
  const lines = existsSync(file) ? readFileSync(file, 'utf8').split('\n').filter(Boolean) : [];
  const allowed = new Map(lines.map((line) => [line.slice(line.indexOf(' ') + 1), Number.parseInt(line, 10)]));
  const more = [...now].filter(([thing, count]) => count > (allowed.get(thing) ?? 0));
  const less = [...allowed].filter(([thing, count]) => (now.get(thing) ?? 0) < count);
  if (process.env.AIMS_SNAPSHOT === 'write' && (more.length === 0 || !existsSync(file))) {
    writeFileSync(
      file,
      [...now]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([thing, count]) => `${count} ${thing}\n`)
        .join(''),
    );
    return [];
  }
  return [
    ...more.map(([thing, count]) => `${thing}: ${count}, and ${allowed.get(thing) ?? 0} are allowed`),
    ...less.map(
      ([thing, count]) => `${thing}: only ${now.get(thing) ?? 0} of ${count} are left: npm run snapshot takes the list down`,
    ),
  ];
}
