import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

export interface SlowLine {
  port: number;
  close(): void;
}

/** A line to a port of this machine on which everything arrives so many milliseconds later, in both directions. */
export async function slowLine(to: number, ms: number): Promise<SlowLine> {
  const open = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(to, '127.0.0.1');
    for (const [from, other] of [
      [near, far],
      [far, near],
    ] as const) {
      open.add(from);
      from.setNoDelay(true);
      from.on('data', (chunk) => setTimeout(() => void (other.writable && other.write(chunk)), ms));
      from.on('error', () => other.destroy());
      from.on('close', () => {
        open.delete(from);
        setTimeout(() => other.destroy(), ms);
      });
    }
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    close: () => {
      server.close();
      for (const socket of open) socket.destroy();
    },
  };
}
