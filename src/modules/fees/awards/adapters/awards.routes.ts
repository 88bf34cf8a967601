import type { Request } from 'express';
import { z } from 'zod';
import { ABOVE_ZERO, formatAmount } from '../../../../kernel/money.js';
import { optionalAmount, idOf } from '../../../../platform/http/pages/fields.js';
import type { Routes } from '../../../../platform/http/routes/routes.js';
import { parseAmount } from '../../../../platform/sheets/reading/numbers.js';
import { AWARD_METHODS, type AwardKind } from '../discount.rules.js';
import { SEES_ACCOUNTS, WRITES } from '../../documents/document.rules.js';
import { namesOf, studentByNumber, termNames, type FeePages } from '../../adapters/pages.js';

const percent = z.coerce
  .number({ error: 'A number from 0 to 100' })
  .min(0, 'A number from 0 to 100')
  .max(100, 'A number from 0 to 100')
  .transform((value) => Math.round(value * 100));
const Reason = z.string({ error: 'Enter a reason' }).trim().min(3, 'Enter a reason').max(200, 'At most 200 characters');

/** Discounts of the school and shares that sponsors pay: their kinds, and who gets them. */
export function awardRoutes(r: Routes, pages: FeePages): void {
  r.list({
    path: '/fees/awards',
    can: SEES_ACCOUNTS,
    view: 'fees/awards/index',
    filter: z.object({}),
    load: (_filter, query, req) => pages.awards.list(req.actor, {}, query.cursor, query.limit),
    model: async (_filter, page, req) => ({
      ...(await words(pages, req)),
      names: await namesOf(
        pages,
        page.rows.map((row) => row.studentId),
      ),
    }),
  });

  r.form({
    path: '/fees/awards/kinds/new',
    action: '/fees/awards/kinds',
    can: 'fees.setup',
    view: 'fees/awards/kind',
    schema: async () => kindForm((await pages.school.profile()).currency),
    load: async (req) => ({ kind: null, heads: await incomeHeads(pages, req), values: { method: 'percent', rank: 1 } }),
    save: async (form, req) => {
      await pages.awards.addKind(req.actor, form);
      return { to: '/fees/awards', flash: req.t('{{name}} has been added.', { name: form.name }) };
    },
  });

  r.form({
    path: '/fees/awards/kinds/:id/edit',
    can: 'fees.setup',
    view: 'fees/awards/kind',
    schema: async () => kindForm((await pages.school.profile()).currency),
    load: async (req) => {
      const kind = await pages.awards.findKind(req.actor, idOf(req));
      return { kind, heads: await incomeHeads(pages, req), values: typed(kind, (await pages.school.profile()).currency) };
    },
    save: async ({ active, version, ...details }, req) => {
      await pages.awards.changeKind(req.actor, idOf(req), { ...details, active, version });
      return { to: '/fees/awards', flash: req.t('The changes to {{name}} have been saved.', { name: details.name }) };
    },
  });

  r.form({
    path: '/fees/awards/new',
    action: '/fees/awards',
    can: WRITES,
    view: 'fees/awards/new',
    schema: async () => awardForm((await pages.school.profile()).currency),
    load: async (req) => {
      const asked =
        typeof req.query.student === 'string' ? [...(await namesOf(pages, [req.query.student])).values()][0] : undefined;
      return { ...(await words(pages, req)), values: { student: asked?.admissionNo ?? '' } };
    },
    save: async (form, req) => {
      const student = await studentByNumber(pages, req, form.student);
      const kind = await pages.awards.findKind(req.actor, form.kindId);
      const value = form.value === undefined ? null : kind.method === 'fixed' ? form.value.minor : form.value.basisPoints;
      const { waits, credited } = await pages.awards.give(req.actor, {
        studentId: student.id,
        kindId: form.kindId,
        sponsorId: form.sponsorId ?? null,
        value,
        fromTermId: form.fromTermId,
        toTermId: form.toTermId ?? null,
        reason: form.reason,
        ...(form.credit && { credit: form.credit }),
      });
      if (waits)
        return { to: '/fees/awards', flash: req.t('This is more than one person may give, so it is waiting in Approvals.') };
      return {
        to: '/fees/awards',
        flash: credited
          ? req.t('The award has been given, and bills already issued have been credited.')
          : req.t('The award applies from the next bill.'),
      };
    },
  });

  r.form({
    path: '/fees/awards/:id/end',
    can: WRITES,
    view: 'fees/awards/end',
    schema: z.object({ lastTermId: z.uuid('Choose a term') }),
    load: (req) => one(pages, req),
    save: async ({ lastTermId }, req) => {
      await pages.awards.end(req.actor, idOf(req), lastTermId);
      return { to: '/fees/awards', flash: req.t('The award ends with that term.') };
    },
  });

  r.form({
    path: '/fees/awards/:id/withdrawal',
    can: WRITES,
    view: 'fees/awards/withdraw',
    schema: z.object({ reason: Reason }),
    load: (req) => one(pages, req),
    save: async ({ reason }, req) => {
      await pages.awards.withdraw(req.actor, idOf(req), reason);
      return { to: '/fees/awards', flash: req.t('The family now owes what the award had taken off.') };
    },
  });
}

