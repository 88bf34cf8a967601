import { Child, type Program } from './child.js';

export interface ManagedProcessOptions {
  program(): Promise<Program>;
  idleMs: number;
  /** When it next has work to do without being asked: a running or due job counts as now; null: none waits. */
  nextDue(): Promise<Date | null>;
  onTrouble(sentence: string): void;
  /** Told when it begins and when it ends, with its next job. */
  onState?(running: boolean, nextDue: Date | null): void;
}

const BACK_OFF_MS = [0, 1_000, 2_000, 5_000, 10_000, 30_000];
const STABLE_MS = 60_000;
/** Not worth a stop and a start. */
const SOON_MS = 30_000;
const LONGEST_TIMER_MS = 12 * 3600_000;

/**
 * A process that runs while somebody needs it: started by the first request (others wait for the same start),
 * stopped when idle, woken for its next job, started again with a growing pause after a crash.
 */
export class ManagedProcess {
  private child: Child | null = null;
  private starting: Promise<Child> | null = null;
  private stopping: Promise<void> | null = null;
  private closed = false;
  private failures = 0;
  private notBefore = 0;
  private busy = 0;
  private timer: NodeJS.Timeout | null = null;

  constructor(
    readonly name: string,
    private readonly options: ManagedProcessOptions,
  ) {}

  get state(): 'running' | 'starting' | 'stopped' {
    if (this.starting) return 'starting';
    return this.child?.running ? 'running' : 'stopped';
  }

  get pid(): number | null {
    return this.child?.pid ?? null;
  }

  /** The port to ask, with the process kept awake until `release` is called. @throws StopReason */
  async acquire(): Promise<{ port: number; release: () => void }> {
    this.busy++;
    clearTimeout(this.timer ?? undefined);
    try {
      const child = await this.running();
      return { port: child.port, release: this.releaseOnce() };
    } catch (error) {
      this.released();
      throw error;
    }
  }

  /** Sets the timer for its next job while it is not running. */
  async wakeWhenDue(): Promise<void> {
    if (this.closed || this.child) return;
    const due = await this.options.nextDue().catch(() => null);
    if (this.closed || this.child || this.starting) return;
    this.options.onState?.(false, due);
    if (!due) return;
    this.setTimer(Math.max(0, due.getTime() - Date.now()), () => this.wake());
  }

  async close(): Promise<void> {
    this.closed = true;
    clearTimeout(this.timer ?? undefined);
    await this.starting?.catch(() => undefined);
    await this.stopChild();
  }

  private async running(): Promise<Child> {
    await this.stopping;
    if (this.child?.running) return this.child;
    this.starting ??= this.start().finally(() => (this.starting = null));
    return this.starting;
  }

  private async start(): Promise<Child> {
    if (this.closed) throw new Error('The launcher is stopping.');
    if (Date.now() < this.notBefore) throw new Error(`${this.name} failed a moment ago and is tried again soon.`);
    try {
      const began = Date.now();
      const child = await Child.start(await this.options.program());
      this.child = child;
      child.onExit(() => this.exited(child, began));
      this.options.onState?.(true, null);
      return child;
    } catch (error) {
      this.pauseAfterFailure();
      this.options.onTrouble(error instanceof Error ? error.message : String(error));
      throw error;
    }
  }

  private exited(child: Child, began: number): void {
    if (this.child !== child) return;
    this.child = null;
    if (Date.now() - began > STABLE_MS) this.failures = 0;
    this.pauseAfterFailure();
    this.options.onTrouble(`${this.name} ended by itself; it is started again when it is needed.`);
    if (!this.closed) this.setTimer(Math.max(0, this.notBefore - Date.now()), () => void this.wakeWhenDue());
  }

  private pauseAfterFailure(): void {
    this.notBefore = Date.now() + BACK_OFF_MS[Math.min(this.failures, BACK_OFF_MS.length - 1)]!;
    this.failures++;
  }

  private releaseOnce(): () => void {
    let done = false;
    return () => {
      if (!done) this.released();
      done = true;
    };
  }

  private released(): void {
    this.busy--;
    if (this.busy === 0 && !this.closed) this.setTimer(this.options.idleMs, () => void this.stopIfIdle());
  }

  private async stopIfIdle(): Promise<void> {
    const due = await this.options.nextDue().catch(() => new Date());
    if (this.busy > 0 || this.closed) return;
    if (due && due.getTime() <= Date.now() + Math.min(this.options.idleMs, SOON_MS)) {
      this.setTimer(this.options.idleMs, () => void this.stopIfIdle());
      return;
    }
    await this.stopChild();
    if (this.busy === 0) await this.wakeWhenDue();
  }

  private async stopChild(): Promise<void> {
    const child = this.child;
    if (!child) return;
    this.child = null;
    this.failures = 0;
    this.stopping = child.stop().finally(() => (this.stopping = null));
    await this.stopping;
  }

  private wake(): void {
    void this.acquire().then(
      ({ release }) => release(),
      () => this.setTimer(BACK_OFF_MS.at(-1)!, () => void this.wakeWhenDue()),
    );
  }

  private setTimer(ms: number, work: () => void): void {
    clearTimeout(this.timer ?? undefined);
    this.timer = setTimeout(ms > LONGEST_TIMER_MS ? () => void this.wakeWhenDue() : work, Math.min(ms, LONGEST_TIMER_MS));
    this.timer.unref();
  }
}
