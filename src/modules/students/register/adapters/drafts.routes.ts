import type { Routes } from '../../../../platform/http/routes/routes.js';
import type { Drafts } from '../drafts.js';
import type { Typed } from '../draft.rules.js';

/** What was typed into the form of a new student: kept by its script while one types, or by a button. */
export function draftRoutes(r: Routes, drafts: Drafts): void {
  r.post('/students/draft', 'students.admit', async (req, res) => {
    const kept = await drafts.keep(req.actor, (req.body ?? {}) as Typed);
    if (req.get('x-draft')) return void res.type('text/plain').send(kept ? req.t('Your draft has been saved.') : '');
    res.done(
      '/students',
      kept ? req.t('Your draft has been saved. You will find it under New student.') : req.t('There was nothing to save yet.'),
    );
  });

  r.post('/students/draft/removal', 'students.admit', async (req, res) => {
    await drafts.drop(req.actor);
    res.done('/students/new', req.t('The draft was discarded. The form is empty.'));
  });
}
