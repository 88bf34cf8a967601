export { openDatabase } from './database.js';
export type { Database, DatabaseOptions } from './database.js';
export {
  afterCommit,
  currentDatabase,
  db,
  firstInTransaction,
  inTransaction,
  PAGE_PATIENCE_MS,
  query,
  readingAfresh,
  runWith,
  snapshot,
  unit,
} from './context.js';
export { Cached, changed, onChanged } from './cached.js';
export { fetched } from './rows/fetched.js';
export { databaseFailure } from './failures.js';
export { migrateLatest, migrationNames, migrationsHash, migrationSource, pendingMigrations } from './migration-runner.js';
export type { DatabaseKind } from './migration-runner.js';
export { schoolTables, tableRows } from './rows/tables.js';
export type { SchoolTable } from './rows/tables.js';
export { ofIds } from './rows/of-ids.js';
export { once } from './once.js';
export { skipsRowSecurity } from './role.js';
