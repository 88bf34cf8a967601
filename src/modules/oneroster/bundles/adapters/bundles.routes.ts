import { randomUUID } from 'node:crypto';
import type { Request, RequestHandler, Response } from 'express';
import { z } from 'zod';
import { DomainError, NotFound } from '../../../../kernel/errors.js';
import { Missing } from '../../../../kernel/missing.js';
import { isId } from '../../../../kernel/id.js';
import { upload, uploadOf } from '../../../../platform/files/index.js';
import { FormState, type FlatValues } from '../../../../platform/http/routes/form-data.js';
import type { Routes } from '../../../../platform/http/routes/routes.js';
import type { SchoolApi } from '../../../school/index.js';
import type { SubjectsApi } from '../../../subjects/index.js';
import { changes, FILE_TYPES, IMPORT, MOST_BYTES, type Bundles } from '../bundles.js';
import type { Choices } from '../../format/guess.rules.js';
import { PARTS, type Bundle } from '../../ports.js';
import { partLabels, sentence } from '../../adapters/words.js';

export interface BundlePages {
  bundles: Bundles;
  school: SchoolApi;
  subjects: SubjectsApi;
}

const receive = upload({ field: 'file', maxBytes: MOST_BYTES, types: FILE_TYPES });
const refusals = new WeakMap<Request, DomainError>();

/** On a page the form itself says what is wrong with the file. */
const pageUpload: RequestHandler = (req, res, next) =>
  void receive(req, res, (error: unknown) => {
    if (!(error instanceof DomainError)) return next(error);
    refusals.set(req, error);
    next();
  });

const idOf = (req: Request): string => {
  if (!isId(req.params.id)) throw new Missing('bundle');
  return req.params.id;
};

/** From an archive of another system to a school that works, and back. */
export function bundleRoutes(r: Routes, pages: BundlePages): void {
  const { bundles } = pages;
  r.list({
    path: '/oneroster/bundles',
    can: IMPORT,
    view: 'oneroster/bundles/index',
    filter: z.object({}),
    load: (_filter, query, req) => bundles.list(req.actor, query.cursor, query.limit),
    model: () => Promise.resolve({ changesOf: (bundle: Bundle) => (bundle.outcome ? changes(bundle.outcome.parts) : 0) }),
  });

  r.get('/oneroster/bundles/new', IMPORT, (req, res) => drawUpload(req, res, null));
  r.upload('/oneroster/bundles', IMPORT, pageUpload, async (req, res) => {
    const refusal = refusals.get(req);
    if (refusal) return drawUpload(req, res, refusal.message, refusal.status);
    const file = uploadOf(req);
    if (!file) return drawUpload(req, res, 'Choose a file');
    try {
      res.done(`/oneroster/bundles/${await bundles.take(req.actor, file)}`);
    } catch (error) {
      if (error instanceof DomainError && error.status === 422) return drawUpload(req, res, error.message);
      throw error;
    }
  });

  r.get('/oneroster/bundles/:id', IMPORT, (req, res) => draw(req, res, bundles, []));
  stepRoutes(r, bundles);
  matchingRoutes(r, pages);
}

async function drawUpload(req: Request, res: Response, problem: string | null, status = 422): Promise<void> {
  const form = new FormState('/oneroster/bundles', {}, problem ? [{ field: 'file', message: req.t(problem) }] : [], randomUUID());
  await res.page('oneroster/bundles/new', { form }, { status: problem ? status : 200 });
}

async function draw(
  req: Request,
  res: Response,
  bundles: Bundles,
  problems: { field: string; message: string }[],
  status = 200,
): Promise<void> {
  const bundle = await bundles.find(req.actor, idOf(req));
  const { outcome } = bundle;
  const labels = partLabels(req.t);
  await res.page(
    'oneroster/bundles/show',
    {
      bundle,
      parts: outcome
        ? PARTS.map((part) => ({
            label: labels[part],
            ...(outcome.parts[part] ?? { create: 0, update: 0, unchanged: 0, leftOut: 0 }),
          }))
        : [],
      writable: outcome ? changes(outcome.parts) : 0,
      problems: (outcome?.problems ?? []).map((one) => ({ ...one, why: sentence(one, req.t) })),
      form: new FormState(
        '',
        (req.body ?? {}) as FlatValues,
        problems.map((one) => ({ ...one, message: req.t(one.message) })),
        '',
      ),
    },
    { status },
  );
}

