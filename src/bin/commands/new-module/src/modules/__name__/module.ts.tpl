import { actsOf } from '../../kernel/shapes/command.js';
import { STAFF_ROLES, type Module } from '../../platform/module.js';
import { provide } from '../../platform/provide.js';
import { PostgresRows } from '../../platform/records/rows.js';
import { SCHOOL } from '../school/index.js';
import { __const__Api } from './adapters/__name__.api.js';
import { __const__Routes } from './adapters/__name__.routes.js';
import { __TOKEN__ } from './index.js';
import { __fileConst__, __TYPE___ROWS } from './__file__.record.js';
import { __Plural__, add__Type__, change__Type__, remove__Type__ } from './__name__.js';

export const __const__: Module = {
  name: '__name__',
  acts: [actsOf('__Title__', [add__Type__, change__Type__, remove__Type__])],
  records: [__fileConst__],
  permissions: [
    { key: '__name__.read', label: 'See the __title__', group: '__Title__', roles: STAFF_ROLES },
    {
      key: '__name__.change',
      label: 'Change the __title__',
      group: '__Title__',
      roles: ['owner', 'administrator', 'head', 'registrar'],
    },
  ],
  menu: [{ group: 'School', label: '__Title__', href: '/__name__', icon: 'reg', can: '__name__.read', order: 80 }],

  bind(c) {
    c.bind(__TYPE___ROWS).toConstantValue(new PostgresRows(__fileConst__));
    provide(c, __Plural__);
    c.bind(__TOKEN__).toService(__Plural__);
  },

  routes(r, get) {
    const pages = { all: get(__Plural__), rows: get(__TYPE___ROWS), school: get(SCHOOL) };
    __const__Routes(r, pages);
    __const__Api(r, pages);
  },
};
