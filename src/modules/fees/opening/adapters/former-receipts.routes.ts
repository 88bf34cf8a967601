import { z } from 'zod';
import { spokenName } from '../../../../kernel/people/names.js';
import { idOf } from '../../../../platform/http/pages/fields.js';
import { printedFor } from '../../../../platform/http/routes/pdf-route.js';
import type { Routes } from '../../../../platform/http/routes/routes.js';
import type { SchoolApi } from '../../../school/index.js';
import type { FormerReceipts } from '../former-receipts.js';
import { SEES_ACCOUNTS } from '../../documents/document.rules.js';
import { amountInWords } from '../../documents/words.rules.js';
import { formerReceiptDrawing } from './former-receipt.pdf.js';
import { formerReceiptColumns } from './former-receipts.sheet.js';

const Filter = z.object({ q: z.string().trim().max(100).optional(), student: z.uuid().optional() });

/** Receipts that an earlier system wrote: the list, one of them, and a copy that says where it is from. */
export function formerReceiptRoutes(r: Routes, { former, school }: { former: FormerReceipts; school: SchoolApi }): void {
  r.list({
    path: '/fees/former-receipts',
    can: SEES_ACCOUNTS,
    view: 'fees/former-receipts/index',
    filter: Filter,
    load: (filter, query, req) =>
      former.list(req.actor, { text: filter.q || null, studentId: filter.student ?? null }, query.cursor, query.limit),
    sheet: { name: 'former-receipts', columns: formerReceiptColumns },
  });

  r.get('/fees/former-receipts/:id', SEES_ACCOUNTS, async (req, res) =>
    res.page('fees/former-receipts/show', { receipt: await former.find(req.actor, idOf(req)) }),
  );

  r.pdf({
    path: '/fees/former-receipts/:id/print.pdf',
    can: SEES_ACCOUNTS,
    filename: (_req, { number }) => `former-${number.replace(/[^\w-]+/g, '-')}.pdf`,
    load: async (req) => {
      const { student, payerName, ...receipt } = await former.find(req.actor, idOf(req));
      const { currency } = await school.profile();
      return {
        context: printedFor(req, await school.letterhead()),
        currency,
        number: receipt.number,
        receivedOn: receipt.receivedOn,
        amountMinor: receipt.amountMinor,
        method: receipt.method,
        note: receipt.note,
        inWords: amountInWords(receipt.amountMinor, currency, req.language),
        student: spokenName(student),
        admissionNo: student.admissionNo,
        payer: payerName,
      };
    },
    draw: formerReceiptDrawing,
  });
}
