import type { Container } from 'inversify';
import type { Routes } from '../../../platform/http/routes/routes.js';
import type { Get } from '../../../platform/module.js';
import { ENTRY_PAPERS, HEAD_NAMES } from '../../finance/index.js';
import { SCHOOL } from '../../school/index.js';
import { STUDENTS } from '../../students/index.js';
import { SUBJECTS } from '../../subjects/index.js';
import { PostgresCollectionStore } from './adapters/collection.store.js';
import { feePapers } from '../documents/adapters/entry-papers.store.js';
import { PostgresRegisterStore } from './adapters/register.store.js';
import type { CollectionPages } from './adapters/collections.page.js';
import { collectionRoutes } from './adapters/collections.routes.js';
import { expectedRoutes } from './adapters/expected.routes.js';
import { registerRoutes } from './adapters/register.routes.js';
import { Collections } from './collections.js';
import { FeesRegister } from './fees-register.js';
import { VoteHeads } from '../structures/vote-heads.js';
import { COLLECTION_STORE, HEAD_STORE, REGISTER_STORE, type HeadStore } from '../ports.js';

/** The bursar's books of this module, and what those of finance ask of it. */
export function bindCollecting(c: Container): void {
  c.bind(COLLECTION_STORE).toResolvedValue(() => new PostgresCollectionStore());
  c.bind(Collections).toResolvedValue((store) => new Collections(store), [COLLECTION_STORE]);
  c.bind(REGISTER_STORE).toResolvedValue(() => new PostgresRegisterStore());
  c.bind(FeesRegister).toResolvedValue((...parts) => new FeesRegister(...parts), [REGISTER_STORE, HEAD_STORE, STUDENTS]);
  c.bind(HEAD_NAMES).toResolvedValue((heads: HeadStore) => ({ all: () => heads.list() }), [HEAD_STORE]);
  c.bind(ENTRY_PAPERS).toConstantValue(feePapers);
}

export function collectingRoutes(r: Routes, get: Get): void {
  const pages: CollectionPages = {
    collections: get(Collections),
    heads: get(VoteHeads),
    school: get(SCHOOL),
    subjects: get(SUBJECTS),
    students: get(STUDENTS),
  };
  collectionRoutes(r, pages);
  expectedRoutes(r, pages);
  registerRoutes(r, { ...pages, register: get(FeesRegister) });
}
