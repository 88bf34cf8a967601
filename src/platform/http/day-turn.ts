import type { Log } from '../log.js';

/** What has to be done when the school's day changes, before the first page of that day is served by this process. */
export class DayTurn {
  private reached: string | null = null;
  private running: Promise<void> | null = null;

  constructor(
    private readonly work: readonly ((today: string) => Promise<void>)[],
    private readonly log: Pick<Log, 'error'>,
  ) {}

  /** Where it fails, the page is served all the same, and the next one tries again. */
  async reach(today: string): Promise<void> {
    if (this.reached === today || this.work.length === 0) return;
    this.running ??= this.turn(today).finally(() => {
      this.running = null;
    });
    await this.running;
  }

  private async turn(today: string): Promise<void> {
    try {
      for (const each of this.work) await each(today);
      this.reached = today;
    } catch (err) {
      this.log.error({ err }, 'the turn of the day');
    }
  }
}