const ids = z
  .union([z.string(), z.array(z.string())])
  .default([])
  .transform((value) => [value].flat());

/** The value is an amount or a per cent, as the method has it; so is the limit above which a second person decides. */
function kindForm(currency: string) {
  return z
    .object({
      name: z.string({ error: 'Enter a name, such as Staff child' }).trim().max(80, 'At most 80 characters'),
      method: z.enum(AWARD_METHODS, { error: 'Choose how it is worked out' }),
      value: z.string({ error: 'Enter how much' }).trim(),
      most: percent.optional(),
      headIds: ids,
      rank: z.coerce
        .number({ error: 'A number from 1 to 99' })
        .int()
        .min(1, 'A number from 1 to 99')
        .max(99, 'A number from 1 to 99'),
      limit: optionalAmount(currency),
      askAbove: z.string().trim().optional(),
      sponsored: z
        .literal('on')
        .optional()
        .transform((value) => value !== undefined),
      staffChildren: z
        .literal('on')
        .optional()
        .transform((value) => value !== undefined),
      active: z
        .literal('off')
        .optional()
        .transform((value) => value === undefined),
      version: z.coerce.number().int().default(0),
    })
    .transform(({ most, limit, value, askAbove, ...form }, context) => {
      const read = (text: string, field: string): number => {
        const number = form.method === 'fixed' ? parseAmount(text, currency) : Math.round(Number(text.replace(',', '.')) * 100);
        if (number !== null && Number.isSafeInteger(number) && number > 0) return number;
        context.addIssue({
          code: 'custom',
          message: form.method === 'fixed' ? ABOVE_ZERO : 'A number above 0, at most 100',
          path: [field],
        });
        return 1;
      };
      return {
        ...form,
        value: read(value, 'value'),
        mostBasisPoints: most ?? null,
        limitMinor: limit,
        askAbove: askAbove ? read(askAbove, 'askAbove') : null,
      };
    });
}

function awardForm(currency: string) {
  return z.object({
    student: z.string({ error: 'Enter the admission number' }).trim().min(1, 'Enter the admission number').max(40),
    kindId: z.uuid('Choose a kind of award'),
    sponsorId: z.uuid().optional(),
    value: z
      .string()
      .trim()
      .optional()
      .transform((text, context) => {
        if (!text) return undefined;
        const minor = parseAmount(text, currency);
        if (minor !== null && minor > 0) return { minor, basisPoints: Math.round(Number(text.replace(',', '.')) * 100) || 1 };
        context.addIssue({ code: 'custom', message: ABOVE_ZERO });
        return z.NEVER;
      }),
    fromTermId: z.uuid('Choose a term'),
    toTermId: z.uuid().optional(),
    reason: Reason,
    credit: z.enum(['now', 'later']).optional().catch(undefined),
  });
}

function typed(kind: AwardKind, currency: string): object {
  const shown = (value: number): string => (kind.method === 'fixed' ? formatAmount(value, currency) : String(value / 100));
  return {
    ...kind,
    value: shown(kind.value),
    most: kind.mostBasisPoints === null ? null : kind.mostBasisPoints / 100,
    limit: kind.limitMinor === null ? null : formatAmount(kind.limitMinor, currency),
    askAbove: kind.askAbove === null ? null : shown(kind.askAbove),
    sponsored: kind.sponsored ? 'on' : null,
    staffChildren: kind.staffChildren ? 'on' : null,
    active: kind.active ? null : 'off',
    headIds: [...kind.headIds],
  };
}

async function incomeHeads(pages: FeePages, req: Request) {
  return (await pages.heads.list(req.actor)).filter((head) => head.active);
}

async function words(pages: FeePages, req: Request) {
  const { currency } = await pages.school.profile();
  return {
    kinds: await pages.awards.kinds(req.actor),
    sponsors: await pages.sponsors.list(req.actor),
    terms: await termNames(pages),
    headNames: new Map((await pages.heads.list(req.actor)).map((head) => [head.id, head.name])),
    valueOf: (kind: AwardKind, value: number) =>
      kind.method === 'fixed' ? `${currency} ${formatAmount(value, currency, req.language)}` : `${value / 100}%`,
  };
}

async function one(pages: FeePages, req: Request) {
  const award = await pages.awards.find(req.actor, idOf(req));
  const names = await namesOf(pages, [award.studentId]);
  return { ...(await words(pages, req)), award, who: names.get(award.studentId) ?? { name: '', admissionNo: '' } };
}
