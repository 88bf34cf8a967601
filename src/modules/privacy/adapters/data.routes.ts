import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Request, Response } from 'express';
import { z } from 'zod';
import { NotFound } from '../../../kernel/errors.js';
import { isId } from '../../../kernel/id.js';
import { countPeopleShown } from '../../../platform/http/routes/reading.js';
import type { Routes } from '../../../platform/http/routes/routes.js';
import { opening } from '../../../platform/people-shown.js';
import type { Subject, Value } from '../../../kernel/people/personal-data.js';
import { zip } from '../../../platform/zip/write.js';
import type { FilesApi } from '../../files/index.js';
import type { Erasure, ErasureReport } from '../erasure.js';
import type { SubjectFile, SubjectFiles } from '../subject-file.js';
import { archive } from './archive.js';

const KINDS = ['student', 'guardian', 'staff'] as const;
type Kind = (typeof KINDS)[number];
/** Where a person's record is shown; a guardian's only page is its form. */
const RECORDS: Record<Kind, (id: string) => string> = {
  student: (id) => `/students/${id}`,
  guardian: (id) => `/students/guardians/${id}/edit`,
  staff: (id) => `/hr/staff/${id}`,
};

interface DataPages {
  subjects: SubjectFiles;
  erasure: Erasure;
  files: FilesApi;
}

export function dataRoutes(r: Routes, pages: DataPages): void {
  ownRoutes(r, pages);
  officeRoutes(r, pages);
  erasureRoutes(r, pages.erasure);
}

function ownRoutes(r: Routes, { subjects, files }: DataPages): void {
  r.get('/profile/data', 'signed-in', async (req, res) => {
    const people = await subjects.own(req.actor, req.t);
    await res.page('privacy/data/show', { people, zip: '/profile/data.zip', own: true, erase: null, show: shower(req) });
  });
  r.get('/profile/data.zip', 'signed-in', async (req, res) => send(req, res, await subjects.own(req.actor, req.t), files));
}

function officeRoutes(r: Routes, { subjects, files }: DataPages): void {
  r.get('/privacy/:kind/:id', 'privacy.read', async (req, res) => {
    const subject = subjectIn(req);
    opening(subject.id);
    const file = await subjects.of(req.actor, subject, req.t);
    const path = `/privacy/${subject.kind}/${subject.id}`;
    await res.page('privacy/data/show', {
      people: [file],
      zip: `${path}/data.zip`,
      own: false,
      back: recordOf(subject),
      erase: `${path}/erasure`,
      show: shower(req),
    });
  });
  r.get('/privacy/:kind/:id/data.zip', 'privacy.read', async (req, res) => {
    const subject = subjectIn(req);
    opening(subject.id);
    countPeopleShown(req);
    await send(req, res, [await subjects.of(req.actor, subject, req.t)], files);
  });
}

function erasureRoutes(r: Routes, erasure: Erasure): void {
  r.form({
    path: '/privacy/:kind/:id/erasure',
    can: 'privacy.erase',
    view: 'privacy/erasure/new',
    schema: z.object({
      reason: z.string().trim().min(5, 'Give a short reason').max(500),
      word: z
        .string()
        .trim()
        .refine((typed) => typed.toUpperCase() === 'ERASE', 'Type the word ERASE'),
    }),
    load: async (req) => {
      const subject = subjectIn(req);
      opening(subject.id);
      return { plan: await erasure.plan(req.actor, subject), back: `/privacy/${subject.kind}/${subject.id}` };
    },
    save: async ({ reason }, req) => {
      const subject = subjectIn(req);
      const report = await erasure.erase(req.actor, subject, reason);
      return { to: subject.kind === 'guardian' ? '/students/guardians' : recordOf(subject), flash: flashOf(report, req) };
    },
  });
}

function flashOf({ pseudonym, done }: ErasureReport, req: Request): string {
  return req.t('Erased. The record is now called {{name}}. Gone: {{list}}.', {
    name: pseudonym,
    list: done.map((one) => req.t(one)).join('; '),
  });
}

/** @throws NotFound, also for an address that nobody could have from a page */
function subjectIn(req: Request): Subject & { kind: Kind } {
  const kind = KINDS.find((one) => one === req.params.kind);
  const id = String(req.params.id);
  if (!kind || !isId(id)) throw new NotFound();
  return { kind, id };
}

function recordOf({ kind, id }: { kind: Kind; id: string }): string {
  return RECORDS[kind](id);
}

async function send(req: Request, res: Response, people: readonly SubjectFile[], files: FilesApi): Promise<void> {
  const show = shower(req);
  const words = { t: req.t, language: req.language, school: req.school!.name, madeAt: show(new Date()), show };
  res
    .set('Content-Disposition', 'attachment; filename="personal-data.zip"')
    .set('Cache-Control', 'no-store')
    .type('application/zip');
  await pipeline(Readable.from(zip(archive(people, words, files, req.actor))), res);
}

function shower(req: Request): (value: Value) => string {
  const time = new Intl.DateTimeFormat(req.language === 'en' ? 'en-GB' : req.language, {
    dateStyle: 'medium',
    timeStyle: 'short',
    timeZone: req.school?.zone ?? 'UTC',
  });
  const day = new Intl.DateTimeFormat(req.language === 'en' ? 'en-GB' : req.language, { dateStyle: 'medium', timeZone: 'UTC' });
  return (value) => {
    if (value === null) return '';
    if (typeof value === 'string' && /^\d{4}-\d\d-\d\d$/.test(value)) return day.format(new Date(`${value}T00:00:00Z`));
    if (value instanceof Date) return time.format(value);
    if (typeof value === 'boolean') return req.t(value ? 'yes' : 'no');
    return String(value);
  };
}
