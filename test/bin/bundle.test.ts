import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { SourceMap, type SourceMapPayload } from 'node:module';
import path from 'node:path';
import { describe, it } from 'node:test';
import { SERVING_FLAGS } from '../../src/platform/node-flags.js';
import { projectRoot } from '../../src/platform/paths.js';

const built = path.join(projectRoot, 'dist', 'src');
const parts = readdirSync(built).filter((file) => /^main\..*\.js$/.test(file) || file === 'main.js');
const textOf = (part: string): string => readFileSync(path.join(built, part), 'utf8');

/** Where a stack trace would say that this piece of the built program comes from. */
function originOf(part: string, words: string): { file: string; line: number } {
  const text = textOf(part);
  const at = text.indexOf(words);
  const lines = text.slice(0, at).split('\n');
  const map = new SourceMap(JSON.parse(readFileSync(path.join(built, `${part}.map`), 'utf8')) as SourceMapPayload);
  const entry = map.findEntry(lines.length - 1, lines.at(-1)!.length) as { originalSource?: string; originalLine?: number };
  return {
    file: entry.originalSource ? path.relative(projectRoot, path.resolve(built, entry.originalSource)) : '',
    line: (entry.originalLine ?? -1) + 1,
  };
}

function lineIn(file: string, words: string): number {
  return (
    readFileSync(path.join(projectRoot, file), 'utf8')
      .split('\n')
      .findIndex((line) => line.includes(words)) + 1
  );
}

describe('the program in a few files', () => {
  it('a stack trace still names the file and the line of our own code', () => {
    for (const [file, words] of [
      ['src/main.ts', 'must be an ordinary role, and'],
      ['src/platform/jobs/worker.ts', 'The tables of the job worker are not up to date'],
    ] as const) {
      const part = parts.find((one) => textOf(one).includes(words));
      assert.ok(part, `${words} is not in the program`);
      assert.deepEqual(originOf(part, words), { file, line: lineIn(file, words) });
    }
  });

  it('a package says of its code that it is not ours', () => {
    const words = 'Knex: ';
    const part = parts.find((one) => textOf(one).includes('module.exports=knex;') || textOf(one).includes(words));
    assert.ok(part);
    assert.equal(originOf(part, words).file, '');
  });

  it('what is needed in a few places stays outside until it works there', () => {
    const all = parts.map(textOf).join('\n');
    for (const name of ['exceljs', 'pdfkit', 'sharp', '@aws-sdk/client-s3', 'nodemailer', '@node-rs/argon2']) {
      assert.match(all, new RegExp(`import\\("${name}"\\)`), name);
      assert.doesNotMatch(all, new RegExp(`(?:from|require\\()"${name}"`), name);
    }
  });

  it('a start reads no Objection: the first row that is changed brings it', () => {
    const read = new Set<string>();
    const follow = (part: string): void => {
      if (read.has(part)) return;
      read.add(part);
      for (const [, next] of textOf(part).matchAll(/(?:from|import)\s*"\.\/(main\.[^"]+\.js)"/g)) follow(next!);
    };
    for (const part of parts.filter((one) => one === 'main.js' || one.startsWith('main.module.'))) follow(part);
    assert.ok(
      parts.some((part) => textOf(part).includes('AjvValidator')),
      'the program has Objection',
    );
    for (const part of read) assert.doesNotMatch(textOf(part), /AjvValidator/, part);
  });

  it('what is in the program is not read a second time from the packages', () => {
    const all = parts.map(textOf).join('\n');
    assert.doesNotMatch(all, /\("knex\/lib\/knex-builder|\("graphile-worker\/dist/);
    assert.doesNotMatch(all, /new Response\(null, ?\{ ?cf:/, 'Node would load its fetch for an answer that nobody asks for');
    assert.equal(
      all.match(/"application\/vnd\.openxmlformats-officedocument\.wordprocessingml\.document\\?":\{/g)?.length,
      1,
      'types of files',
    );
  });

  it('npm run serve runs it as the launcher does', () => {
    const { scripts } = JSON.parse(readFileSync(path.join(projectRoot, 'package.json'), 'utf8')) as {
      scripts: Record<string, string>;
    };
    assert.equal(scripts['serve'], ['node', ...SERVING_FLAGS, 'dist/src/main.js'].join(' '));
  });
});
