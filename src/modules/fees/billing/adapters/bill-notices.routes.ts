import type { Request } from 'express';
import { z } from 'zod';
import { idOf } from '../../../../platform/http/pages/fields.js';
import type { FlatValues } from '../../../../platform/http/routes/form-data.js';
import type { Routes } from '../../../../platform/http/routes/routes.js';
import { BILL_GAPS } from '../bill-words.js';
import { REMINDS } from '../../reminders/defaulters.js';
import { unknownGaps } from '../../reminders/gaps.rules.js';
import { termNames, type FeePages } from '../../adapters/pages.js';
import { lookedAt, toldWords } from '../../reminders/adapters/reminders.page.js';

const PATH = '/fees/billing/:id/notices';
const VIEW = 'fees/billing/tell';
const MOST_LETTERS = 600;

const text = z
  .string({ error: 'Enter the message' })
  .trim()
  .min(10, 'Enter the message')
  .max(MOST_LETTERS, 'At most 600 characters')
  .refine(
    (words) => unknownGaps(words, BILL_GAPS).length === 0,
    'Only {{student}}, {{term}}, {{amount}}, {{due}}, {{balance}} and {{link}} are filled in',
  );
const Words = z.object({ text });
/** `looked`: the words whose price was shown. */
const Send = z
  .object({ text, looked: z.string().trim().default('') })
  .refine((sent) => sent.text === sent.looked, { path: ['text'], error: 'The wording has changed: check the cost, then send' });

/** Families are told what a run has billed them: look at what it costs, send. */
export function billNoticeRoutes(r: Routes, pages: FeePages): void {
  const load = async (req: Request) => {
    const usual = await pages.notices.usual(req.actor, req.t);
    const typed = (req.body as FlatValues | undefined)?.text;
    const parsed = text.safeParse(typed);
    const words = parsed.success ? parsed.data : usual;
    return {
      run: await pages.runs.find(req.actor, idOf(req)),
      termLabels: await termNames(pages),
      gaps: BILL_GAPS,
      words,
      usual,
      estimate: await pages.notices.estimate(req.actor, idOf(req), ownWords(words, usual)),
      values: { text: words },
    };
  };

  r.form({
    path: `${PATH}/new`,
    action: PATH,
    can: REMINDS,
    view: VIEW,
    schema: Send,
    load,
    save: async ({ text: words }, req) => {
      const told = await pages.notices.send(req.actor, idOf(req), ownWords(words, await pages.notices.usual(req.actor, req.t)));
      return { to: `/fees/billing/${idOf(req)}`, flash: toldWords(told, req.t) };
    },
  });

  r.post(`${PATH}/preview`, REMINDS, async (req, res) => {
    const { form, data } = await lookedAt(req, `/fees/billing/${idOf(req)}/notices`, Words);
    await res.page(VIEW, { ...(await load(req)), form }, { status: data ? 200 : 422 });
  });
}

/** Words that nobody has changed are said in the language of each family. */
function ownWords(words: string, usual: string): string | null {
  return words === usual ? null : words;
}
