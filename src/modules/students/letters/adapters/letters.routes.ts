import type { Request, Response } from 'express';
import { z } from 'zod';
import { isOff } from '../../../../platform/http/ports.js';
import { sendPdf } from '../../../../platform/http/routes/pdf-route.js';
import type { Routes } from '../../../../platform/http/routes/routes.js';
import { drawInWorker } from '../../../../platform/pdf/worker.js';
import { ISSUES_LETTERS, type StudentLetters } from '../letters.js';
import { otherNames } from '../../prints/prints.js';
import { DOCUMENT_WORDS, mayHave, type StudentDocument } from '../document.rules.js';
import { isJoinedIn } from '../../enrolments/enrolment.rules.js';
import { identifierLabel } from '../../register/identifiers.rules.js';
import type { ClearanceLine, StudentProfile } from '../../ports.js';
import { lettersDrawing, type Letter } from './letters.pdf.js';
import { printContext, type PrintPages } from '../../prints/adapters/prints.routes.js';
import { classLabels, demandId, loadProfile } from '../../register/adapters/students.routes.js';

const LetterForm = z.object({
  kind: z.enum(['transfer', 'leaving']),
  conduct: z.string().trim().max(200, 'At most 200 characters').optional(),
  addressee: z.string().trim().max(300, 'At most 300 characters').optional(),
});

/** A letter without what its row in the list of letters holds itself. */
type Facts = Omit<Letter, 'kind' | 'reference' | 'issuedOn' | 'checkUrl' | 'copy' | 'withdrawnOn'>;

export interface LetterPages extends PrintPages {
  letters: StudentLetters;
  clearanceLines: readonly ClearanceLine[];
}

export function letterRoutes(r: Routes, pages: LetterPages): void {
  r.list({
    path: '/students/letters',
    can: ISSUES_LETTERS,
    view: 'students/letters/index',
    filter: z.object({ q: z.string().trim().max(80).optional() }),
    load: (filter, page, req) => pages.letters.list(req.actor, filter.q ?? null, page.cursor, page.limit),
    model: async () => ({ kindWords: DOCUMENT_WORDS }),
  });

  r.get('/students/:id/letters', ISSUES_LETTERS, async (req, res) => {
    const { student } = await loadProfile(pages, req);
    await res.page('students/letters/new', {
      student,
      left: mayHave('leaving', student.status),
      fees: await feesLine(pages, req, student.id),
    });
  });

  /** A letter is a paper that was handed out: it gets a number and a code, so it is made by a POST. */
  r.post('/students/:id/letters', ISSUES_LETTERS, async (req, res) => {
    const form = LetterForm.parse(
      Object.fromEntries(Object.entries((req.body ?? {}) as Record<string, string>).filter(([, value]) => value !== '')),
    );
    const profile = await loadProfile(pages, req);
    await pages.reads.ofChild(req.actor, { ...profile, openAlerts: [] });
    const facts = await factsOf(pages, req, profile, form);
    const letter = await pages.letters.issue(req.actor, profile.student, form.kind, { ...facts });
    await send(pages, req, res, letter, facts, {});
  });

  r.post('/students/letters/:id/copy', ISSUES_LETTERS, async (req, res) => {
    const letter = await pages.letters.copy(req.actor, demandId(req));
    await send(pages, req, res, letter, letter.facts as unknown as Facts, { copy: true, withdrawnOn: letter.withdrawnOn });
  });
}

async function send(
  pages: LetterPages,
  req: Request,
  res: Response,
  letter: StudentDocument,
  facts: Facts,
  marks: Pick<Letter, 'copy' | 'withdrawnOn'>,
): Promise<void> {
  const kind = letter.kind as Letter['kind'];
  const body = await drawInWorker(lettersDrawing, {
    context: await printContext(pages, req, true),
    letters: [
      {
        ...facts,
        kind,
        reference: letter.reference ?? '',
        issuedOn: letter.issuedOn,
        checkUrl: `${pages.publicUrl}/check/${letter.code}`,
        ...marks,
      },
    ],
  });
  sendPdf(res, `${kind}-letter.pdf`, body);
}

async function factsOf(
  pages: LetterPages,
  req: Request,
  profile: StudentProfile,
  form: z.infer<typeof LetterForm>,
): Promise<Facts> {
  const { student } = profile;
  const { labels } = await classLabels(pages.subjects);
  const label = (line: { streamId: string | null } | undefined): string => (line?.streamId && labels.get(line.streamId)) || '';
  const [pack, years] = await Promise.all([pages.school.pack(), pages.school.years()]);
  const [last, first] = [profile.enrolments[0], profile.enrolments.at(-1)];
  const joined = first && isJoinedIn(first, student.joinedOn, years) ? first : undefined;
  return {
    addressee: form.addressee?.split(/\r?\n/).filter(Boolean) ?? [],
    conduct: form.conduct ?? null,
    feesLine: await feesLine(pages, req, student.id),
    reason: profile.statusChanges[0]?.note ?? null,
    student: {
      surname: student.surname,
      otherNames: otherNames(student),
      admissionNo: student.admissionNo,
      sex: student.sex,
      bornOn: student.bornOn,
      identifiers: profile.identifiers.map((one) => ({ label: identifierLabel(pack.identifiers, one.type), value: one.value })),
      joinedOn: student.joinedOn,
      joinedClass: label(joined),
      leftOn: mayHave('leaving', student.status) ? (last?.leftOn ?? student.statusOn) : null,
      leftClass: label(last),
    },
  };
}

/** What the books say of fees, by the module that keeps them; null where the school keeps none here. Nobody writes it by hand. */
async function feesLine(pages: LetterPages, req: Request, studentId: string): Promise<string | null> {
  const line = pages.clearanceLines.find(({ part }) => part === 'fees');
  if (!line || isOff(req.school, line.part)) return null;
  const { clear, words } = await line.of(req.actor, studentId, req.t);
  return clear ? req.t('All fees are cleared.') : `${words}.`;
}
