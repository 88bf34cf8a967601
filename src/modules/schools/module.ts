import { AUDIT } from '../../platform/http/ports.js';
import { unit } from '../../platform/db/index.js';
import type { Module } from '../../platform/module.js';
import { CONFIG } from '../../platform/settings.js';
import { PgSchoolStore } from './adapters/postgres/school.store.js';
import { Register } from './application/register.js';
import { SCHOOL_REGISTER, STATE_WORDS } from './index.js';

export const schools: Module = {
  name: 'schools',
  permissions: [],

  bind(c) {
    c.bind(SCHOOL_REGISTER).toResolvedValue(() => new Register(new PgSchoolStore(), unit, c.isBound(AUDIT) ? c.get(AUDIT) : null));
  },

  routes(r, get) {
    const register = get(SCHOOL_REGISTER);
    const { publicUrl, launcher } = get(CONFIG);
    if (!launcher) return;
    r.get('/dev/schools', 'public', async (_req, res) => {
      const url = new URL(publicUrl);
      const { rows } = await register.list({}, { limit: 200 });
      await res.page('schools/index', { schools: rows.map((school) => ({ ...school, word: STATE_WORDS[school.state], url: `${url.protocol}//${school.subdomain}.${url.host}/` })) });
    });
  },
};
