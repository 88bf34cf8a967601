import express, { type RequestHandler } from 'express';
import { z } from 'zod';
import type { Log } from '../../log.js';
import type { SecretPaths } from '../secret-paths.js';

/** Where browsers tell that a page tried what its policy forbids. */
export const CSP_REPORTS = '/reports/csp';

const readReport = express.json({
  type: ['application/csp-report', 'application/reports+json', 'application/json'],
  limit: '16kb',
});
/** One broken page on many phones says nothing that the first of them has not said. */
const MOST_A_MINUTE = 30;
const MOST_AT_ONCE = 10;
const MINUTE = 60_000;

const Old = z.object({
  'csp-report': z.object({
    'document-uri': z.string().optional(),
    'effective-directive': z.string().optional(),
    'violated-directive': z.string().optional(),
    'blocked-uri': z.string().optional(),
  }),
});
const New = z
  .array(
    z.object({
      type: z.string(),
      body: z
        .object({
          documentURL: z.string().optional(),
          effectiveDirective: z.string().optional(),
          blockedURL: z.string().optional(),
        })
        .optional(),
    }),
  )
  .max(MOST_AT_ONCE);

interface Violation {
  directive: string;
  /** A word such as `inline`, or scheme and host: what follows them may say who somebody is. */
  blocked: string;
  page: string;
}

/** Stands before host, session and person: a report is nobody's, and answered without any of them. */
export function cspReports(log: Log, secrets: SecretPaths, count: () => void, now: () => number = Date.now): RequestHandler {
  let [since, written, kept] = [0, 0, 0];
  const note = (violation: Violation): void => {
    count();
    if (now() - since >= MINUTE) {
      if (kept > 0) log.warn({ kept }, 'more reports of a broken content policy');
      [since, written, kept] = [now(), 0, 0];
    }
    if (written < MOST_A_MINUTE) log.warn({ ...violation }, 'content policy');
    else kept += 1;
    written += 1;
  };
  return (req, res, next) => {
    if (req.path !== CSP_REPORTS) return next();
    if (req.method !== 'POST') return void res.status(405).set('Allow', 'POST').end();
    readReport(req, res, (error?: unknown) => {
      if (error) return void res.status((error as { status?: number }).status ?? 400).end();
      for (const violation of violationsIn(req.body, secrets)) note(violation);
      res.status(204).end();
    });
  };
}

function violationsIn(body: unknown, secrets: SecretPaths): Violation[] {
  const old = Old.safeParse(body);
  if (old.success) {
    const {
      'document-uri': page,
      'effective-directive': effective,
      'violated-directive': violated,
      'blocked-uri': blocked,
    } = old.data['csp-report'];
    return [violation(effective ?? violated, blocked, page, secrets)];
  }
  const recent = New.safeParse(body);
  if (!recent.success) return [];
  return recent.data
    .filter((one) => one.type === 'csp-violation')
    .map(({ body: said }) => violation(said?.effectiveDirective, said?.blockedURL, said?.documentURL, secrets));
}

function violation(directive = '', blocked = '', page = '', secrets: SecretPaths): Violation {
  return {
    directive: /^[a-z-]{1,40}/.exec(directive)?.[0] ?? '',
    blocked: originOf(blocked),
    page: URL.canParse(page) ? secrets.hide(new URL(page).pathname.slice(0, 200)) : '',
  };
}

function originOf(text: string): string {
  if (/^[a-z-]{1,20}$/.test(text)) return text;
  if (!URL.canParse(text)) return '';
  const { protocol, host } = new URL(text);
  return `${protocol}${host ? `//${host}` : ''}`.slice(0, 100);
}
