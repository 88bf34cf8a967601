import type { Request } from 'express';
import type { FlatValues } from '../../../platform/http/routes/form-data.js';

const LONGEST = 16_000;

/** One field of a form as it was sent; empty when it is not there. */
export function textOf(req: Request, name: string): string {
  const value = ((req.body as FlatValues | undefined) ?? {})[name];
  return typeof value === 'string' ? value.slice(0, LONGEST) : '';
}