function stepRoutes(r: Routes, bundles: Bundles): void {
  const step = (path: string, act: (req: Request, id: string) => Promise<{ to: string; text: string } | void>): void =>
    r.post(path, IMPORT, async (req, res) => {
      const id = idOf(req);
      try {
        const then = await act(req, id);
        res.done(then?.to ?? `/oneroster/bundles/${id}`, then?.text);
      } catch (error) {
        if (!(error instanceof DomainError) || (error.status !== 422 && error.status !== 409)) throw error;
        await draw(req, res, bundles, [{ field: '', message: error.message }], error.status);
      }
    });
  step('/oneroster/bundles/:id/check', (req, id) => bundles.check(req.actor, id));
  step('/oneroster/bundles/:id/commit', (req, id) => bundles.commit(req.actor, id));
  step('/oneroster/bundles/:id/undo', (req, id) => bundles.undo(req.actor, id));
  step('/oneroster/bundles/:id/discard', async (req, id) => {
    await bundles.discard(req.actor, id);
    return { to: '/oneroster/bundles', text: req.t('The bundle was discarded. Nothing was imported.') };
  });
}

function matchingRoutes(r: Routes, { bundles, school, subjects }: BundlePages): void {
  r.get('/oneroster/bundles/:id/matching', IMPORT, async (req, res) => {
    const bundle = await bundles.find(req.actor, idOf(req));
    if (!bundle.findings) throw new NotFound('This bundle has not been read yet.');
    const [list, pack, all, years] = await Promise.all([
      subjects.classList(),
      school.pack(),
      subjects.subjects(),
      school.years(),
    ]);
    await res.page('oneroster/bundles/matching', {
      bundle,
      findings: bundle.findings,
      choices: bundle.choices,
      classNames: [...new Set([...list.classes.map((one) => one.name), ...pack.levels.map((one) => one.name)])],
      subjects: all.filter((one) => one.active),
      years,
      form: new FormState(`/oneroster/bundles/${bundle.id}/matching`, {}, [], ''),
    });
  });

  r.post('/oneroster/bundles/:id/matching', IMPORT, async (req, res) => {
    const bundle = await bundles.find(req.actor, idOf(req));
    await bundles.check(req.actor, bundle.id, choicesOf(bundle, (req.body ?? {}) as Record<string, string | undefined>));
    res.done(`/oneroster/bundles/${bundle.id}`, req.t('Checking the bundle again.'));
  });
}

/** Fields are numbered by the place of their thing in what was found; another school begins anew. */
function choicesOf({ findings, choices }: Bundle, body: Record<string, string | undefined>): Partial<Choices> {
  const orgId = findings!.orgs.find((one) => one.id === body.org)?.id ?? choices.orgId ?? null;
  const sex = body.sex === 'F' || body.sex === 'M' ? body.sex : '';
  const gone = body.gone === 'leave' ? 'leave' : '';
  if (orgId !== choices.orgId) return { orgId, sex, gone };
  const text = (name: string, most: number): string => (body[name] ?? '').trim().slice(0, most);
  return {
    orgId,
    sex,
    gone,
    years: Object.fromEntries(findings!.years.map((one, at) => [one.id, choiceOf(body[`year.${at}`])])),
    places: Object.fromEntries(
      findings!.homerooms.map((one, at) => [
        one.id,
        { className: text(`class.${at}`, 40), streamName: text(`stream.${at}`, 30) },
      ]),
    ),
    grades: Object.fromEntries(findings!.grades.map((one, at) => [one.code, text(`grade.${at}`, 40)])),
    courses: Object.fromEntries(findings!.courses.map((one, at) => [one.id, choiceOf(body[`course.${at}`])])),
  };
}

function choiceOf(written: string | undefined): string {
  return written === 'new' || isId(written) ? written : '';
}
