import { createHash, randomBytes } from 'node:crypto';
import type { Request, Response } from 'express';
import type { Clock } from '../../../kernel/clock.js';
import { NotFound } from '../../../kernel/errors.js';
import { readCookie } from '../../../platform/http/pages/flash.js';
import type { Routes } from '../../../platform/http/routes/routes.js';
import type { Config } from '../../../platform/settings.js';
import { countryOf, type RegisteredSchool, type SchoolRegister } from '../../schools/index.js';
import type { ProvisioningApi } from '../index.js';
import type { Progress } from '../saga.rules.js';
import type { RunStore, Tickets } from '../ports.js';
import { progressModel } from './progress-page.js';

export interface ProgressParts {
  runs: RunStore;
  register: SchoolRegister;
  provisioning: ProvisioningApi;
  tickets: Tickets;
  clock: Clock;
  config: Pick<Config, 'publicUrl' | 'secure' | 'support'>;
}

/** So long after the school is open the browser that ordered it is let in without a code. */
const ENTRY_MS = 30 * 60_000;
const COOKIE_MS = 24 * 3_600_000;

/** The page on which somebody watches their school being made: its address is the key to it, and it shows no more than the steps. */
export function progressRoutes(routes: Routes, parts: ProgressParts): void {
  const { runs, register, provisioning, tickets, clock, config } = parts;

  routes.get('/provisioning/:token', 'public', async (req, res) => {
    const { run, school } = await find(req);
    await mineOf(req, res, run);
    // A script that looks again is led on at once; without one the page leads on by itself.
    if (run.state === 'done' && req.get('hx-request')) res.set('HX-Redirect', `${run.page}/entry`);
    const country = countryOf(school.country)?.name ?? '';
    await res.page(
      'provisioning/show',
      progressModel(req.t, run, school, { address: hostOf(school), country, ask: config.support }),
    );
  });

  routes.get('/provisioning/:token/entry', 'public', async (req, res) => {
    const { run, school } = await find(req);
    if (run.state !== 'done') return res.redirect(303, run.page);
    const fresh = run.finishedAt !== null && clock.now().getTime() - run.finishedAt.getTime() < ENTRY_MS;
    const known = fresh && school.owner !== null && (await mineOf(req, res, run));
    const login = `${urlOf(school)}/login`;
    res.set('Cache-Control', 'no-store').set('Referrer-Policy', 'no-referrer');
    res.redirect(303, known ? `${login}/ticket?ticket=${tickets.make(school.id, school.owner!.email)}` : login);
  });

  routes.post('/provisioning/:token/retry', 'public', async (req, res) => {
    const { run } = await find(req);
    if (run.state === 'failed') await provisioning.retry(run.schoolId, req.actor);
    res.done(run.page);
  });

  async function find(req: Request): Promise<{ run: Progress; school: RegisteredSchool }> {
    const { token } = req.params;
    const run = typeof token === 'string' && /^[\w-]{32}$/.test(token) ? await runs.byToken(token) : null;
    const school = run ? await register.find(run.schoolId) : null;
    if (!run || !school || run.kind !== 'make' || school.state === 'deleted')
      throw new NotFound('There is no page at this address.');
    return { run, school };
  }

  /** The first browser that comes here is the one that the signup has just sent. */
  async function mineOf(req: Request, res: Response, run: Progress): Promise<boolean> {
    const name = `${config.secure ? '__Secure-' : ''}aims-opening`;
    let own = readCookie(req, name);
    if (!own || !/^[\w-]{43}$/.test(own)) {
      own = randomBytes(32).toString('base64url');
      res.cookie(name, own, { httpOnly: true, sameSite: 'lax', secure: config.secure, path: '/provisioning', maxAge: COOKIE_MS });
    }
    return runs.bindBrowser(run.runId, createHash('sha256').update(own).digest('base64url'));
  }

  function urlOf({ subdomain }: RegisteredSchool): string {
    const url = new URL(config.publicUrl);
    return `${url.protocol}//${subdomain}.${url.host}`;
  }

  function hostOf(school: RegisteredSchool): string {
    return new URL(urlOf(school)).host;
  }
}
