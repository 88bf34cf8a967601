import type { Request } from 'express';
import { z } from 'zod';
import { amountField, idOf } from '../../../../platform/http/pages/fields.js';
import type { Routes } from '../../../../platform/http/routes/routes.js';
import { cashUp, dropCash, expectedOf, openTill } from '../tills.js';
import { DROP_KINDS } from '../till.rules.js';
import type { TillSession } from '../../ports.js';
import { tillColumns } from './tills.sheet.js';
import { zReportDrawing, type PrintedTill } from './z-report.pdf.js';
import { methodWord } from '../../documents/adapters/method-words.js';
import { printContext, type PayingPages } from '../../adapters/paying-pages.js';

const MINE = '/fees/till';
const note = z.string().trim().max(120, 'At most 120 characters').default('');

export function tillRoutes(r: Routes, pages: PayingPages): void {
  r.get(MINE, 'fees.receive', async (req, res) => {
    const session = await pages.tills.mine(req.actor);
    await res.page('fees/till/index', { ...(session ? await shown(pages, session) : { session }), methodWord });
  });

  r.form({
    path: `${MINE}/opening`,
    command: openTill,
    view: 'fees/till/open',
    schema: (req) => z.object({ float: amountField(req.school!.currency, 0) }),
    load: () => Promise.resolve({}),
    save: async ({ float }, req) => {
      await req.run(openTill, float);
      return { to: '/fees/cashier', flash: req.t('Your till is open.') };
    },
  });

  r.form({
    path: `${MINE}/drops`,
    command: dropCash,
    view: 'fees/till/drop',
    schema: (req) =>
      z.object({
        kind: z.enum(DROP_KINDS, 'Choose where it goes'),
        amount: amountField(req.school!.currency, 1),
        note,
        accountId: z.uuid().optional(),
        slipNumber: z.string().trim().max(40, 'At most 40 characters').default(''),
      }),
    load: async (req) => ({
      open: (await pages.tills.mine(req.actor)) !== null,
      banks: await pages.tills.banks(req.actor),
      values: { kind: 'safe' },
    }),
    save: async ({ kind, amount, note: words, accountId = null, slipNumber }, req) => {
      await req.run(dropCash, { kind, amountMinor: amount, note: words, accountId, slipNumber });
      return { to: MINE, flash: req.t('Recorded.') };
    },
  });

  r.form({
    path: `${MINE}/cash-up`,
    command: cashUp,
    view: 'fees/till/cash-up',
    schema: (req) => z.object({ counted: amountField(req.school!.currency, 0), note }),
    load: async (req) => ({ open: (await pages.tills.mine(req.actor)) !== null }),
    save: async ({ counted, note: words }, req) => {
      const id = await req.run(cashUp, { countedMinor: counted, note: words });
      return { to: `/fees/tills/${id}`, flash: req.t('The till has been counted and closed.') };
    },
  });

  r.list({
    path: '/fees/tills',
    can: 'fees.payments.read',
    view: 'fees/tills/index',
    filter: z.object({
      state: z.enum(['open', 'closed', 'different']).optional(),
      from: z.iso.date().optional(),
      to: z.iso.date().optional(),
    }),
    load: ({ state = null, from = null, to = null }, query, req) =>
      pages.tills.list(req.actor, { state, from, to }, query.cursor, query.limit),
    sheet: { name: 'tills', columns: async (req) => tillColumns(req.school!.zone) },
  });

  r.get('/fees/tills/:id', 'fees.payments.read', async (req, res) =>
    res.page('fees/tills/show', { ...(await shown(pages, await pages.tills.find(req.actor, idOf(req)))), methodWord }),
  );

  r.pdf({
    path: '/fees/tills/:id/z-report.pdf',
    can: 'fees.payments.read',
    filename: (_req, data: PrintedTill) => `z-report-${data.openedOn}.pdf`,
    load: async (req) => printed(pages, req, await pages.tills.find(req.actor, idOf(req))),
    draw: zReportDrawing,
  });
}

async function shown(pages: PayingPages, session: TillSession) {
  return { session, expectedMinor: session.expectedMinor ?? expectedOf(session), banks: await bankNames(pages) };
}

/** Account of the books → its name, for the bank that cash went to. */
async function bankNames({ ledger }: PayingPages): Promise<ReadonlyMap<string, string>> {
  return new Map((await ledger.accounts()).map((one) => [one.id, one.name]));
}

async function printed(pages: PayingPages, req: Request, session: TillSession): Promise<PrintedTill> {
  const clock = new Intl.DateTimeFormat(req.language === 'en' ? 'en-GB' : req.language, {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    timeZone: req.school!.zone,
  });
  const banks = await bankNames(pages);
  const day = new Intl.DateTimeFormat('en-CA', { timeZone: req.school!.zone });
  return {
    context: await printContext(pages, req),
    currency: req.school!.currency,
    openedOn: day.format(session.openedAt),
    cashier: session.cashierName,
    opened: clock.format(session.openedAt),
    closed: session.closedAt && clock.format(session.closedAt),
    floatMinor: session.floatMinor,
    takings: session.takings.map(({ method, count, totalMinor }) => ({
      method: methodWord(method, req.t),
      cash: method === 'cash',
      count,
      totalMinor,
    })),
    movements: session.movements.map((one) => ({
      ...one,
      at: clock.format(one.at),
      bank: banks.get(one.slip?.accountId ?? '') ?? '',
    })),
    voided: session.voided.map((one) => ({ ...one, method: methodWord(one.method, req.t) })),
    expectedMinor: session.expectedMinor ?? expectedOf(session),
    countedMinor: session.countedMinor,
    note: session.note,
  };
}
