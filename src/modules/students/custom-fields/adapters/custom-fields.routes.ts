import type { Request } from 'express';
import { z } from 'zod';
import { Missing } from '../../../../kernel/missing.js';
import { STAFF_ROLES } from '../../../../platform/module.js';
import type { Routes } from '../../../../platform/http/routes/routes.js';
import type { CustomFields, FieldDetails } from '../custom-fields.js';
import { FIELD_SECTIONS, FIELD_TYPE_WORDS, FIELD_TYPES, type CustomField } from '../custom-field.rules.js';
import { demandId } from '../../register/adapters/students.routes.js';

/** Owner and administrator always may; families see what is meant for them. */
const CHOOSABLE = [...STAFF_ROLES.filter((role) => role !== 'owner' && role !== 'administrator'), 'guardian'] as const;
const PATH = '/students/custom-fields';

const roles = z.preprocess((value) => [value ?? []].flat(), z.array(z.enum(CHOOSABLE)));
const choices = z
  .string()
  .max(4000)
  .default('')
  .transform((text) => [
    ...new Set(
      text
        .split(/\r?\n/)
        .map((line) => line.trim())
        .filter(Boolean),
    ),
  ]);
const ticked = z
  .literal('on')
  .optional()
  .transform((value) => value !== undefined);

const shape = {
  label: z
    .string({ error: 'Enter the name of the field' })
    .trim()
    .min(1, 'Enter the name of the field')
    .max(60, 'At most 60 characters'),
  hint: z.string().trim().max(120, 'At most 120 characters').default(''),
  choices: choices.refine(
    (list) => list.length <= 100 && list.every((one) => one.length <= 80),
    'At most 100 choices of 80 characters',
  ),
  required: ticked,
  section: z.enum(FIELD_SECTIONS).default('background'),
  position: z.coerce.number().int().min(1).max(999).default(1),
  visibleTo: roles,
  editableBy: roles,
  active: ticked,
};

const NewField = z
  .object({ ...shape, type: z.enum(FIELD_TYPES, { error: 'Choose the type of answer' }) })
  .refine((field) => field.type !== 'choice' || field.choices.length >= 2, {
    path: ['choices'],
    message: 'Enter at least two choices, one per line',
  });
const Change = z.object({ ...shape, version: z.coerce.number().int() });

export function customFieldRoutes(r: Routes, fields: CustomFields): void {
  r.get(PATH, 'students.custom-fields', async (_req, res) => {
    await res.page('students/custom-fields/index', { fields: await fields.all(), typeWords: FIELD_TYPE_WORDS });
  });

  r.form({
    path: `${PATH}/new`,
    action: PATH,
    can: 'students.custom-fields',
    view: 'students/custom-fields/edit',
    schema: NewField,
    load: async () => ({
      ...choicesOfForm(),
      field: null,
      values: { section: 'background', position: (await fields.all()).length + 1, active: 'on', type: 'text' },
    }),
    save: async (form, req) => {
      const made = await fields.add(req.actor, detailsOf(form));
      return { to: PATH, flash: req.t('{{name}} has been added to the form.', { name: made.label }) };
    },
  });

  r.form({
    path: `${PATH}/:id/edit`,
    can: 'students.custom-fields',
    view: 'students/custom-fields/edit',
    schema: Change,
    load: async (req) => {
      const field = await find(fields, req);
      return {
        ...choicesOfForm(),
        field,
        values: {
          ...field,
          choices: field.choices.join('\n'),
          required: field.required ? 'on' : null,
          active: field.active ? 'on' : null,
        },
      };
    },
    save: async (form, req) => {
      const { type } = await find(fields, req);
      const changed = await fields.change(req.actor, demandId(req), form.version, detailsOf({ ...form, type }));
      return { to: PATH, flash: req.t('{{name}} has been saved.', { name: changed.label }) };
    },
  });

  r.post(`${PATH}/:id/removal`, 'students.custom-fields', async (req, res) => {
    const removed = await fields.remove(req.actor, demandId(req));
    res.done(PATH, req.t('{{name}} has been removed.', { name: removed.label }));
  });
}

async function find(fields: CustomFields, req: Request): Promise<CustomField> {
  const field = (await fields.all()).find((one) => one.id === demandId(req));
  if (!field) throw new Missing('field');
  return field;
}

function choicesOfForm(): object {
  return { typeWords: FIELD_TYPE_WORDS, types: FIELD_TYPES, sections: FIELD_SECTIONS, roles: CHOOSABLE };
}

function detailsOf({
  label,
  hint,
  type,
  choices: list,
  required,
  section,
  position,
  visibleTo,
  editableBy,
  active,
}: FieldDetails): FieldDetails {
  return {
    label,
    hint,
    type,
    choices: type === 'choice' ? list : [],
    required,
    section,
    position,
    visibleTo,
    editableBy,
    active,
  };
}
