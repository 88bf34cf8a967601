// The process that test files run in, one after the other: the runner writes their names, a line each, and waits for what the
// reporter tells of one before it writes the next.
import path from 'node:path';
import { describe, it } from 'node:test';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import { LOADING } from './reporter.mjs';

const LEFT_OPEN_MS = 15_000;

for await (const file of createInterface({ input: process.stdin })) describe(file, () => load(file));
setTimeout(leftOpen, LEFT_OPEN_MS).unref();

async function load(file) {
  const start = performance.now();
  try {
    await import(pathToFileURL(path.resolve(file)).href);
  } catch (error) {
    it('can be loaded', () => {
      throw error;
    });
  }
  performance.measure(LOADING, { start });
}

function leftOpen() {
  const open = process.getActiveResourcesInfo().join(', ');
  process.stderr.write(`The tests are over, but something was left open (${open}); with --alone it is seen by which file.\n`);
  process.exit(70);
}
