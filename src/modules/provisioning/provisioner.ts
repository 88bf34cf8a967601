import type { SchoolDatabases, Orders } from './ports.js';
import type { Worker } from './worker.js';

export interface ProvisionerParts {
  orders: Orders;
  worker: Worker;
  databases: SchoolDatabases;
  /** Calls back when there may be a new order; returns the end of it. */
  onOrder(handler: () => void): () => void;
  /** Enters the context in which stores work. */
  run<Result>(work: () => Promise<Result>): Promise<Result>;
  onError(error: unknown, where: string): void;
}

/** Runs under way at once: on two cores more would only make each of them slower. */
export const MOST_AT_ONCE = 4;
/** Should an announcement be missed. */
const LOOK_ANYWAY_MS = 5_000;
const AFTER_TROUBLE_MS = 1_000;

/** Takes orders as they come, several at once, until stopped. */
export class Provisioner {
  private readonly working = new Set<Promise<void>>();
  private timer: NodeJS.Timeout | null = null;
  private taking = false;
  private missed = false;
  private stopped = false;
  private unhear: (() => void) | null = null;

  constructor(private readonly parts: ProvisionerParts) {}

  start(): { stop(): Promise<void> } {
    this.unhear = this.parts.onOrder(() => void this.pump());
    this.parts.databases.warmUp().catch((error: unknown) => this.parts.onError(error, 'template for new schools'));
    void this.pump();
    return { stop: () => this.stop() };
  }

  private async stop(): Promise<void> {
    this.stopped = true;
    this.unhear?.();
    clearTimeout(this.timer ?? undefined);
    await Promise.all(this.working);
    await this.parts.orders.close();
  }

  private async pump(): Promise<void> {
    this.missed = this.taking;
    if (this.taking || this.stopped) return;
    this.taking = true;
    const again = await this.takeAll().catch((error: unknown) => {
      this.parts.onError(error, 'taking orders');
      return AFTER_TROUBLE_MS;
    });
    this.taking = false;
    this.later(this.missed ? 0 : again);
  }

  /** In how many ms to look again. */
  private async takeAll(): Promise<number> {
    while (this.working.size < MOST_AT_ONCE && (await this.takeOne()));
    const dueIn = await this.parts.orders.nextDueIn();
    return Math.min(Math.max(dueIn ?? LOOK_ANYWAY_MS, 50), LOOK_ANYWAY_MS);
  }

  private later(ms: number): void {
    clearTimeout(this.timer ?? undefined);
    if (!this.stopped) this.timer = setTimeout(() => void this.pump(), ms);
  }

  private async takeOne(): Promise<boolean> {
    const order = await this.parts.orders.take();
    if (!order) return false;
    const work = this.parts
      .run(() => this.parts.worker.work(order))
      .catch((error: unknown) => {
        this.parts.onError(error, `provisioning of ${order.schoolId}`);
        return { inMs: AFTER_TROUBLE_MS };
      })
      .then((again) => order.release(again))
      .catch((error: unknown) => this.parts.onError(error, 'letting go of an order'))
      .finally(() => {
        this.working.delete(work);
        void this.pump();
      });
    this.working.add(work);
    return true;
  }
}
