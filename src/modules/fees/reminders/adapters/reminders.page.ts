import type { Told } from '../../../notifications/index.js';
import type { Request } from 'express';
import type { z } from 'zod';
import { closeGaps, FormState, problemsOf, unflatten, type FlatValues } from '../../../../platform/http/routes/form-data.js';
import type { SchoolApi } from '../../../school/index.js';
import type { StudentsApi } from '../../../students/index.js';
import type { SubjectsApi } from '../../../subjects/index.js';
import type { Defaulters } from '../defaulters.js';
import type { Reminders } from '../reminders.js';

/** What the pages about overdue fees work with. */
export interface RemindingPages {
  defaulters: Defaulters;
  reminders: Reminders;
  school: SchoolApi;
  subjects: SubjectsApi;
  students: StudentsApi;
}

/** What is on its way, and how many were left out. */
export function toldWords({ messages, again, optedOut, unreachable }: Told, t: Request['t']): string {
  const left = again + optedOut + unreachable;
  const sent = messages === 1 ? t('One message is on its way.') : t('{{n}} messages are on their way.', { n: messages });
  if (left === 0) return sent;
  return `${sent} ${left === 1 ? t('One was not sent: already sent, opted out, or no phone or email.') : t('{{n}} were not sent: already sent, opted out, or no phone or email.', { n: left })}`;
}

/** What was typed, to be looked at before the form is sent to `action`; `data` is null where something is wrong with it. */
export async function lookedAt<Values>(
  req: Request,
  action: string,
  schema: z.ZodType<Values>,
): Promise<{ form: FormState; data: Values | null }> {
  const body = (req.body ?? {}) as FlatValues;
  const parsed = await schema.safeParseAsync(closeGaps(unflatten(body)));
  const problems = parsed.success
    ? []
    : problemsOf(parsed.error).map((problem) => ({ ...problem, message: req.t(problem.message) }));
  const typed = Object.fromEntries(Object.entries(body).filter(([name]) => !name.startsWith('_')));
  return { form: new FormState(action, typed, problems, String(body._once ?? '')), data: parsed.success ? parsed.data : null };
}

/** Class or stream → its name, in the order of classes. */
export async function placeNames(pages: Pick<RemindingPages, 'subjects'>): Promise<Map<string, string>> {
  const { classes, streams } = await pages.subjects.classList();
  return new Map(
    classes.flatMap((one) => [
      [one.id, one.name] as const,
      ...streams.filter((stream) => stream.classId === one.id).map((stream) => [stream.id, stream.label] as const),
    ]),
  );
}
