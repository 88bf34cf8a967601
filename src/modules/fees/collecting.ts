import type { Container } from 'inversify';
import type { Routes } from '../../platform/http/routes.js';
import type { Get } from '../../platform/module.js';
import { SCHOOL } from '../school/index.js';
import { STUDENTS } from '../students/index.js';
import { SUBJECTS } from '../subjects/index.js';
import { PostgresCollectionStore } from './adapters/postgres/collection.store.js';
import type { CollectionPages } from './adapters/web/collection-pages.js';
import { collectionRoutes } from './adapters/web/collections.routes.js';
import { expectedRoutes } from './adapters/web/expected.routes.js';
import { Collections } from './application/collections.js';
import { VoteHeads } from './application/vote-heads.js';
import { COLLECTION_STORE } from './ports.js';

/** The bursar's books of this module: what came in, and what was expected. */
export function bindCollecting(c: Container): void {
  c.bind(COLLECTION_STORE).toResolvedValue(() => new PostgresCollectionStore());
  c.bind(Collections).toResolvedValue((store) => new Collections(store), [COLLECTION_STORE]);
}

export function collectingRoutes(r: Routes, get: Get): void {
  const pages: CollectionPages = { collections: get(Collections), heads: get(VoteHeads), school: get(SCHOOL), subjects: get(SUBJECTS), students: get(STUDENTS) };
  collectionRoutes(r, pages);
  expectedRoutes(r, pages);
}
