import type { Request } from 'express';
import { z } from 'zod';
import { ABOVE_ZERO, formatAmount } from '../../../../kernel/money.js';
import { idOf } from '../../../../platform/http/pages/fields.js';
import { printedFor } from '../../../../platform/http/routes/pdf-route.js';
import type { Routes } from '../../../../platform/http/routes/routes.js';
import { parseAmount } from '../../../../platform/sheets/reading/numbers.js';
import type { SchoolProfile } from '../../../school/index.js';
import { chargesFor, totalsByTerm, type Boarding, type FeeStructure, type StructureLine } from '../structure.rules.js';
import { structureDrawing } from './structure.pdf.js';
import { AudienceFields, audienceFrom, audienceWords, yearOf, type FeePages } from '../../adapters/pages.js';

const yearId = z.union([z.uuid(), z.iso.date()], 'Choose a year');
const Copy = AudienceFields.extend({
  yearId,
  raise: z.coerce
    .number({ error: 'A number from −50 to 100' })
    .min(-50, 'A number from −50 to 100')
    .max(100, 'A number from −50 to 100')
    .default(0),
});

const BOARDINGS: Record<SchoolProfile['type'], readonly Boarding[]> = {
  day: ['day'],
  boarding: ['boarder'],
  'day-and-boarding': ['day', 'boarder'],
};

