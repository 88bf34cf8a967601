import type { Request } from 'express';
import { z } from 'zod';
import { can } from '../../../kernel/actor.js';
import { showPhone } from '../../../kernel/people/phone.js';
import { LANGUAGE_NAMES } from '../../../platform/http/language.js';
import type { Routes } from '../../../platform/http/routes/routes.js';
import { ACTS, isGivable, isPossible, isReached, type Act, type Desk } from '../desk.js';
import { reasonsFor } from '../life.rules.js';
import { COUNTRIES, countryOf, REASON_WORDS, SCHOOL_STATES, STATE_WORDS, type MoveReason } from '../index.js';
import { schoolColumns } from './schools.sheet.js';

const Query = z.object({
  q: z.string().trim().max(80).optional(),
  state: z.enum(SCHOOL_STATES).optional(),
  country: z.enum(COUNTRIES.map((country) => country.code) as [string, ...string[]]).optional(),
});

const idOf = (req: Request): string => String(req.params.id);
const note = z
  .string()
  .trim()
  .max(500)
  .optional()
  .transform((text) => text ?? null);

export function schoolRoutes(
  r: Routes,
  desk: Desk,
  { urlOf, graceDays }: { urlOf: (subdomain: string) => string; graceDays: number },
): void {
  r.list({
    path: '/schools',
    can: 'schools.read',
    view: 'schools/index',
    filter: Query,
    load: ({ q, state, country }, { cursor, limit }, req) =>
      desk.list(
        req.actor,
        { ...(q ? { text: q } : {}), ...(state ? { state } : {}), ...(country ? { country } : {}) },
        { cursor, limit },
      ),
    model: () => Promise.resolve({ words: STATE_WORDS, states: SCHOOL_STATES, countries: COUNTRIES }),
    sheet: {
      name: 'schools',
      columns: (req) => Promise.resolve(schoolColumns({ owners: can(req.actor, 'schools.owner.read') })),
    },
  });

  r.get('/schools/:id', 'schools.read', async (req, res) => {
    const { school, transitions, work } = await desk.dossier(req.actor, idOf(req));
    const acts =
      work?.kind === 'remove'
        ? []
        : (Object.keys(ACTS) as Act[]).filter((act) => can(req.actor, ACTS[act].can) && isPossible(act, school.state));
    const writes =
      !school.owner || work?.kind === 'remove'
        ? null
        : isReached(school.state)
          ? 'address'
          : work && isGivable(school.state)
            ? 'progress'
            : null;
    await res.page('schools/show', {
      registered: school,
      transitions,
      work,
      acts,
      writes,
      givable: isGivable(school.state),
      words: STATE_WORDS,
      reasons: REASON_WORDS,
      country: countryOf(school.country),
      address: urlOf(school.subdomain),
      speaks: languageName(school.language),
      phoneShown: showPhone(school.owner?.phone ?? '', school.country),
    });
  });

  for (const act of Object.keys(ACTS) as Act[]) moveRoute(r, desk, act, graceDays);

  r.form({
    path: '/schools/:id/deletion',
    can: 'schools.delete',
    view: 'schools/deletion',
    schema: z.object({ address: z.string().trim(), onceMore: z.string().trim() }),
    load: async (req) => ({ registered: await desk.toRemove(req.actor, idOf(req)), values: {} }),
    save: async (typed, req) => {
      await desk.remove(req.actor, idOf(req), typed);
      return { to: `/schools/${idOf(req)}`, flash: req.t('The school is being deleted. Its address stays taken.') };
    },
  });

  r.post('/schools/:id/retries', 'schools.help', async (req, res) => {
    await desk.retry(req.actor, idOf(req));
    res.done(`/schools/${idOf(req)}`, req.t('Trying again.'));
  });

  r.form({
    path: '/schools/:id/giving-up',
    can: 'schools.delete',
    view: 'schools/giving-up',
    schema: z.object({ name: z.string().trim() }),
    load: async (req) => {
      const { school } = await desk.dossier(req.actor, idOf(req));
      return { registered: school, values: {} };
    },
    save: async ({ name }, req) => {
      await desk.giveUp(req.actor, idOf(req), name);
      return {
        to: `/schools/${idOf(req)}`,
        flash: req.t('The opening was cancelled: what was created is being removed. Its address stays taken.'),
      };
    },
  });

  r.post('/schools/:id/owner-letters', 'schools.help', async (req, res) => {
    const sent = await desk.writeToOwner(req.actor, idOf(req));
    res.done(
      `/schools/${idOf(req)}`,
      sent === 'progress'
        ? req.t('The owner will get the opening link by email.')
        : req.t('The owner will get the school’s address by email.'),
    );
  });
}

function moveRoute(r: Routes, desk: Desk, act: Act, graceDays: number): void {
  r.form({
    path: `/schools/:id/${act}`,
    can: ACTS[act].can,
    view: 'schools/move',
    schema: z.object({
      reason: z.enum(Object.keys(REASON_WORDS) as [MoveReason, ...MoveReason[]], 'Choose one of the reasons'),
      note,
    }),
    load: async (req) => {
      const school = await desk.toMove(req.actor, idOf(req), act);
      return {
        registered: school,
        act,
        graceDays,
        reasons: reasonsFor(school.state, ACTS[act].to).map((value) => ({ value, label: REASON_WORDS[value] })),
        values: {},
      };
    },
    save: async ({ reason, note: written }, req) => {
      const school = await desk.move(req.actor, idOf(req), act, reason, written);
      const said = {
        suspension: '{{name}} is suspended: its people can look and export, and change nothing.',
        resumption: '{{name}} is open again.',
        closing: '{{name}} is closing: for {{n}} days its people can look and export, and change nothing.',
      };
      return { to: `/schools/${idOf(req)}`, flash: req.t(said[act], { name: school.name, n: graceDays }) };
    },
  });
}

function languageName(code: string | null): string {
  return code ? (LANGUAGE_NAMES[code as keyof typeof LANGUAGE_NAMES] ?? code) : '';
}
