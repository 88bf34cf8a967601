import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { SourceMap, type SourceMapPayload } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, it } from 'node:test';
import { pathToFileURL } from 'node:url';
import { LOAD_ONLY, SERVING_FLAGS } from '../../src/platform/node-flags.js';
import { projectRoot } from '../../src/platform/paths.js';

const built = path.join(projectRoot, 'dist', 'src');
const program = path.join(built, 'main.cjs');
const main = path.join(built, 'main.js');
const text = readFileSync(program, 'utf8');

/** Runs the program and lets it come upon something that nobody foresaw. */
const FAILS = `
  process.env = new Proxy({}, { get: (env, key) => { if (key === 'AIMS_ROLE') throw new Error('broken'); return env[key]; } });
  import(process.argv[1]);`;
const READS_ROLE = 'const role = env.AIMS_ROLE';
/** Whether V8 would refuse what was kept at the build. */
const FITS = `
  const { readFileSync } = require('node:fs');
  const [file] = process.argv.slice(1);
  const cachedData = readFileSync(file + '.v8').subarray(32);
  process.stdout.write(String(new (require('node:vm').Script)(readFileSync(file, 'latin1'), { cachedData }).cachedDataRejected));`;

function node(
  flags: readonly string[],
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<{ stdout: string; stderr: string }> {
  return new Promise((resolve) =>
    execFile(process.execPath, [...flags, ...args], { env }, (_error, stdout, stderr) => resolve({ stdout, stderr })),
  );
}

interface Coverage {
  result: { url: string; functions: { ranges: { startOffset: number; endOffset: number; count: number }[] }[] }[];
}

/** How often the innermost piece of the program that holds these words has run. */
function callsAround(words: string, folder: string): number {
  const files = readdirSync(folder).map((file) => JSON.parse(readFileSync(path.join(folder, file), 'utf8')) as Coverage);
  const found = files.flatMap(({ result }) => result).find(({ url }) => url === pathToFileURL(program).href);
  const at = text.indexOf(words);
  const around = (found?.functions ?? [])
    .flatMap(({ ranges }) => ranges)
    .filter((one) => one.startOffset <= at && at < one.endOffset);
  return around.sort((a, b) => a.endOffset - a.startOffset - (b.endOffset - b.startOffset))[0]?.count ?? NaN;
}

/** Where a stack trace would say that this piece of the built program comes from. */
function originOf(words: string): { file: string; line: number } {
  const at = text.indexOf(words);
  assert.ok(at > 0, `${words} is not in the program`);
  const lines = text.slice(0, at).split('\n');
  const map = new SourceMap(JSON.parse(readFileSync(`${program}.map`, 'utf8')) as SourceMapPayload);
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
      assert.deepEqual(originOf(words), { file, line: lineIn(file, words) });
    }
  });

  it('what fails in it says so with that file and line', async () => {
    const { stderr } = await node(SERVING_FLAGS, ['-e', FAILS, main]);
    const line = lineIn('src/config.ts', READS_ROLE);
    assert.match(stderr, new RegExp(`^Error: broken.*\n(?: .*\n)* +at .*src/config\\.ts:${line}:\\d+`, 'm'));
  });

  it('a start takes what V8 made of it at the build; under other flags it is made anew', async () => {
    assert.equal((await node(SERVING_FLAGS, ['-e', FITS, program])).stdout, 'false');
    assert.equal((await node(['--max-semi-space-size=8'], ['-e', FITS, program])).stdout, 'true');
  });

  it('a package says of its code that it is not ours', () => {
    assert.equal(originOf('Knex: ').file, '');
  });

  it('what is needed in a few places stays outside until it works there', () => {
    for (const name of ['exceljs', 'pdfkit', 'sharp', '@aws-sdk/client-s3', 'nodemailer', '@node-rs/argon2']) {
      assert.match(text, new RegExp(`obtain\\("${name}"\\)`), name);
      assert.doesNotMatch(text, new RegExp(`(?:from|require\\()"${name}"`), name);
    }
  });

  it('what is cut short, damaged, or of another text is not taken up', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'aims-bundle-'));
    try {
      const [copy, compiled] = [path.join(folder, 'main.js'), path.join(folder, 'main.cjs.v8')];
      copyFileSync(main, copy);
      const writeProgram = (word: string): void =>
        writeFileSync(path.join(folder, 'main.cjs'), `(function(){process.stdout.write("${word}")})`);
      const said = async (...args: string[]): Promise<string> => (await node(SERVING_FLAGS, [copy, ...args])).stdout;
      writeProgram('old');
      assert.equal(await said(LOAD_ONLY), 'old');
      const whole = readFileSync(compiled);
      for (const at of [0, 40, Math.floor(whole.length / 2), whole.length - 1]) {
        writeFileSync(compiled, Buffer.from(whole).fill(whole[at]! ^ 0xff, at, at + 1));
        assert.equal(await said(), 'old', `byte ${at}`);
        writeFileSync(compiled, whole.subarray(0, at));
        assert.equal(await said(), 'old', `cut at ${at}`);
      }
      writeFileSync(compiled, whole);
      assert.equal(await said(), 'old', 'whole again');
      writeProgram('new');
      assert.equal(await said(), 'new', 'a text of the same length');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('a start runs no Objection: the first row that is changed brings it', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'aims-bundle-'));
    try {
      await node(SERVING_FLAGS, [main, LOAD_ONLY], { NODE_V8_COVERAGE: folder });
      assert.equal(callsAround('AjvValidator', folder), 0);
      assert.ok(callsAround('Knex: ', folder) >= 0, 'the coverage is of this program');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('what is in the program is not read a second time from the packages', () => {
    assert.doesNotMatch(text, /\("knex\/lib\/knex-builder|\("graphile-worker\/dist/);
    assert.doesNotMatch(text, /new Response\(null, ?\{ ?cf:/, 'Node would load its fetch for an answer that nobody asks for');
    assert.equal(
      text.match(/"application\/vnd\.openxmlformats-officedocument\.wordprocessingml\.document\\?":\{/g)?.length,
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