export function structureRoutes(r: Routes, pages: FeePages): void {
  r.get('/fees', 'fees.read', async (req, res) => {
    const year = await yearOf(pages, req.query.year);
    const structures = await pages.structures.ofYear(req.actor, year.id);
    const list = await pages.subjects.classList();
    const heads = (await pages.heads.list(req.actor)).filter((head) => head.active && head.kind !== 'grant');
    const mandatory = new Set(heads.filter((head) => head.mandatory).map((head) => head.id));
    const rows = structures
      .filter((one) => one.state !== 'replaced')
      .map((one) => ({
        ...one,
        who: audienceWords(one.audience, list, req.t),
        totalMinor: one.lines.reduce((sum, line) => sum + (mandatory.has(line.headId) ? line.amountMinor : 0), 0),
      }));
    await res.page('fees/index', {
      year,
      years: await pages.school.years(),
      rows,
      heads: heads.length,
      table: await whatIsPaid(
        pages,
        req,
        structures,
        year.terms.map((term) => term.id),
      ),
    });
  });

  r.form({
    path: '/fees/structures/new',
    action: '/fees/structures',
    can: 'fees.setup',
    view: 'fees/structures/new',
    schema: AudienceFields.extend({ yearId }),
    load: async (req) => ({ ...(await choices(pages)), values: { yearId: (await yearOf(pages, req.query.year)).id } }),
    save: async (form, req) => {
      const id = await pages.structures.draft(req.actor, { yearId: form.yearId, name: form.name, audience: audienceFrom(form) });
      return { to: `/fees/structures/${id}/amounts`, flash: req.t('Now enter the amounts.') };
    },
  });

  r.get('/fees/structures/:id', 'fees.read', async (req, res) => res.page('fees/structures/show', await shown(pages, req)));

  r.form({
    path: '/fees/structures/:id/edit',
    can: 'fees.setup',
    view: 'fees/structures/edit',
    schema: AudienceFields.extend({ version: z.coerce.number().int() }),
    load: async (req) => {
      const structure = await pages.structures.find(req.actor, idOf(req));
      return {
        ...(await choices(pages)),
        structure,
        values: { ...structure.audience, name: structure.name, version: structure.version },
      };
    },
    save: async (form, req) => {
      await pages.structures.rename(req.actor, idOf(req), {
        name: form.name,
        audience: audienceFrom(form),
        version: form.version,
      });
      return { to: `/fees/structures/${idOf(req)}`, flash: req.t('Your changes have been saved.') };
    },
  });

  r.form({
    path: '/fees/structures/:id/amounts',
    can: 'fees.setup',
    view: 'fees/structures/amounts',
    schema: async () => amountsForm((await pages.school.profile()).currency),
    load: async (req) => {
      const model = await shown(pages, req);
      return {
        ...model,
        values: {
          version: model.structure.version,
          amounts: amountsOf(model.structure, (minor) => formatAmount(minor, model.currency)),
        },
      };
    },
    save: async ({ amounts, version }, req) => {
      await pages.structures.setLines(req.actor, idOf(req), amounts, version);
      return { to: `/fees/structures/${idOf(req)}`, flash: req.t('The amounts have been saved.') };
    },
  });

  r.form({
    path: '/fees/structures/:id/copies/new',
    action: '/fees/structures/:id/copies',
    can: 'fees.setup',
    view: 'fees/structures/copy',
    schema: Copy,
    load: async (req) => {
      const structure = await pages.structures.find(req.actor, idOf(req));
      return {
        ...(await choices(pages)),
        structure,
        values: { ...structure.audience, name: structure.name, yearId: structure.yearId, raise: 0 },
      };
    },
    save: async (form, req) => {
      const id = await pages.structures.copy(req.actor, idOf(req), {
        yearId: form.yearId,
        name: form.name,
        audience: audienceFrom(form),
        raiseBasisPoints: Math.round(form.raise * 100),
      });
      return { to: `/fees/structures/${id}`, flash: req.t('The copy is a draft. Check it, then publish it.') };
    },
  });

  r.form({
    path: '/fees/structures/:id/publication',
    can: 'fees.setup',
    view: 'fees/structures/publish',
    schema: z.object({}),
    load: async (req) => shown(pages, req),
    save: async (_form, req) => {
      await pages.structures.publish(req.actor, idOf(req));
      return { to: `/fees/structures/${idOf(req)}`, flash: req.t('The fee structure has been published.') };
    },
  });

  r.post('/fees/structures/:id/editions', 'fees.setup', async (req, res) => {
    const id = await pages.structures.nextEdition(req.actor, idOf(req));
    res.done(`/fees/structures/${id}`, req.t('This draft will replace the published structure once you publish it.'));
  });

  r.form({
    path: '/fees/structures/:id/discarding',
    can: 'fees.setup',
    view: 'fees/structures/discard',
    schema: z.object({}),
    load: async (req) => ({ structure: await pages.structures.find(req.actor, idOf(req)) }),
    save: async (_form, req) => {
      const { yearId } = await pages.structures.find(req.actor, idOf(req));
      await pages.structures.discard(req.actor, idOf(req));
      return { to: `/fees?year=${yearId}`, flash: req.t('The draft was discarded.') };
    },
  });

  r.pdf({
    path: '/fees/structures/:id/print.pdf',
    can: 'fees.read',
    filename: (_req, { name }) => `fees-${name}.pdf`,
    load: async (req) => {
      const { structure, who, year, heads, currency } = await shown(pages, req);
      const context = printedFor(req, await pages.school.letterhead());
      return {
        context,
        name: structure.name,
        who,
        draft: structure.state === 'draft',
        year: year.name,
        terms: year.terms.map(({ id, name }) => ({ id, name })),
        heads: heads.map(({ id, name, mandatory, frequency }) => ({ id, name, mandatory, frequency })),
        lines: structure.lines,
        currency,
      };
    },
    draw: structureDrawing,
  });
}

/** `amounts.<head>.<term>`: each box that holds an amount. */
function amountsForm(currency: string) {
  return z.object({
    version: z.coerce.number().int(),
    amounts: z
      .record(z.uuid(), z.record(z.uuid(), z.string()))
      .default({})
      .transform((boxes, context) => {
        const lines: StructureLine[] = [];
        for (const [headId, terms] of Object.entries(boxes)) {
          for (const [termId, text] of Object.entries(terms)) {
            const amountMinor = parseAmount(text, currency);
            if (amountMinor === 0) continue;
            if (amountMinor === null || amountMinor < 0)
              context.addIssue({ code: 'custom', message: ABOVE_ZERO, path: [headId, termId] });
            else lines.push({ headId, termId, amountMinor });
          }
        }
        return lines;
      }),
  });
}

