// npm run test:clock: the tests with the clock moved, processes and database alike.
//   npm run test:clock                                  everything, at each of the clocks below
//   npm run test:clock -- late test/modules/fees        one clock, and only what the rest names, as in npm test
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { giveUp } from './setup.mjs';

/**
 * Moments at which a test or the product could take one day for another, each the next one to come. The clock is only ever
 * moved ahead: in a signal handler the moved clock may show the real time for once, and where that is the later one,
 * PostgreSQL takes all its timeouts for over.
 */
const CLOCKS = {
  late: [
    () => `${new Date(Date.now() + 30 * 60_000).toISOString().slice(0, 10)}T23:30:00Z`,
    'half past two in the morning in Nairobi, the day before in UTC',
  ],
  'first-of-month': [
    () => next((year) => `${year}-10-31T21:10:00Z`),
    'the first of a month in Nairobi, the last of another in UTC',
  ],
  'last-of-month': [() => next((year) => `${year}-09-30T20:40:00Z`), 'the last minutes of a month in Nairobi'],
  'new-year': [() => next((year) => `${year}-12-31T20:50:00Z`), '31 December, 23:50 in Nairobi'],
  'leap-day': [() => next((year) => `${year + ((4 - (year % 4)) % 4)}-02-29T09:00:00Z`), '29 February'],
  holidays: [() => next((year) => sundayAfter(`${year}-08-09`)), 'a Sunday in the holidays'],
  'after-terms': [() => next((year) => `${year}-12-05T09:00:00Z`), 'after the last term of the year'],
};

const [first, ...rest] = process.argv.slice(2);
const names = first in CLOCKS ? [first] : Object.keys(CLOCKS);
const args = first in CLOCKS ? rest : process.argv.slice(2);
requireFaketime();
const failed = names.filter((name) => run(name) !== 0);
console.log(failed.length === 0 ? `All held at: ${names.join(', ')}.` : `Failed at: ${failed.join(', ')}.`);
process.exit(failed.length === 0 ? 0 : 1);

/** The clock runs on from there: every process is ahead of the real one by the same seconds. */
function run(name) {
  const [moment, what] = CLOCKS[name];
  const at = moment();
  const seconds = Math.round((Date.parse(at) - Date.now()) / 1000);
  console.log(`\n${name}: ${at}, ${what}`);
  const tests = fileURLToPath(new URL('test.mjs', import.meta.url));
  // Timers go by the monotonic clock, which stays as it is.
  const env = { ...process.env, FAKETIME_DONT_FAKE_MONOTONIC: '1', FAKETIME_NO_CACHE: '1' };
  const { status } = spawnSync('faketime', ['-m', '-f', `+${seconds}s`, process.execPath, tests, ...args], {
    stdio: 'inherit',
    env,
  });
  return status ?? 1;
}

/** The first of these, one for each year from this one on, that is still to come. */
function next(momentIn) {
  for (let year = new Date().getUTCFullYear(); ; year += 1) if (Date.parse(momentIn(year)) > Date.now()) return momentIn(year);
}

function sundayAfter(day) {
  const at = new Date(`${day}T09:00:00Z`);
  at.setUTCDate(at.getUTCDate() + ((7 - at.getUTCDay()) % 7));
  return at.toISOString();
}

function requireFaketime() {
  const there = () => ['/usr/bin/faketime', '/usr/local/bin/faketime'].some((path) => existsSync(path));
  if (!there() && process.getuid?.() === 0) {
    console.error('Installing faketime (once) …');
    const quiet = { env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }, stdio: 'ignore' };
    spawnSync('apt-get', ['update', '-qq'], quiet);
    spawnSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'faketime'], quiet);
  }
  if (!there()) giveUp("The moved clock needs faketime: install it with your system's package manager and start again.");
}
