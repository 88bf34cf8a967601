import { printedFor } from '../../../../platform/http/routes/pdf-route.js';
import type { Request } from 'express';
import { z } from 'zod';
import type { PrintContext } from '../../../../platform/pdf/kit.js';
import type { SchoolApi } from '../../../school/index.js';
import type { StudentsApi } from '../../../students/index.js';
import type { SubjectsApi } from '../../../subjects/index.js';
import type { CollectionLabels, Collections } from '../collections.js';
import type { VoteHeads } from '../../structures/vote-heads.js';
import type { CollectedBy, Labels } from '../collections.rules.js';
import { METHODS } from '../../documents/document.rules.js';
import type { CollectionSpan } from '../../ports.js';
import { methodWord } from '../../documents/adapters/method-words.js';

/** What the pages about collections work with. */
export interface CollectionPages {
  collections: Collections;
  heads: Pick<VoteHeads, 'list'>;
  school: SchoolApi;
  subjects: SubjectsApi;
  students: StudentsApi;
}

const day = z.iso.date();
export const Span = z.object({ from: day.optional(), to: day.optional() });

/** The days that were asked for: until today, and the last one alone, unless others are named. */
export function spanOf({ from, to }: z.infer<typeof Span>, today: string): CollectionSpan {
  const last = to ?? today;
  return { from: from !== undefined && from < last ? from : last, to: last };
}

/** What things are called, those without a name last. */
export async function labelsOf(pages: Pick<CollectionPages, 'heads' | 'subjects'>, req: Request): Promise<CollectionLabels> {
  const heads: Labels = new Map<string | null, string>([
    ...(await pages.heads.list(req.actor)).map((one) => [one.id, one.name] as const),
    [null, req.t('Paid ahead')],
  ]);
  const classes: Labels = new Map<string | null, string>([
    ...(await pages.subjects.classList()).classes.map((one) => [one.id, one.name] as const),
    [null, req.t('In no class')],
  ]);
  const dates = new Intl.DateTimeFormat(req.language === 'en' ? 'en-GB' : req.language, {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    timeZone: 'UTC',
  });
  return {
    head: heads,
    class: classes,
    method: new Map(METHODS.map((method) => [method, methodWord(method, req.t)])),
    day: (key) => dates.format(new Date(`${key}T00:00:00Z`)),
  };
}

export function collectedByWord(by: CollectedBy, t: Request['t']): string {
  return { head: t('Vote head'), class: t('Class'), method: t('Method'), cashier: t('Cashier'), day: t('Day') }[by];
}

export async function printContext(pages: Pick<CollectionPages, 'school'>, req: Request): Promise<PrintContext> {
  return printedFor(req, await pages.school.letterhead());
}
