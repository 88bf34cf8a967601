import type { Request } from 'express';
import { z } from 'zod';
import { Invalid, NotFound, RuleBroken } from '../../../../kernel/errors.js';
import { registerName } from '../../../../kernel/people/names.js';
import { upload, uploadOf } from '../../../../platform/files/index.js';
import { day } from '../../../../platform/http/pages/fields.js';
import { FormState, problemsOf, unflatten, type FlatValues } from '../../../../platform/http/routes/form-data.js';
import type { Routes } from '../../../../platform/http/routes/routes.js';
import { DOCUMENT_FILE_TYPES, LARGEST_DOCUMENT, type HeldDocuments } from '../held-documents.js';
import { DOCUMENT_STATES, stateOf } from '../held-document.rules.js';
import type { HeldDocumentStore } from '../../ports.js';
import { documentColumns } from './held-documents.sheet.js';
import { classLabels, demandId, loadProfile, type StudentPages } from '../../register/adapters/students.routes.js';

export interface DocumentPages extends StudentPages {
  heldDocuments: HeldDocuments;
  documentStore: HeldDocumentStore;
}

const receive = upload({ field: 'file', maxBytes: LARGEST_DOCUMENT, types: DOCUMENT_FILE_TYPES });
const ticked = z
  .literal('on')
  .optional()
  .transform((value) => value !== undefined);

const Filter = z.object({ stream: z.uuid().optional(), kind: z.uuid().optional(), state: z.enum(DOCUMENT_STATES).optional() });
const KindForm = z.object({
  version: z.coerce.number().int().default(1),
  name: z
    .string({ error: 'Enter the name of the document' })
    .trim()
    .min(1, 'Enter the name of the document')
    .max(60, 'At most 60 characters'),
  required: ticked,
  expires: ticked,
  active: ticked,
  warnDays: z.coerce
    .number('Enter a number of days')
    .int()
    .min(0, 'Enter a number of days')
    .max(730, 'At most two years')
    .default(60),
  position: z.coerce.number().int().min(1).max(999).default(1),
});
const Handed = z.object({
  kindId: z.uuid({ error: 'Choose which document this is' }),
  expiresOn: day.optional(),
  note: z.string().trim().max(200, 'At most 200 characters').optional(),
});

export function heldDocumentRoutes(r: Routes, pages: DocumentPages): void {
  r.list({
    path: '/students/documents',
    can: 'students.documents.read',
    view: 'students/documents/index',
    filter: Filter,
    load: async (filter, page, req) =>
      pages.documentStore.lines(
        { streamId: filter.stream ?? null, kindId: filter.kind ?? null, state: filter.state ?? null },
        await pages.scope.of(req.actor),
        req.school!.today,
        page.cursor,
        page.limit,
      ),
    model: async (_filter, _page, req) => ({
      ...(await classLabels(pages.subjects)),
      kinds: await pages.documentStore.kinds(),
      states: DOCUMENT_STATES,
      counts: await pages.documentStore.counts(await pages.scope.of(req.actor), req.school!.today),
    }),
    sheet: {
      name: 'documents',
      can: 'students.export',
      columns: async () => documentColumns((await classLabels(pages.subjects)).labels),
    },
  });
  kindRoutes(r, pages);

  r.get('/students/:id/documents', 'students.documents.read', async (req, res) => {
    await res.page('students/documents/show', await model(pages, req, []));
  });

  r.upload('/students/:id/documents', 'students.documents.change', receive, async (req, res) => {
    const { student } = await loadProfile(pages, req);
    const refused = async (problems: { field: string; message: string }[]): Promise<void> => {
      await res.page(
        'students/documents/show',
        await model(
          pages,
          req,
          problems.map((one) => ({ ...one, message: req.t(one.message) })),
        ),
        { status: 422 },
      );
    };
    const parsed = Handed.safeParse(unflatten((req.body ?? {}) as FlatValues));
    const file = uploadOf(req);
    const problems = [
      ...(parsed.success ? [] : problemsOf(parsed.error)),
      ...(file ? [] : [{ field: 'file', message: 'Choose the file' }]),
    ];
    if (!parsed.success || !file) return refused(problems);
    const { kindId, expiresOn = null, note = null } = parsed.data;
    try {
      await pages.heldDocuments.hand(req.actor, student.id, file, { kindId, expiresOn, note });
      res.done(
        `/students/${student.id}/documents`,
        req.t('The document for {{name}} has been saved.', { name: registerName(student) }),
      );
    } catch (error) {
      if (error instanceof Invalid) return refused(error.problems);
      if (error instanceof RuleBroken) return refused([{ field: error.field ?? '', message: error.message }]);
      throw error;
    }
  });

  r.post('/students/:id/documents/:document/removal', 'students.documents.change', async (req, res) => {
    const { student } = await loadProfile(pages, req);
    await pages.heldDocuments.remove(req.actor, student.id, demandId(req, 'document'));
    res.done(`/students/${student.id}/documents`, req.t('The document has been removed.'));
  });
}

