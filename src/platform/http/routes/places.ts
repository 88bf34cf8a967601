import { Router, type RequestHandler } from 'express';

/**
 * The routes of the product by the first part of their address. A router compares a request with one route after the other:
 * so it is compared with those of its own part only, however many rooms the product has.
 */
export class Places {
  private readonly byFirst = new Map<string, Router>();

  /** Where the route of this address belongs. @throws Error when its first part is not a plain word */
  of(path: string): Router {
    const first = firstOf(path);
    if (!/^[\w.-]*$/.test(first)) throw new Error(`The address ${path} begins with a part that can be anything.`);
    const router = this.byFirst.get(first) ?? Router({ caseSensitive: true });
    this.byFirst.set(first, router);
    return router;
  }

  readonly handler: RequestHandler = (req, res, next) => {
    const router = this.byFirst.get(firstOf(req.path));
    if (router) router(req, res, next);
    else next();
  };
}

function firstOf(path: string): string {
  const end = path.indexOf('/', 1);
  return end < 0 ? path.slice(1) : path.slice(1, end);
}
