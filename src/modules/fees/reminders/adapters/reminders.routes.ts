import type { Request } from 'express';
import { z } from 'zod';
import { isId } from '../../../../kernel/id.js';
import type { FlatValues } from '../../../../platform/http/routes/form-data.js';
import type { Routes } from '../../../../platform/http/routes/routes.js';
import { MOST_REMINDED } from '../reminders.js';
import { REMINDS } from '../defaulters.js';
import { unknownGaps } from '../gaps.rules.js';
import { LEVELS, REMINDER_GAPS, type Level } from '../reminder.rules.js';
import { lookedAt, placeNames, toldWords, type RemindingPages } from './reminders.page.js';

const NEW = '/fees/defaulters/reminders/new';
const ACTION = '/fees/defaulters/reminders';
const MOST_LETTERS = 600;

const Remind = z.object({
  student: z.preprocess(
    (value) => [value].flat().filter(Boolean),
    z.array(z.uuid()).min(1, 'Tick at least one student').max(MOST_REMINDED, 'At most 200 students at once'),
  ),
  level: z.enum(LEVELS),
  text: z
    .string({ error: 'Enter the message' })
    .trim()
    .min(10, 'Enter the message')
    .max(MOST_LETTERS, 'At most 600 characters')
    .refine((text) => unknownGaps(text, REMINDER_GAPS).length === 0, 'Only {{student}}, {{balance}} and {{link}} are filled in'),
});

/** Ticked families are reminded: choose the words, look at what it costs, send. */
export function reminderRoutes(r: Routes, pages: RemindingPages): void {
  const load = async (req: Request) => {
    const level = levelOf(req);
    const owing = (await pages.defaulters.among(req.actor, idsOf(req))).filter((one) => one.askedMinor > 0);
    // Whoever comes back from the look keeps the words that they changed.
    const typed = typeof req.query.text === 'string' ? req.query.text.slice(0, MOST_LETTERS) : null;
    return {
      owing,
      level,
      levels: LEVELS,
      placeOf: await placeNames(pages),
      values: { level, text: typed ?? wordsOf(level, req), student: owing.map((one) => one.studentId) },
    };
  };

  r.form({
    path: NEW,
    action: ACTION,
    can: REMINDS,
    view: 'fees/defaulters/remind',
    schema: Remind,
    load,
    save: async ({ student, level, text }, req) => {
      const told = await pages.reminders.send(req.actor, { studentIds: student, level, text });
      return { to: '/fees/defaulters', flash: toldWords(told, req.t) };
    },
  });

  // Only this page can send.
  r.post(`${ACTION}/preview`, REMINDS, async (req, res) => {
    const { form, data } = await lookedAt(req, ACTION, Remind);
    if (!data) return res.page('fees/defaulters/remind', { ...(await load(req)), form }, { status: 422 });
    const { student, level, text } = data;
    await res.page('fees/defaulters/preview', {
      form,
      reminder: { student, level, text },
      estimate: await pages.reminders.estimate(req.actor, { studentIds: student, level, text }),
    });
  });
}

function idsOf(req: Request): string[] {
  const sent = [req.query.student, (req.body as FlatValues | undefined)?.student].flat();
  return [...new Set(sent.filter((one): one is string => isId(one)))].slice(0, MOST_REMINDED);
}

function levelOf(req: Request): Level {
  const asked = (req.body as FlatValues | undefined)?.level ?? req.query.level;
  return LEVELS.find((one) => one === asked) ?? LEVELS[0];
}

/** The words that a level begins with; the bursar may change them. */
function wordsOf(level: Level, req: Request): string {
  // Its gaps stay: they are filled for each family.
  const gaps = { student: '{{student}}', balance: '{{balance}}', link: '{{link}}', school: req.school!.name };
  if (level === 'friendly')
    return req.t(
      '{{school}}: {{student}} has a fee balance of {{balance}}, part of it overdue. Please pay when you can. Statement: {{link}}',
      gaps,
    );
  if (level === 'second')
    return req.t(
      '{{school}}: we have not yet received fees of {{balance}} for {{student}}. Please pay this week or call the bursar. Statement: {{link}}',
      gaps,
    );
  return req.t(
    '{{school}}: final reminder. Fees of {{balance}} for {{student}} are long overdue. Please pay now or come and see the bursar. Statement: {{link}}',
    gaps,
  );
}
