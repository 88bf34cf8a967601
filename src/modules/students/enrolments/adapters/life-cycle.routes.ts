import { z } from 'zod';
import { registerName } from '../../../../kernel/people/names.js';
import { formatDay } from '../../../../kernel/day-words.js';
import { day } from '../../../../platform/http/pages/fields.js';
import type { Routes } from '../../../../platform/http/routes/routes.js';
import type { Assignments } from '../../bulk/assignments.js';
import type { Consents } from '../../guardians/consents.js';
import type { Enrolments } from '../enrolments.js';
import type { PlannedMoves } from '../planned-moves.js';
import { CONSENT_PURPOSES, CONSENT_WORDS } from '../../guardians/consent.rules.js';
import { STATUS_WORDS, TRANSITIONS } from '../life-cycle.rules.js';
import { LIST_KINDS, type ListKind } from '../../../school/index.js';
import { classLabels, demandId, loadProfile, type StudentPages } from '../../register/adapters/students.routes.js';

export interface LifeCyclePages extends StudentPages {
  enrolments: Enrolments;
  plannedMoves: PlannedMoves;
  assignments: Assignments;
  consents: Consents;
}

const note = z.string().trim().max(300, 'At most 300 characters').optional();

const StatusForm = z.object({
  step: z.enum(TRANSITIONS.map((one) => one.key) as [string, ...string[]]),
  reason: z.string({ error: 'Choose the reason' }),
  on: day,
  note,
});

export function lifeCycleRoutes(r: Routes, pages: LifeCyclePages): void {
  r.form({
    path: '/students/:id/status-changes/new',
    action: '/students/:id/status-changes',
    can: 'students.change-status',
    view: 'students/status-changes/new',
    schema: StatusForm,
    load: async (req) => {
      const { student } = await loadProfile(pages, req);
      const wanted = String(req.query.step ?? (req.body as { step?: string } | undefined)?.step ?? '');
      const step = TRANSITIONS.find((one) => one.key === wanted && one.from.includes(student.status)) ?? null;
      const steps = TRANSITIONS.filter((one) => one.from.includes(student.status));
      return { student, step: step ?? steps[0] ?? null, steps, values: { step: (step ?? steps[0])?.key, on: req.school!.today } };
    },
    save: async (form, req) => {
      const { student } = await loadProfile(pages, req);
      const after = await pages.register.changeStatus(req.actor, student.id, {
        key: form.step,
        reason: form.reason,
        on: form.on,
        note: form.note ?? null,
      });
      return {
        to: `/students/${student.id}`,
        flash: req.t('The status of {{name}} is now “{{status}}”.', {
          name: registerName(student),
          status: req.t(STATUS_WORDS[after.status]),
        }),
      };
    },
  });

  r.post('/students/:id/status-changes/:change/undo', 'students.change-status', async (req, res) => {
    const { student } = await loadProfile(pages, req);
    await pages.register.undoStatus(req.actor, student.id, demandId(req, 'change'));
    res.done(`/students/${student.id}`, req.t('The last step was undone.'));
  });

  r.form({
    path: '/students/:id/moves/new',
    action: '/students/:id/moves',
    can: 'students.move',
    view: 'students/moves/new',
    schema: z.object({ streamId: z.uuid('Choose a class'), on: day, note, sure: z.literal('on').optional() }),
    load: async (req) => {
      const { student, enrolments, plannedMove } = await loadProfile(pages, req);
      return { student, enrolments, plannedMove, ...(await classLabels(pages.subjects)), values: { on: req.school!.today } };
    },
    save: async (form, req) => {
      const { student } = await loadProfile(pages, req);
      const done = await pages.enrolments.move(req.actor, student.id, {
        streamId: form.streamId,
        on: form.on,
        note: form.note ?? null,
        sure: form.sure === 'on',
      });
      const said = done === 'planned' ? '{{name}}’s move is planned for {{day}}.' : '{{name}} has moved.';
      return {
        to: `/students/${student.id}`,
        flash: req.t(said, { name: registerName(student), day: formatDay(form.on, req.language, 'long') }),
      };
    },
  });

  r.post('/students/:id/planned-moves/:move/removal', 'students.move', async (req, res) => {
    const { student } = await loadProfile(pages, req);
    await pages.plannedMoves.cancel(req.actor, student.id, demandId(req, 'move'));
    res.done(`/students/${student.id}`, req.t('The planned move has been cancelled.'));
  });

  r.form({
    path: '/students/:id/assignments/new',
    action: '/students/:id/assignments',
    can: 'students.change',
    view: 'students/assignments/new',
    schema: z.object({
      kind: z.enum(LIST_KINDS),
      itemId: z.uuid('Choose one').optional(),
      detail: z.string().trim().max(60, 'At most 60 characters').optional(),
      on: day,
      mixed: z.literal('on').optional(),
    }),
    load: async (req) => {
      const { student, assignments } = await loadProfile(pages, req);
      const wanted = String(req.query.kind ?? (req.body as { kind?: string } | undefined)?.kind ?? '');
      const kind: ListKind = LIST_KINDS.find((one) => one === wanted) ?? 'houses';
      const open = assignments.find((one) => one.kind === kind && one.toOn === null);
      return {
        student,
        kind,
        items: await pages.school.lists(kind),
        values: { kind, itemId: open?.itemId, detail: open?.detail, on: req.school!.today },
      };
    },
    save: async (form, req) => {
      const { student } = await loadProfile(pages, req);
      await pages.assignments.assign(req.actor, student.id, {
        kind: form.kind,
        itemId: form.itemId ?? null,
        detail: form.detail ?? null,
        on: form.on,
        mixed: form.mixed === 'on',
      });
      return { to: `/students/${student.id}`, flash: req.t('Saved for {{name}}.', { name: registerName(student) }) };
    },
  });

  r.form({
    path: '/students/:id/consents/edit',
    action: '/students/:id/consents',
    can: 'students.change',
    view: 'students/consents/edit',
    asRead: ({ values }) => (values as { answers: object }).answers,
    schema: z.object({
      guardianId: z.uuid().optional(),
      on: day,
      answers: z.record(z.enum(CONSENT_PURPOSES), z.enum(['yes', 'no', 'none'])),
    }),
    load: async (req) => {
      const { student, guardians, consents } = await loadProfile(pages, req);
      const answers = Object.fromEntries(
        CONSENT_PURPOSES.map((purpose) => [purpose, answerOf(consents.find((one) => one.purpose === purpose))]),
      );
      return {
        student,
        guardians: guardians.filter((one) => !one.tie.barred),
        consentWords: Object.entries(CONSENT_WORDS),
        values: { on: req.school!.today, answers, guardianId: guardians[0]?.id },
      };
    },
    save: async (form, req) => {
      const { student } = await loadProfile(pages, req);
      await pages.consents.answer(req.actor, student.id, {
        guardianId: form.guardianId ?? null,
        on: form.on,
        answers: form.answers,
      });
      return {
        to: `/students/${student.id}`,
        flash: req.t('The consents for {{name}} have been saved.', { name: registerName(student) }),
      };
    },
  });
}

function answerOf(consent: { given: boolean } | undefined): 'yes' | 'no' | 'none' {
  if (!consent) return 'none';
  return consent.given ? 'yes' : 'no';
}
