import type { Request, Response } from 'express';
import type { PrintContext } from '../../pdf/kit.js';
import { drawInWorker, type Drawing } from '../../pdf/worker.js';
import type { Can } from './guard.js';
import { countPeopleShown } from './reading.js';
import type { PageRoutes } from './declared.js';

export interface PdfRoute<Data> {
  path: string;
  can: Can;
  filename(req: Request, data: Data): string;
  load(req: Request): Promise<Data>;
  /** The module and export that draw it: a pure function of the data, run in a worker. */
  draw: Drawing<Data>;
  /** A page of ours may hold it in a frame, to print it without leaving. */
  framed?: boolean;
}

export function declarePdf<Data>(routes: PageRoutes, route: PdfRoute<Data>): void {
  routes.get(route.path, route.can, async (req, res) => {
    const data = await route.load(req);
    if (route.framed)
      res.set(
        'Content-Security-Policy',
        String(res.get('Content-Security-Policy')).replace("frame-ancestors 'none'", "frame-ancestors 'self'"),
      );
    sendPdf(res, route.filename(req, data), await drawInWorker(route.draw, data));
  });
}

/** Who prints, when and in which language. */
export function printedFor(req: Request, letterhead: PrintContext['letterhead']): PrintContext {
  const { actor, language, school } = req;
  return { letterhead, printedBy: actor.name, printedAt: new Date(), zone: school!.zone, language };
}

/** `inline`, so that a browser shows it with its own print button. */
export function sendPdf(res: Response, filename: string, body: Buffer | Uint8Array): void {
  countPeopleShown(res.req);
  res.set('Content-Disposition', `inline; filename="${filename.replace(/[^\w.-]+/g, '-')}"`);
  res.set('Cache-Control', 'no-store');
  res.type('application/pdf').send(Buffer.from(body));
}
