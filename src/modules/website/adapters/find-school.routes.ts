import type { Routes } from '../../../platform/http/routes/routes.js';
import type { SchoolRegister, SchoolState } from '../../schools/index.js';

const MOST = 12;
const FEWEST_LETTERS = 3;
/** In these states a school answers at its address. */
const OPEN: readonly SchoolState[] = ['ready', 'suspended', 'closing'];

/** `publicUrl` is the platform's; a school's address has its name before it. `all` shows every school unasked. */
export function findSchoolRoutes(r: Routes, register: SchoolRegister, publicUrl: string, all: boolean): void {
  const { protocol, host } = new URL(publicUrl);
  r.get('/find-school', 'public', async (req, res) => {
    const q = typeof req.query.q === 'string' ? req.query.q.trim().slice(0, 80) : '';
    const asked = all || q.length >= FEWEST_LETTERS;
    const pages = asked ? await Promise.all(OPEN.map((state) => register.list({ text: q, state }, { limit: MOST }))) : [];
    const found = pages
      .flatMap((page) => page.rows)
      .map((school) => {
        const address = `${school.subdomain}.${host}`;
        return { name: school.name, place: school.town ?? '', address, url: `${protocol}//${address}/` };
      });
    await res.page('website/find-school', { q, found: asked || q !== '' ? found : null });
  });
}
