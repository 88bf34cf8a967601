import pg from 'pg';

export interface Watch {
  /** The statements that the application's pool sends while this runs. */
  during(work: () => Promise<unknown>): Promise<string[]>;
  stop(): void;
}

/** Listens at the driver: whatever layer above it asks, it is counted. */
export function watchStatements(database: string): Watch {
  const seen: string[] = [];
  const client = pg.Client.prototype as unknown as { query: (this: pg.Client, ...args: unknown[]) => unknown };
  const plain = client.query;
  client.query = function counted(...args) {
    const [config] = args as [string | { text?: string }];
    const text = typeof config === 'string' ? config : (config?.text ?? '');
    if (this.database === database) seen.push(text.replace(/\s+/g, ' ').trim().slice(0, 2000));
    return plain.apply(this, args);
  };
  return {
    during: async (work) => {
      seen.length = 0;
      await work();
      return seen.filter((text) => !/^(listen|set |deallocate)/i.test(text));
    },
    stop: () => {
      client.query = plain;
    },
  };
}