function kindRoutes(r: Routes, pages: DocumentPages): void {
  const path = '/students/documents/kinds';
  r.get(path, 'students.document-kinds', async (_req, res) => {
    await res.page('students/documents/kinds/index', { kinds: await pages.documentStore.kinds() });
  });
  r.post(`${path}/usual`, 'students.document-kinds', async (req, res) => {
    await pages.heldDocuments.addUsualKinds(req.actor);
    res.done(path, req.t('The usual documents have been added. Change them as you need.'));
  });
  for (const [address, action] of [
    [`${path}/new`, path],
    [`${path}/:kind/edit`, undefined],
  ] as const) {
    r.form({
      path: address,
      ...(action && { action }),
      can: 'students.document-kinds',
      view: 'students/documents/kinds/edit',
      schema: KindForm,
      load: async (req) => {
        const kinds = await pages.documentStore.kinds();
        const kind = req.params.kind === undefined ? null : kinds.find((one) => one.id === req.params.kind);
        if (kind === undefined) throw new NotFound();
        const on = (value: boolean): string | null => (value ? 'on' : null);
        const values = kind
          ? { ...kind, required: on(kind.required), expires: on(kind.expires), active: on(kind.active) }
          : { warnDays: 60, position: kinds.length + 1, active: 'on' };
        return { kind, values };
      },
      save: async ({ version, ...details }, req) => {
        const saved = await pages.heldDocuments.saveKind(
          req.actor,
          req.params.kind === undefined ? null : demandId(req, 'kind'),
          version,
          details,
        );
        return { to: path, flash: req.t('{{name}} has been saved.', { name: saved.name }) };
      },
    });
  }
  r.post(`${path}/:kind/removal`, 'students.document-kinds', async (req, res) => {
    await pages.heldDocuments.removeKind(req.actor, demandId(req, 'kind'));
    res.done(path, req.t('The document has been removed from the list.'));
  });
}

async function model(pages: DocumentPages, req: Request, problems: { field: string; message: string }[]): Promise<object> {
  const { student } = await loadProfile(pages, req);
  const [kinds, held] = [await pages.documentStore.kinds(), await pages.documentStore.ofStudent(student.id)];
  const lines = kinds.flatMap((kind) => {
    const one = held.find((each) => each.kindId === kind.id) ?? null;
    return kind.active || one ? [{ kind, held: one, state: stateOf(kind, one, req.school!.today) }] : [];
  });
  const typed = { kindId: typeof req.query.kind === 'string' ? req.query.kind : '', ...((req.body ?? {}) as FlatValues) };
  return {
    student,
    lines,
    kinds: kinds.filter((kind) => kind.active),
    form: new FormState(`/students/${student.id}/documents`, typed, problems, ''),
  };
}
