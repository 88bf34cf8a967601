import type { Request, RequestHandler, Response } from 'express';

/**
 * How long a connection may take to say what it wants. Headers are over within 20 s, whoever sends them; a body goes
 * on for as long as it keeps arriving (`slowBodies`), an upload over a slow phone for five minutes.
 */
export const LISTENING = {
  keepAliveTimeout: 65_000,
  headersTimeout: 15_000,
  requestTimeout: 300_000,
  connectionsCheckingInterval: 5_000,
} as const;

export interface Patience {
  /** In every such span some bytes have to come. */
  spanMs: number;
  leastBytes: number;
  /** A body without a file is small: it is here by then, or never. */
  formMs: number;
}

const USUAL: Patience = { spanMs: 10_000, leastBytes: 512, formMs: 60_000 };

export function hasBody(req: Request): boolean {
  return req.headers['transfer-encoding'] !== undefined || Number(req.headers['content-length'] ?? 0) > 0;
}

/** Cuts whoever holds a connection by sending a body a few bytes at a time. */
export function slowBodies({ spanMs, leastBytes, formMs }: Patience = USUAL): RequestHandler {
  return (req, res, next) => {
    if (hasBody(req)) watch(req, res);
    next();
  };

  function watch(req: Request, res: Response): void {
    const { socket } = req;
    const until = /^multipart\//i.test(req.headers['content-type'] ?? '') ? Infinity : performance.now() + formMs;
    let seen = socket.bytesRead;
    const timer = setInterval(() => {
      if (req.complete || socket.destroyed) return clearInterval(timer);
      const brought = socket.bytesRead - seen;
      seen = socket.bytesRead;
      // What has come and was not read yet is our own delay, not the sender's.
      const waitsForUs = req.readableLength >= req.readableHighWaterMark;
      if (!waitsForUs && (brought < leastBytes || performance.now() > until)) {
        clearInterval(timer);
        cut(req, res);
      }
    }, spanMs);
    timer.unref();
    req.once('end', () => clearInterval(timer));
  }
}

function cut(req: Request, res: Response): void {
  if (!res.headersSent) res.writeHead(408, { connection: 'close', 'content-length': 0 }).end();
  setTimeout(() => req.socket.destroy(), 1000).unref();
}
