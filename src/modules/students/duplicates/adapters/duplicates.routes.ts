import type { Request } from 'express';
import { isId } from '../../../../kernel/id.js';
import { Missing } from '../../../../kernel/missing.js';
import { registerName } from '../../../../kernel/people/names.js';
import type { Routes } from '../../../../platform/http/routes/routes.js';
import { seenProfile, sightOf } from '../../register/sight.js';
import { STATUS_WORDS } from '../../enrolments/life-cycle.rules.js';
import type { StudentProfile } from '../../ports.js';
import { classLabels, demandId, type StudentPages } from '../../register/adapters/students.routes.js';

const MOST_PAIRS = 100;

/** Children that may be in the register twice: the pairs, the two side by side, and one record out of two. */
export function duplicateRoutes(r: Routes, pages: StudentPages): void {
  r.get('/students/duplicates', 'students.merge', async (_req, res) => {
    await res.page('students/duplicates/index', {
      pairs: await pages.duplicates.pairs(MOST_PAIRS),
      ...(await classLabels(pages.subjects)),
    });
  });

  r.get('/students/duplicates/:one/:other', 'students.merge', async (req, res) => {
    const [one, other] = await both(pages, req);
    await res.page('students/duplicates/show', { one, other, statusWords: STATUS_WORDS, ...(await classLabels(pages.subjects)) });
  });

  r.get('/students/duplicates/:one/:other/merge', 'students.merge', async (req, res) => {
    const [one, other] = await both(pages, req);
    const kept = req.query.keep === other.student.id ? other : one;
    await res.page('students/duplicates/merge', { kept: kept.student, merged: (kept === one ? other : one).student });
  });

  r.post('/students/duplicates/:one/:other/merge', 'students.merge', async (req, res) => {
    const keptId = demandId(req, 'one');
    const kept = await pages.students.find(keptId);
    if (!kept) throw new Missing('student');
    await pages.duplicates.merge(req.actor, keptId, demandId(req, 'other'));
    res.done(`/students/${keptId}`, req.t('The two records have been merged: {{name}}.', { name: registerName(kept) }));
  });

  r.post('/students/duplicates/:one/:other/apart', 'students.merge', async (req, res) => {
    await pages.duplicates.keepApart(req.actor, demandId(req, 'one'), demandId(req, 'other'));
    res.done('/students/duplicates', req.t('Kept as two students. You won’t be asked about this pair again.'));
  });
}

async function both(pages: StudentPages, req: Request): Promise<[StudentProfile, StudentProfile]> {
  const ids = [req.params.one, req.params.other];
  if (!ids.every(isId) || ids[0] === ids[1]) throw new Missing('student');
  const [one, other] = await Promise.all(ids.map((id) => pages.students.profile(String(id), { kind: 'all' })));
  if (!one || !other || one.putAsideAt || other.putAsideAt) throw new Missing('student');
  const sight = sightOf(req.actor);
  const seen = [seenProfile(one, sight), seenProfile(other, sight)] as const;
  for (const side of seen) await pages.reads.ofChild(req.actor, { ...side, openAlerts: [] });
  return [...seen];
}
