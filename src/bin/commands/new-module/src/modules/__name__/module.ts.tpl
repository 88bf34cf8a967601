import { AUDIT } from '../../platform/http/ports.js';
import { STAFF_ROLES, type Module } from '../../platform/module.js';
import { UNIT } from '../../platform/tokens.js';
import { SCHOOL } from '../school/index.js';
import { ACTS } from './acts.js';
import { Postgres__Type__Store } from './adapters/postgres/__file__.store.js';
import { __const__Api } from './adapters/web/__name__.api.js';
import { __const__Routes } from './adapters/web/__name__.routes.js';
import { __Plural__ } from './application/__name__.js';
import { __TOKEN__ } from './index.js';
import { __TYPE___STORE } from './ports.js';

const OFFICE = ['owner', 'administrator', 'head', 'registrar'] as const;

export const __const__: Module = {
  name: '__name__',
  acts: ACTS,
  permissions: [
    { key: '__name__.read', label: 'See the __title__', group: '__Title__', roles: STAFF_ROLES },
    { key: '__name__.change', label: 'Change the __title__', group: '__Title__', roles: OFFICE },
  ],
  menu: [{ group: 'School', label: '__Title__', href: '/__name__', icon: 'reg', can: '__name__.read', order: 80 }],

  bind(c) {
    c.bind(__TYPE___STORE).toResolvedValue(() => new Postgres__Type__Store());
    c.bind(__Plural__).toResolvedValue((...parts) => new __Plural__(...parts), [UNIT, AUDIT, __TYPE___STORE]);
    c.bind(__TOKEN__).toResolvedValue((all) => all, [__Plural__]);
  },

  routes(r, get) {
    const all = get(__Plural__);
    __const__Routes(r, { __const__: all, school: get(SCHOOL) });
    __const__Api(r, all);
  },
};
