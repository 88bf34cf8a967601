import { accessSync, constants, existsSync, statfsSync } from 'node:fs';
import path from 'node:path';
import { projectRoot } from '../../platform/paths.js';
import { openOperator, type Operator } from '../operator.js';

export const summary = 'look for what would keep AIMS from working here, and say what to do';

interface Finding {
  what: string;
  /** What is wrong and how to mend it, or null. */
  problem: string | null;
}

const ROOM_NEEDED = 500 * 1024 * 1024;

export async function run(): Promise<number> {
  const findings = [node(), built(), ...folder(path.resolve(process.env.AIMS_DATA || 'data')), ...(await databases())];
  for (const { what, problem } of findings)
    console.log(`${problem ? 'PROBLEM' : 'ok     '}  ${what}${problem ? `: ${problem}` : ''}`);
  return findings.some((one) => one.problem) ? 1 : 0;
}

function node(): Finding {
  return { what: `Node ${process.versions.node}`, problem: null };
}

function built(): Finding {
  const there = existsSync(path.join(projectRoot, 'dist/public/manifest.json'));
  return { what: 'build', problem: there ? null : 'dist/ has no style and scripts; run node src/bin/build.mjs' };
}

function folder(data: string): Finding[] {
  const place = existsSync(data) ? data : path.dirname(data);
  const { bavail, bsize } = statfsSync(place);
  const room = bavail * bsize;
  return [
    { what: `data folder ${data}`, problem: writable(place) ? null : 'it may not be written; change its owner or set AIMS_DATA' },
    {
      what: `${Math.round(room / 1024 / 1024)} MB free there`,
      problem: room > ROOM_NEEDED ? null : 'free some space; 500 MB are needed',
    },
  ];
}

function writable(place: string): boolean {
  try {
    accessSync(place, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

async function databases(): Promise<Finding[]> {
  let operator: Operator;
  try {
    operator = openOperator();
  } catch (error) {
    return [{ what: 'schools', problem: wordsOf(error) }];
  }
  const findings: Finding[] = [];
  for (const school of operator.schools()) {
    const what = `school ${school.subdomain}`;
    try {
      const missing = (await operator.operations.createDb.check(school)).filter((step) => !step.done);
      const pending = await operator.operations.migrate.pending(school);
      const mapped = await operator.operations.bootstrapTenant.check(school);
      findings.push({
        what,
        problem: problemOf(
          missing.map((step) => step.step),
          pending,
          mapped,
        ),
      });
    } catch (error) {
      findings.push({ what, problem: `its database can't be reached (${wordsOf(error)})` });
    }
  }
  return findings;
}

function problemOf(missing: string[], pending: string[], mapped: boolean): string | null {
  if (missing.length > 0) return `missing: ${missing.join(', ')}; run aims create-db`;
  if (pending.length > 0) return `${pending.length} migrations behind; run aims migrate`;
  return mapped ? null : 'not bootstrapped; run aims bootstrap-tenant';
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
