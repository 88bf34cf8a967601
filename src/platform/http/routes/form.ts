import { randomUUID } from 'node:crypto';
import type { Request } from 'express';
import type { z } from 'zod';
import { DomainError, Invalid, RuleBroken, Stale, type FieldProblem } from '../../../kernel/errors.js';
import { query, readingAfresh } from '../../db/index.js';
import { digestOf, once, SentBefore } from '../../db/once.js';
import { demandRun, whoMay, type Can, type Starts } from './guard.js';
import type { FlashInput } from '../pages/flash.js';
import { closeGaps, contentOf, flatten, FormState, problemsOf, unflatten, type FlatValues } from './form-data.js';
import type { PageRoutes } from './declared.js';

export type FormRoute<Values> = FormParts<Values> & Starts;

type Drawn = { values?: object } & Record<string, unknown>;

interface FormParts<Values> {
  /** Where the empty or filled form is drawn. */
  path: string;
  /** Where it is sent; the same path when left out. */
  action?: string;
  /** Who may send it, where more people see the page that it stands on. */
  writes?: Can;
  /** Draws `it.form` (a FormState) and whatever `load` brings. */
  view: string;
  schema: z.ZodType<Values> | ((req: Request) => z.ZodType<Values> | Promise<z.ZodType<Values>>);
  /** Present values under `values`, and what the view needs beside them. Called again for a redraw. */
  load?(req: Request): Promise<Drawn>;
  /**
   * For what has no version of its own: the part of `load` that the form changes, usually its `values`. What is sent is
   * refused as stale if that part is no longer what the form was drawn with.
   */
  asRead?(drawn: Drawn): unknown;
  /** Told of what was typed each time the form is drawn again, for whoever keeps it. */
  keep?(typed: FlatValues, req: Request): Promise<unknown>;
  /** What the first sending of this form saved, where another comes under its mark and says something else; by where that led. */
  before?(url: string, req: Request): Promise<string>;
  /** Runs in one transaction together with the mark that this form has been taken. */
  save(values: Values, req: Request): Promise<{ to: string; flash?: FlashInput }>;
}

/**
 * GET draws, POST saves and redirects. A refusal redraws the form with 422, what was typed and a sentence at each
 * field. The hidden `_once` makes a second sending of the same form lead to the first one's result; one that says something
 * else is told so, with the way to what was saved.
 */
export function declareForm<Values>(routes: PageRoutes, route: FormRoute<Values>): void {
  const action = route.action ?? route.path;
  const sees = whoMay(route);
  routes.get(route.path, sees, async (req, res) => {
    const model = (await route.load?.(req)) ?? {};
    const read = route.asRead ? digestOf(JSON.stringify(route.asRead(model))) : null;
    const form = new FormState(fill(action, req), flatten(model.values ?? {}), [], randomUUID(), null, null, read);
    await res.page(route.view, { ...model, form });
  });
  routes.send(action, route.command ?? route.writes ?? sees, async (req, res) => {
    const body = (req.body ?? {}) as FlatValues;
    const refused = async (problems: FieldProblem[], status = 422, way: FormState['way'] = null): Promise<void> => {
      await route.keep?.(ownFields(body), req);
      const model = (await route.load?.(req)) ?? {};
      const grown = typeof body._add === 'string' ? body._add : null;
      const form = new FormState(fill(action, req), ownFields(body), problems, onceOf(body), grown, way, readOf(body));
      await res.page(route.view, { ...model, form }, { status });
    };
    // `Add another` without a script: the same form with one row more, nothing checked yet.
    if (body._add) return refused([], 200);
    const schema = typeof route.schema === 'function' ? await route.schema(req) : route.schema;
    const parsed = await schema.safeParseAsync(closeGaps(unflatten(body)));
    if (!parsed.success) return refused(translate(req, problemsOf(parsed.error)));
    try {
      const outcome: { flash?: FlashInput } = {};
      const { url } = await once(
        { token: onceOf(body), actorId: req.actor.userId, asked: digestOf(`${action}\n${contentOf(body)}`) },
        async () => {
          await assertAsRead(route, req, fill(action, req));
          const saved = await route.save(parsed.data, req);
          demandRun(req, route.command);
          outcome.flash = saved.flash;
          return saved.to;
        },
      );
      res.done(url, outcome.flash);
    } catch (error) {
      if (error instanceof SentBefore) {
        const saved = await route.before?.(error.url, req);
        const way = { href: error.url, label: req.t('View what was saved') };
        return refused([{ field: '', message: [saved, req.t(error.message)].filter(Boolean).join(' ') }], 409, way);
      }
      if (error instanceof Invalid) return refused(translate(req, error.problems));
      if (error instanceof RuleBroken) return refused(translate(req, [{ field: error.field ?? '', message: error.message }]));
      if (error instanceof DomainError && error.status === 409) {
        const way = error instanceof Stale ? { href: fill(route.path, req), label: req.t('Open it again') } : null;
        return refused(translate(req, [{ field: '', message: error.message }]), 409, way);
      }
      throw error;
    }
  });
}

/** One after the other at each address: of two who send at once, the second sees what the first has saved. */
async function assertAsRead<Values>(route: FormParts<Values>, req: Request, action: string): Promise<void> {
  const read = readOf((req.body ?? {}) as FlatValues);
  if (!route.asRead || !route.load || read === null) return;
  await query('platform.form-in-turn', 'select pg_advisory_xact_lock(hashtextextended($1, 0))', [action]);
  const drawn = await readingAfresh(async () => route.load!(req));
  if (digestOf(JSON.stringify(route.asRead(drawn))) !== read) throw new Stale();
}

function readOf(body: FlatValues): string | null {
  return typeof body._read === 'string' && body._read !== '' ? body._read : null;
}

function translate(req: Request, problems: FieldProblem[]): FieldProblem[] {
  return problems.map((problem) => ({ ...problem, message: req.t(problem.message) }));
}

function ownFields(body: FlatValues): FlatValues {
  return Object.fromEntries(Object.entries(body).filter(([name]) => !name.startsWith('_')));
}

function onceOf(body: FlatValues): string {
  const sent = body._once;
  return typeof sent === 'string' && /^[0-9a-f-]{36}$/.test(sent) ? sent : randomUUID();
}

/** `/students/:id/edit` with the request's own id in it. */
function fill(path: string, req: Request): string {
  return path.replace(/:(\w+)/g, (_all, name: string) => encodeURIComponent(String(req.params[name] ?? '')));
}
