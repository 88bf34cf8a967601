// Tells the runner of each finished test, of what a test has noted by `diagnostic`, and of each file that is over: a JSON line each.
import { writeSync } from 'node:fs';

/** Names of what is measured: loading a file's code, and (test/support) making the schools and databases it works on. */
export const LOADING = 'loading';
const SET_UP = 'set-up';
/** A pipe of its own, so that whatever the tests print stays apart. */
const RUNNER = 3;

// It reports by the pipe and gives nothing to print.
// eslint-disable-next-line require-yield
export default async function* report(events) {
  for await (const { type, data } of events) {
    // Those of the whole file are its counts, which the runner makes itself.
    if (type === 'test:diagnostic' && data.nesting > 0) tell({ note: data.message });
    if (type !== 'test:pass' && type !== 'test:fail') continue;
    const { details, nesting, name } = data;
    const suite = details.type === 'suite';
    // A parent fails because of a child, which is reported by itself.
    const byChild = details.error?.failureType === 'subtestsFailed';
    if (!byChild && !(suite && type === 'test:pass')) tell(resultOf(type, data));
    if (suite && nesting === 0) tell({ over: name, ...measured(), bytes: process.memoryUsage.rss() });
  }
}

function tell(line) {
  writeSync(RUNNER, `${JSON.stringify(line)}\n`);
}

function resultOf(type, { name, details, skip, todo }) {
  const skipped = skip !== undefined || todo !== undefined;
  return {
    name,
    ok: type === 'test:pass' && !skipped,
    reason: skipped ? `skipped: ${skip || todo || 'no reason given'}` : wordsOf(details.error),
  };
}

function measured() {
  const sum = (name) => performance.getEntriesByName(name).reduce((total, one) => total + one.duration, 0);
  const times = { loadingMs: sum(LOADING), setUpMs: sum(SET_UP) };
  performance.clearMeasures();
  return times;
}

function wordsOf(error) {
  if (!error) return undefined;
  const cause = error.cause;
  if (cause instanceof Error) return cause.stack?.includes(cause.message) ? cause.stack : `${cause.message}\n${cause.stack}`;
  return typeof cause === 'string' ? cause : error.message;
}
