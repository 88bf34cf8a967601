import type { Request } from 'express';
import { Invalid, RuleBroken } from '../../../../kernel/errors.js';
import { registerName } from '../../../../kernel/people/names.js';
import { upload, uploadOf } from '../../../../platform/files/index.js';
import { FormState } from '../../../../platform/http/routes/form-data.js';
import type { Routes } from '../../../../platform/http/routes/routes.js';
import type { Photos } from '../photos.js';
import { CONSENT_WORDS } from '../../guardians/consent.rules.js';
import { loadProfile, type StudentPages } from '../../register/adapters/students.routes.js';

export interface PhotoPages extends StudentPages {
  photos: Photos;
}

const picture = upload({ field: 'photo', maxBytes: 12 * 1024 * 1024, types: ['image/jpeg', 'image/png', 'image/webp'] });

export function photoRoutes(r: Routes, pages: PhotoPages): void {
  r.get('/students/:id/photo', 'students.change', async (req, res) => {
    await res.page('students/photo', await model(pages, req, []));
  });

  r.upload('/students/:id/photo', 'students.change', picture, async (req, res) => {
    const { student } = await loadProfile(pages, req);
    const file = uploadOf(req);
    const refused = async (message: string): Promise<void> => {
      await res.page('students/photo', await model(pages, req, [{ field: 'photo', message: req.t(message) }]), { status: 422 });
    };
    if (!file) return refused('Choose a picture');
    try {
      await pages.photos.replace(req.actor, student.id, file);
      res.done(`/students/${student.id}`, req.t('The photo of {{name}} has been saved.', { name: registerName(student) }));
    } catch (error) {
      if (error instanceof RuleBroken || error instanceof Invalid) return refused(error.message);
      throw error;
    }
  });

  r.post('/students/:id/photo/removal', 'students.change', async (req, res) => {
    const { student } = await loadProfile(pages, req);
    await pages.photos.remove(req.actor, student.id);
    res.done(`/students/${student.id}/photo`, req.t('The photo has been removed.'));
  });
}

async function model(pages: PhotoPages, req: Request, problems: { field: string; message: string }[]): Promise<object> {
  const { student, consents, photoRefused } = await loadProfile(pages, req);
  const form = new FormState(`/students/${student.id}/photo`, {}, problems, '');
  const photoConsents = (['photo-in-school', 'photo-in-public', 'social-media'] as const).map((purpose) => ({
    label: CONSENT_WORDS[purpose],
    consent: consents.find((one) => one.purpose === purpose) ?? null,
  }));
  return { student, form, photoConsents, photoRefused };
}
