import pg from 'pg';

export interface Watch {
  /** The statements that the application's pool sends while this runs. */
  during(work: () => Promise<unknown>): Promise<string[]>;
  /** Of them those of the one transaction that sends something like `mark`: what the product does beside it at that moment is left out. */
  inTransaction(work: () => Promise<unknown>, mark: RegExp): Promise<string[]>;
  stop(): void;
}

/** Listens at the driver: whatever layer above it asks, it is counted. */
export function watchStatements(database: string): Watch {
  const seen: string[] = [];
  const by: pg.Client[] = [];
  const client = pg.Client.prototype as unknown as { query: (this: pg.Client, ...args: unknown[]) => unknown };
  const plain = client.query;
  client.query = function counted(...args) {
    const [config] = args as [string | { text?: string }];
    const text = typeof config === 'string' ? config : (config?.text ?? '');
    if (this.database === database) {
      seen.push(text.replace(/\s+/g, ' ').trim().slice(0, 2000));
      by.push(this);
    }
    return plain.apply(this, args);
  };
  return {
    during: async (work) => {
      seen.length = by.length = 0;
      await work();
      return seen.filter((text) => !/^(listen|set |deallocate)/i.test(text));
    },
    inTransaction: async (work, mark) => {
      seen.length = by.length = 0;
      await work();
      const at = seen.findIndex((text) => mark.test(text));
      if (at < 0) throw new Error(`Nothing like ${mark} was sent.`);
      const [from, to] = [
        seen.findLastIndex((text, n) => n <= at && by[n] === by[at] && /^begin/i.test(text)),
        seen.findIndex((text, n) => n >= at && by[n] === by[at] && /^commit/i.test(text)),
      ];
      return seen.filter((_, n) => n >= from && n <= to && by[n] === by[at]);
    },
    stop: () => {
      client.query = plain;
    },
  };
}
