import { CONFIG } from '../../platform/settings.js';
import type { Module } from '../../platform/module.js';
import { PostgresSchoolRegister } from './adapters/postgres/register.store.js';
import { SCHOOL_REGISTER } from './index.js';

export const schools: Module = {
  name: 'schools',
  permissions: [],

  bind(c) {
    c.bind(SCHOOL_REGISTER).toResolvedValue(() => new PostgresSchoolRegister());
  },

  routes(r, get) {
    const register = get(SCHOOL_REGISTER);
    const { publicUrl } = get(CONFIG);
    r.get('/', 'public', async (_req, res) => {
      const url = new URL(publicUrl);
      const schools = await register.list();
      await res.page('schools/index', { schools: schools.map((school) => ({ ...school, url: `${url.protocol}//${school.subdomain}.${url.host}/` })) });
    });
  },
};
