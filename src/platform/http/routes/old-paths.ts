import { can } from '../../../kernel/actor.js';
import type { Assets } from '../assets/assets.js';
import type { Routes } from './routes.js';

interface Place {
  /** At a school, and which permission opens it; without that the first page is opened. */
  school: string;
  can?: `${string}.${string}`;
  /** At the platform. */
  core: string;
}

/**
 * Addresses of the founding document, and where the thing lives now; what is not there yet leads to the nearest page
 * that is. A module whose own page takes such an address takes its line from here.
 */
const PLACES: Record<string, Place> = {
  'calendar-app': { school: '/school/days', can: 'school.read', core: '/countries' },
  'template-editor': { school: '/school/brand', can: 'school.brand.change', core: '/features#paper' },
  'finance-app': { school: '/finance', can: 'finance.read', core: '/features#bursar' },
  'hr-manager': { school: '/hr/staff', can: 'hr.staff.read', core: '/features#owner' },
  'guardian-portal': { school: '/', core: '/features#guardian' },
  'admissions-portal': { school: '/students/new', can: 'students.admit', core: '/features#registrar' },
  'comms-hub': { school: '/notifications/messages', can: 'notifications.read', core: '/contact' },
  clinic: { school: '/', core: '/features#teacher' },
  library: { school: '/', core: '/features' },
};

/** `role` is the process's; the folder of the platform's own pictures is the same in both. */
export function oldPaths(r: Routes, role: 'core' | 'tenant', assets: Assets): void {
  for (const [name, place] of Object.entries(PLACES)) {
    for (const path of [`/${name}`, `/${name}/*rest`]) {
      r.get(path, 'public', (req, res) => {
        const barred = place.can && req.signedIn && !can(req.actor, place.can);
        res.redirect(302, role === 'core' ? place.core : barred ? '/' : place.school);
      });
    }
  }
  r.get('/brand-assets', 'public', (_req, res) => res.redirect(302, '/'));
  r.get('/brand-assets/:name', 'public', (req, res) => {
    const asset = `brand/${String(req.params.name)}`;
    res.redirect(302, assets.url(assets.has(asset) ? asset : 'brand/favicon.svg'));
  });
}
