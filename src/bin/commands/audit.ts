import { buildApp } from '../../app.js';
import { readConfig } from '../../config.js';
import { AUDIT_API, type Verdict } from '../../modules/audit/index.js';
import { openOperator } from '../operator.js';
import { StopReason } from '../launcher/stop-reason.js';

export const summary = 'prove the chain of what was done: name the first entry that was changed, removed or put in';
export const usage = 'audit verify [<subdomain> …]';

/** Beside a launcher for the platform and each school (or those named); on a server for the one of the environment. */
export async function run([what, ...subdomains]: string[]): Promise<number> {
  if (what !== 'verify') throw new StopReason(`usage: aims ${usage}`);
  let broken = 0;
  for (const { name, env } of environments(subdomains)) {
    const verdict = await verify(env);
    console.log(`${name}: ${wordsOf(verdict)}`);
    if (!verdict.sound) broken++;
  }
  return broken === 0 ? 0 : 1;
}

function environments(subdomains: readonly string[]): { name: string; env: NodeJS.ProcessEnv }[] {
  if (process.env.AIMS_ROLE === 'core') return [{ name: 'platform', env: process.env }];
  if (process.env.AIMS_ROLE === 'tenant') return [{ name: process.env.TENANT_SUBDOMAIN ?? 'school', env: process.env }];
  const { local, schools, school } = openOperator();
  if (!local) throw new StopReason('Set AIMS_ROLE and what else the process of the school, or of the platform, is started with.');
  const chosen = subdomains.length > 0 ? subdomains.map((name) => school(name)) : schools();
  const named = chosen.map(({ subdomain }) => ({
    name: subdomain,
    env: local.environmentOf(subdomain, process.env) as NodeJS.ProcessEnv,
  }));
  return subdomains.length > 0 ? named : [{ name: 'platform', env: local.coreCommandEnvironment(process.env) }, ...named];
}

async function verify(env: NodeJS.ProcessEnv): Promise<Verdict> {
  const app = await buildApp(readConfig({ ...env, LOG_LEVEL: 'silent' }));
  try {
    return await app.run(() => app.container.get(AUDIT_API).verifyChain());
  } finally {
    await app.stop();
  }
}

/** One line for each school, to be kept by whoever runs this from a schedule. */
export function wordsOf(verdict: Verdict): string {
  if (verdict.sound) {
    const { seals, head, anchor } = verdict;
    const rest = `sound, seals ${anchor ? anchor.seq + 1 : 1} to ${seals}, head ${head.slice(0, 16)}`;
    if (!anchor) return rest;
    const gone = `seals 1 to ${anchor.seq} (before ${dayOf(anchor.cutoff)}) were removed for their age, the last time on ${dayOf(anchor.madeAt)}`;
    return `${rest}; ${gone}, anchor ${anchor.hash.slice(0, 16)}`;
  }
  return `BROKEN at seal ${verdict.seq}${verdict.entryId ? `, entry ${verdict.entryId}` : ''}: ${verdict.what}`;
}

function dayOf(instant: Date): string {
  return instant.toISOString().slice(0, 10);
}