async function choices(pages: FeePages) {
  const { classes, streams } = await pages.subjects.classList();
  return {
    ...(await pages.structures.years()),
    classes: classes.filter((one) => one.active),
    streams: streams.filter((one) => one.active),
  };
}

async function shown(pages: FeePages, req: Request) {
  const structure = await pages.structures.find(req.actor, idOf(req));
  const year = await yearOf(pages, structure.yearId);
  const charged = new Set(structure.lines.map((line) => line.headId));
  const heads = (await pages.heads.list(req.actor)).filter(
    (head) => (head.active && head.kind !== 'grant') || charged.has(head.id),
  );
  const amounts = new Map(structure.lines.map((line) => [`${line.headId} ${line.termId}`, line.amountMinor]));
  const { currency } = await pages.school.profile();
  return {
    structure,
    year,
    heads,
    amounts,
    totals: totalsByTerm(structure.lines),
    who: audienceWords(structure.audience, await pages.subjects.classList(), req.t),
    currency,
  };
}

function amountsOf({ lines }: FeeStructure, text: (minor: number) => string): Record<string, Record<string, string>> {
  const amounts: Record<string, Record<string, string>> = {};
  for (const { headId, termId, amountMinor } of lines) (amounts[headId] ??= {})[termId] = text(amountMinor);
  return amounts;
}

interface Paid {
  who: string;
  boarding: Boarding;
  terms: number[];
  total: number;
}

/** What somebody who joins pays in each class by what is published: mandatory heads, those of one time included. */
async function whatIsPaid(
  pages: FeePages,
  req: Request,
  structures: readonly FeeStructure[],
  termIds: readonly string[],
): Promise<Paid[]> {
  const mandatory = new Set((await pages.heads.list(req.actor)).filter((head) => head.mandatory).map((head) => head.id));
  const { classes, streams } = await pages.subjects.classList();
  // A stream is named only where it pays otherwise than its class.
  const apart = new Set(structures.flatMap((one) => (one.state === 'published' ? one.audience.streamIds : [])));
  const groups = classes
    .filter((one) => one.active)
    .flatMap((one) => [
      { who: one.name, classId: one.id, streamId: '' },
      ...streams
        .filter((stream) => stream.classId === one.id && apart.has(stream.id))
        .map((stream) => ({ who: stream.label, classId: one.id, streamId: stream.id })),
    ]);
  const boardings = BOARDINGS[(await pages.school.profile()).type];
  return boardings.flatMap((boarding) => {
    const rows = groups.map(({ who, classId, streamId }): Paid => {
      const charges = chargesFor({ classId, streamId, boarding }, structures).filter((charge) => mandatory.has(charge.headId));
      const totals = totalsByTerm(charges);
      const terms = termIds.map((id) => totals.get(id) ?? 0);
      return { who, boarding, terms, total: terms.reduce((sum, minor) => sum + minor, 0) };
    });
    return alikeTogether(rows, (first, last) => req.t('{{first}} to {{last}}', { first, last }));
  });
}

/** Neighbours that pay the same are one row: `Grade 1 to Grade 6`. */
function alikeTogether(rows: readonly Paid[], name: (first: string, last: string) => string): Paid[] {
  const runs: Paid[][] = [];
  for (const row of rows) {
    const run = runs.at(-1);
    if (run && String(run[0]!.terms) === String(row.terms)) run.push(row);
    else runs.push([row]);
  }
  return runs.map((run) => (run.length === 1 ? run[0]! : { ...run[0]!, who: name(run[0]!.who, run.at(-1)!.who) }));
}
