import path from 'node:path';
import { projectRoot } from '../../platform/paths.js';
import type { Upstream } from '../gateway.js';
import type { Place } from './environment.js';
import type { LocalPlatform, LocalSchool } from './local-platform.js';
import { ManagedProcess } from './managed-process.js';
import type { Register } from './school-register.js';

const MAIN = path.join(projectRoot, 'dist/src/main.js');
const IDLE_MINUTES = 10;
const BUSY: Upstream = { acquire: () => Promise.reject(new Error('This school is being built.')) };

/** The processes behind the gateway: the platform's always, each school's while it is needed. */
export class Processes {
  private readonly core: ManagedProcess;
  private readonly provisioner: ManagedProcess;
  private readonly schools = new Map<string, ManagedProcess>();
  /** Schools that are being built: nobody gets in yet. */
  private readonly held = new Set<string>();
  private coreStarted = false;
  private closed = false;

  constructor(
    private readonly platform: LocalPlatform,
    private readonly place: Place,
    private readonly env: NodeJS.ProcessEnv,
    private readonly register: Register,
  ) {
    this.core = new ManagedProcess('core', {
      program: () =>
        Promise.resolve({
          name: 'core',
          script: MAIN,
          env: platform.coreEnvironment(env, place),
          host: 'localhost',
          logs: this.logs(),
        }),
      idleMs: Infinity,
      nextDue: () => Promise.resolve(new Date()),
      // A first start that fails ends the launcher, which says why itself.
      onTrouble: (sentence) => this.coreStarted && tell(sentence),
    });
    this.provisioner = new ManagedProcess('provisioner', {
      program: () =>
        Promise.resolve({
          name: 'provisioner',
          script: MAIN,
          env: platform.provisionerEnvironment(env, place),
          host: 'localhost',
          logs: this.logs(),
        }),
      idleMs: Infinity,
      nextDue: () => Promise.resolve(new Date()),
      onTrouble: tell,
    });
  }

  async startCore(): Promise<void> {
    (await this.core.acquire()).release();
    this.coreStarted = true;
  }

  /** Nobody waits for it: orders that come meanwhile are taken a moment later. */
  startProvisioner(): void {
    this.provisioner.acquire().then(
      ({ release }) => release(),
      () => this.provisioner.wakeWhenDue(),
    );
  }

  /** A school that has just been made is found, one that was removed is stopped, with this very request. */
  async find(subdomain: string | null): Promise<Upstream | null> {
    if (subdomain === null) return this.core;
    if (this.held.has(subdomain)) return BUSY;
    const known = this.schools.get(subdomain);
    if (!known) return this.add(subdomain);
    if (this.platform.has(subdomain)) return known;
    await known.close();
    this.schools.delete(subdomain);
    return null;
  }

  async whileHeld<Result>(subdomain: string, work: () => Promise<Result>): Promise<Result> {
    this.held.add(subdomain);
    try {
      return await work();
    } finally {
      this.held.delete(subdomain);
    }
  }

  /** The same for a school that may be running: its process ends first, and the next request starts another. */
  async whileReplaced<Result>(subdomain: string, work: () => Promise<Result>): Promise<Result> {
    return this.whileHeld(subdomain, async () => {
      await this.schools.get(subdomain)?.close();
      this.schools.delete(subdomain);
      return work();
    });
  }

  /** Schools that nobody has asked for yet may have work waiting from the last time. */
  wakeWhenDue(subdomains: readonly string[]): void {
    for (const subdomain of subdomains) void (this.schools.get(subdomain) ?? this.add(subdomain))?.wakeWhenDue();
  }

  async close(): Promise<void> {
    this.closed = true;
    await Promise.all([this.provisioner, this.core, ...this.schools.values()].map((one) => one.close()));
  }

  private add(subdomain: string): ManagedProcess | null {
    const school = this.closed ? null : this.platform.find(subdomain);
    if (!school) return null;
    const managed = new ManagedProcess(subdomain, {
      program: () => Promise.resolve(this.programOf(school)),
      idleMs: idleMs(this.env.AIMS_IDLE_MINUTES),
      nextDue: () => this.platform.nextDue(school),
      onTrouble: tell,
      onState: (running, nextDue) => void this.register.noteRunning(school.id, running, nextDue),
    });
    this.schools.set(subdomain, managed);
    return managed;
  }

  private programOf(school: LocalSchool) {
    return {
      name: school.subdomain,
      script: MAIN,
      env: this.platform.schoolEnvironment(this.env, this.place, school),
      host: `${school.subdomain}.localhost:${this.place.port}`,
      logs: this.logs(),
    };
  }

  private logs(): string {
    return path.join(this.place.data, 'logs');
  }
}

function idleMs(text: string | undefined): number {
  const minutes = Number(text || IDLE_MINUTES);
  return (minutes > 0 ? minutes : IDLE_MINUTES) * 60_000;
}

function tell(sentence: string): void {
  process.stderr.write(`${sentence}\n`);
}
