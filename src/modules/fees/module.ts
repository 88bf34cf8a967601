import type { Module } from '../../platform/module.js';
import { AUDIT } from '../../platform/http/ports.js';
import { CLOCK, UNIT } from '../../platform/tokens.js';
import { ACCOUNT_USES, LEDGER } from '../finance/index.js';
import { SCHOOL } from '../school/index.js';
import { SUBJECTS } from '../subjects/index.js';
import { PostgresHeadStore } from './adapters/postgres/head.store.js';
import { PostgresStructureStore } from './adapters/postgres/structure.store.js';
import { structureRoutes } from './adapters/web/structures.routes.js';
import { voteHeadRoutes } from './adapters/web/vote-heads.routes.js';
import { Structures } from './application/structures.js';
import { VoteHeads } from './application/vote-heads.js';
import { usesOf } from './application/account-uses.js';
import { HEAD_STORE, STRUCTURE_STORE, type HeadStore } from './ports.js';

export const fees: Module = {
  name: 'fees',
  permissions: [
    { key: 'fees.read', label: 'See what the school charges', group: 'Fees', roles: ['owner', 'administrator', 'head', 'registrar', 'bursar', 'auditor'] },
    { key: 'fees.setup', label: 'Change vote heads and fee structures', group: 'Fees', roles: ['owner', 'bursar'], guarded: 'money' },
  ],
  menu: [{ group: 'Money', label: 'Fees', href: '/fees', icon: 'coins', can: 'fees.read', order: 10 }],

  bind(c) {
    c.bind(HEAD_STORE).toResolvedValue(() => new PostgresHeadStore());
    c.bind(STRUCTURE_STORE).toResolvedValue(() => new PostgresStructureStore());
    c.bind(ACCOUNT_USES).toResolvedValue((heads: HeadStore) => usesOf(heads), [HEAD_STORE]);
    c.bind(VoteHeads).toResolvedValue((...parts) => new VoteHeads(...parts), [UNIT, AUDIT, HEAD_STORE, LEDGER]);
    c.bind(Structures).toResolvedValue((unit, audit, clock, store, heads, school) => new Structures({ unit, audit, clock, store, heads, school }), [UNIT, AUDIT, CLOCK, STRUCTURE_STORE, HEAD_STORE, SCHOOL]);
  },

  routes(r, get) {
    const pages = { heads: get(VoteHeads), structures: get(Structures), school: get(SCHOOL), subjects: get(SUBJECTS) };
    voteHeadRoutes(r, pages);
    structureRoutes(r, pages);
  },
};
