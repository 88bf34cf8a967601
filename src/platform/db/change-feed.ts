import pg from 'pg';

const CHANNEL = 'aims_changed';
const HEARTBEAT_MS = 5_000;
const ANSWER_MS = 2_000;
const RETRY_MS = 500;

/** `null` means that news may have been missed: forget everything. */
export type ChangeHandler = (key: string | null) => void;

/**
 * The process's one LISTEN connection: tells what other processes have changed. It connects when first
 * asked, watches its connection with a heartbeat, and comes back by itself; `up` says whether it can be
 * relied on at this moment.
 */
export class ChangeFeed {
  private readonly handlers = new Set<ChangeHandler>();
  private client: pg.Client | null = null;
  private timer: NodeJS.Timeout | null = null;
  private started = false;
  private closed = false;
  up = false;

  constructor(
    private readonly address: pg.ClientConfig,
    private readonly onError: (error: unknown, where: string) => void,
  ) {}

  /** Returns the function that ends the subscription. */
  on(handler: ChangeHandler): () => void {
    this.start();
    this.handlers.add(handler);
    return () => this.handlers.delete(handler);
  }

  start(): void {
    if (this.started || this.closed) return;
    this.started = true;
    void this.connect();
  }

  /** Tells this process's own handlers; other processes hear it from the database. */
  tell(key: string | null): void {
    for (const handler of this.handlers) handler(key);
  }

  async close(): Promise<void> {
    this.closed = true;
    this.up = false;
    if (this.timer) clearTimeout(this.timer);
    const client = this.client;
    this.client = null;
    await client?.end().catch(() => undefined);
  }

  private async connect(): Promise<void> {
    const client = new pg.Client({ ...this.address, connectionTimeoutMillis: 5_000, query_timeout: ANSWER_MS });
    this.client = client;
    client.on('error', () => this.lost(client));
    client.on('end', () => this.lost(client));
    client.on('notification', ({ payload }) => this.tell(payload ?? null));
    try {
      await client.connect();
      await client.query(`LISTEN ${CHANNEL}`);
    } catch (error) {
      if (!this.closed) this.onError(error, 'listening for changes');
      this.lost(client);
      return;
    }
    if (this.client !== client) return;
    // What was changed before LISTEN took hold was not heard.
    this.tell(null);
    this.up = true;
    this.beat(client);
  }

  private beat(client: pg.Client): void {
    this.timer = setTimeout(() => {
      client.query('SELECT 1').then(
        () => this.client === client && this.beat(client),
        () => this.lost(client),
      );
    }, HEARTBEAT_MS);
    this.timer.unref();
  }

  private lost(client: pg.Client): void {
    if (this.client !== client) return;
    this.client = null;
    this.up = false;
    if (this.timer) clearTimeout(this.timer);
    void client.end().catch(() => undefined);
    if (this.closed) return;
    this.timer = setTimeout(() => void this.connect(), RETRY_MS);
    this.timer.unref();
  }
}
