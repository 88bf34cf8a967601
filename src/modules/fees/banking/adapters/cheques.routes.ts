import type { Request } from 'express';
import { z } from 'zod';
import { registerName } from '../../../../kernel/people/names.js';
import { printedFor } from '../../../../platform/http/routes/pdf-route.js';
import { day, idOf } from '../../../../platform/http/pages/fields.js';
import type { Routes } from '../../../../platform/http/routes/routes.js';
import type { SchoolApi } from '../../../school/index.js';
import type { Cheques, NamedDeposit } from '../cheques.js';
import { namesInBrief, numbersInBrief } from '../../documents/brief.rules.js';
import type { Slips } from '../slips.js';
import { CHEQUE_AGES, CHEQUE_STATES } from '../cheque.rules.js';
import type { ChequeAges } from '../../ports.js';
import { depositListDrawing, type PrintedDeposit } from './cheque-deposit.pdf.js';
import { chequeColumns } from './cheques.sheet.js';

export interface ChequePages {
  cheques: Cheques;
  slips: Pick<Slips, 'find'>;
  school: Pick<SchoolApi, 'letterhead'>;
}

const chosen = (sentence: string) => z.union([z.uuid(), z.array(z.uuid())], sentence).transform((value) => [value].flat());
const Filter = z.object({
  q: z.string().trim().max(60).optional(),
  state: z.enum(CHEQUE_STATES).optional(),
  from: day.optional(),
  to: day.optional(),
});
const BankForm = z.object({
  cheques: chosen('Choose the cheques that go to the bank'),
  accountId: z.uuid('Choose a bank account'),
  slipNumber: z
    .string({ error: 'Enter the slip number' })
    .trim()
    .min(1, 'Enter the slip number')
    .max(40, 'At most 40 characters'),
  bankedOn: day,
});

/** The register of cheques, the slip that several go to the bank on, and what the bank says of them. */
export function chequeRoutes(r: Routes, pages: ChequePages): void {
  r.list({
    path: '/fees/cheques',
    can: 'fees.payments.read',
    view: 'fees/cheques/index',
    filter: Filter,
    load: (filter, query, req) =>
      pages.cheques.list(
        req.actor,
        { text: filter.q || null, state: filter.state ?? null, from: filter.from ?? null, to: filter.to ?? null },
        query.cursor,
        query.limit,
      ),
    model: (_filter, page) =>
      Promise.resolve({ ages: (page as unknown as { ages: ChequeAges | null }).ages, steps: CHEQUE_AGES, namesInBrief }),
    sheet: { name: 'cheques', columns: chequeColumns },
  });

  r.form({
    path: '/fees/cheques/deposits/new',
    action: '/fees/cheques/deposits',
    can: 'fees.receive',
    view: 'fees/cheques/bank',
    schema: BankForm,
    load: async (req) => {
      const found = await pages.cheques.toBank(req.actor);
      return {
        ...found,
        namesInBrief,
        numbersInBrief,
        values: {
          cheques: found.cheques.map((one) => one.paymentId),
          accountId: found.banks[0]?.id ?? '',
          bankedOn: req.school!.today,
        },
      };
    },
    save: async ({ cheques, ...banking }, req) => {
      const id = await pages.cheques.bank(req.actor, { paymentIds: cheques, ...banking });
      return { to: `/fees/cheques/deposits/${id}`, flash: req.t('Banked. Print the list for the bank.') };
    },
  });

  r.form({
    path: '/fees/cheques/deposits/:id',
    action: '/fees/cheques/deposits/:id/clearings',
    can: 'fees.payments.read',
    writes: 'fees.verify',
    view: 'fees/cheques/deposit',
    schema: z.object({ cheques: chosen('Choose the cheques that cleared'), clearedOn: day }),
    load: async (req) => {
      const deposit = await pages.cheques.deposit(req.actor, idOf(req));
      return {
        deposit,
        namesInBrief,
        slip: await pages.slips.find(req.actor, deposit.slipId),
        values: {
          cheques: deposit.cheques
            .filter((one) => one.depositId === deposit.id && one.state === 'banked')
            .map((one) => one.paymentId),
          clearedOn: req.school!.today,
        },
      };
    },
    save: async ({ cheques, clearedOn }, req) => {
      await pages.cheques.clear(req.actor, idOf(req), cheques, clearedOn);
      return { to: `/fees/cheques/deposits/${idOf(req)}`, flash: req.t('Marked as cleared.') };
    },
  });

  r.pdf({
    path: '/fees/cheques/deposits/:id/list.pdf',
    can: 'fees.payments.read',
    filename: (_req, data: PrintedDeposit) => `cheques-${data.slipNumber.replace(/[^\w-]/g, '-')}.pdf`,
    load: async (req) => printed(pages, req, await pages.cheques.deposit(req.actor, idOf(req))),
    draw: depositListDrawing,
  });
}

async function printed(pages: ChequePages, req: Request, deposit: NamedDeposit): Promise<PrintedDeposit> {
  const { slipNumber, bankedOn, amountMinor, byName, account, cheques, names } = deposit;
  return {
    context: printedFor(req, await pages.school.letterhead()),
    currency: req.school!.currency,
    bank: account?.name ?? '',
    atBank: [account?.bankName, account?.bankBranch].filter(Boolean).join(', '),
    bankNumber: account?.bankNumber ?? '',
    slipNumber,
    bankedOn,
    amountMinor,
    byName,
    cheques: cheques.map((one) => ({
      bank: one.bank,
      number: one.number,
      payer: one.payerName,
      amountMinor: one.amountMinor,
      receipts: numbersInBrief(one.receiptNumbers),
      students: namesInBrief(
        one.studentIds
          .map((id) => names.get(id))
          .filter((holder) => holder !== undefined)
          .map((holder) => registerName(holder)),
      ),
    })),
  };
}
