import { z } from 'zod';
import { Missing } from '../../../../kernel/missing.js';
import { callingCode, parsePhone } from '../../../../kernel/people/phone.js';
import type { Routes } from '../../../../platform/http/routes/routes.js';
import type { Guardians } from '../guardians.js';
import { sightOf } from '../../register/sight.js';
import { RELATIONSHIPS } from '../guardian.rules.js';
import { sensitivityOf } from '../../register/sensitive.rules.js';
import type { GuardianStore } from '../../ports.js';
import { guardianColumns } from './guardians.sheet.js';
import { guardianFields, guardianOf, invite, tieFields, tieOf } from '../../register/adapters/student-form.js';
import { demandId, loadProfile, withSharedPhones, type StudentPages } from '../../register/adapters/students.routes.js';

export interface GuardianPages extends StudentPages {
  guardians: Guardians;
  guardianStore: GuardianStore;
}

export function guardianRoutes(r: Routes, pages: GuardianPages): void {
  r.list({
    path: '/students/guardians',
    can: 'students.contacts',
    view: 'students/guardians/index',
    filter: z.object({ q: z.string().trim().max(80).optional() }),
    load: async (filter, page, req) => {
      const found = await pages.guardianStore.list(filter.q ?? null, await pages.scope.of(req.actor), page.cursor, page.limit);
      return { ...found, rows: sightOf(req.actor).guardians(found.rows) };
    },
    sheet: {
      name: 'guardians',
      can: 'students.export',
      columns: async (req) => guardianColumns.filter((column) => sightOf(req.actor).sees(sensitivityOf(column.key))),
    },
  });

  /** Asked while a phone number is typed: who has it already. */
  r.get('/students/guardians/known', 'students.change-guardians', async (req, res) => {
    const phone = parsePhone(String(req.query.phone ?? ''), req.school!.country);
    const known = phone ? await pages.guardians.knownWith(phone) : [];
    await res.part('students/guardians/_known', { known, row: Number(req.query.row) || 0 });
  });

  r.form({
    path: '/students/guardians/:guardian/edit',
    can: 'students.change-guardians',
    view: 'students/guardians/edit',
    schema: async (req) => z.object({ version: z.coerce.number().int(), ...guardianFields(req.school!.country) }),
    load: async (req) => {
      const guardian = await pages.guardianStore.find(demandId(req, 'guardian'));
      if (!guardian) throw new Missing('guardian');
      return { guardian, callingCode: callingCode(req.school!.country), values: guardian };
    },
    save: async (form, req) => {
      const id = demandId(req, 'guardian');
      await pages.guardians.change(req.actor, id, form.version, guardianOf(form));
      const [child] = await pages.guardianStore.studentsOf(id);
      return {
        to: child ? `/students/${child.studentId}` : '/students/guardians',
        flash: req.t('The changes to {{name}} have been saved.', { name: form.fullName }),
      };
    },
  });

  r.form({
    path: '/students/:id/guardians/new',
    action: '/students/:id/guardians',
    can: 'students.change-guardians',
    view: 'students/guardians/new',
    schema: async (req) =>
      z.object({ guardianId: z.uuid().optional(), invite, ...guardianFields(req.school!.country), ...tieFields }),
    load: async (req) => {
      const { student } = await loadProfile(pages, req);
      const chosen = typeof req.query.guardian === 'string' ? await pages.guardianStore.find(req.query.guardian) : null;
      const ticks = { getsSms: 'on', mayCollect: 'on', getsReports: 'on' };
      return {
        student,
        relationships: RELATIONSHIPS,
        callingCode: callingCode(req.school!.country),
        chosen,
        values: { ...ticks, ...(chosen ? { ...chosen, guardianId: chosen.id } : {}) },
      };
    },
    save: async (form, req) => {
      const { student } = await loadProfile(pages, req);
      const guardianId = await pages.guardians.attach(req.actor, student.id, {
        guardianId: form.guardianId ?? null,
        ...guardianOf(form),
        ...tieOf(form, 0),
      });
      if (form.invite) await pages.guardianAccounts.invite(req.actor, guardianId);
      return {
        to: `/students/${student.id}`,
        flash: await withSharedPhones(pages, req, student.id, {
          text: req.t('{{name}} is now a guardian.', { name: form.fullName }),
        }),
      };
    },
  });

  r.form({
    path: '/students/:id/guardians/:guardian/edit',
    can: 'students.change-guardians',
    view: 'students/guardians/tie',
    asRead: ({ values }) => values,
    schema: z.object({ ...tieFields, priority: z.coerce.number().int().min(1).max(20) }),
    load: async (req) => {
      const { student, guardians } = await loadProfile(pages, req);
      const guardian = guardians.find((one) => one.id === demandId(req, 'guardian'));
      if (!guardian) throw new Missing('guardian');
      return { student, guardian, relationships: RELATIONSHIPS, values: ticked(guardian.tie) };
    },
    save: async (form, req) => {
      const { student } = await loadProfile(pages, req);
      await pages.guardians.changeTie(req.actor, student.id, demandId(req, 'guardian'), tieOf(form, form.priority));
      return { to: `/students/${student.id}`, flash: req.t('Saved.') };
    },
  });

  r.post('/students/:id/guardians/:guardian/invitation', 'students.change-guardians', async (req, res) => {
    const { student, guardians } = await loadProfile(pages, req);
    const guardian = guardians.find((one) => one.id === demandId(req, 'guardian'));
    if (!guardian) throw new Missing('guardian');
    await pages.guardianAccounts.invite(req.actor, guardian.id);
    res.done(`/students/${student.id}`, req.t('A link to sign in is on its way to {{name}}.', { name: guardian.fullName }));
  });

  r.post('/students/:id/guardians/:guardian/removal', 'students.change-guardians', async (req, res) => {
    const { student } = await loadProfile(pages, req);
    await pages.guardians.detach(req.actor, student.id, demandId(req, 'guardian'));
    res.done(`/students/${student.id}`, req.t('The guardian is no longer linked to this student.'));
  });
}

/** True becomes a tick, false an empty box. */
function ticked(values: object): object {
  return Object.fromEntries(
    Object.entries(values).map(([key, value]) => [key, value === true ? 'on' : value === false ? null : (value as unknown)]),
  );
}
