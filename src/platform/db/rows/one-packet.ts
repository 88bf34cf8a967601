import type { Writable } from 'node:stream';
import type pg from 'pg';

/**
 * What is sent on the connection within this turn goes out as one packet: sending one costs as much as a small statement. The
 * driver holds back its own stream in the same way, for the messages of one statement.
 */
export function inOnePacket(client: pg.PoolClient): void {
  const { stream } = (client as unknown as { connection: { stream: Writable } }).connection;
  stream.cork();
  process.nextTick(() => stream.uncork());
}
