import type { ServiceIdentifier } from 'inversify';
import type { AnyRecord } from '../kernel/shapes/record.js';
import type { Database } from './db/index.js';
import type { Texts } from './i18n/i18n.js';
import type { Log } from './log.js';
import type { Acts, AnyRole, MenuCounts, MenuItem, Offer, Permission, Search, DashboardCard } from './module.js';
import type { PersonalData, RetentionClass } from '../kernel/people/personal-data.js';
import type { WholeExportPart } from './whole-export.js';
import type { Declared } from './http/routes/declared.js';
import type { Operation } from './http/routes/api.js';

export { token } from '../kernel/shapes/tokens.js';

/** What every module may ask the container for; `app.ts` binds them. */
export const LOG: ServiceIdentifier<Log> = Symbol('Log');
export { AUDIT, CLOCK, LATER, PUBLISH, UNIT } from '../kernel/shapes/tokens.js';
export const DATABASE: ServiceIdentifier<Database> = Symbol('Database');
export const TEXTS: ServiceIdentifier<Texts> = Symbol('Texts');

/** Collected from all modules of the role. */
export const PERMISSION_CATALOGUE: ServiceIdentifier<readonly Permission<AnyRole>[]> = Symbol('PermissionCatalogue');
/** What all modules write into the audit, in words. */
export const ACTS: ServiceIdentifier<readonly Acts[]> = Symbol('Acts');
export const RECORDS: ServiceIdentifier<readonly AnyRecord[]> = Symbol('Records');
export const MENU: ServiceIdentifier<readonly MenuItem[]> = Symbol('Menu');
export const OFFERS: ServiceIdentifier<readonly Offer[]> = Symbol('Offers');
export const SEARCHES: ServiceIdentifier<readonly Search[]> = Symbol('Searches');
export const DASHBOARD: ServiceIdentifier<readonly DashboardCard[]> = Symbol('Dashboard');
export const MENU_COUNTS: ServiceIdentifier<MenuCounts> = Symbol('MenuCounts');
export const DECLARED: ServiceIdentifier<readonly Declared[]> = Symbol('Declared');
export const OPERATIONS: ServiceIdentifier<readonly Operation[]> = Symbol('Operations');
export const PERSONAL_DATA: ServiceIdentifier<readonly PersonalData[]> = Symbol('PersonalData');
export const RETENTION_CLASSES: ServiceIdentifier<readonly RetentionClass[]> = Symbol('RetentionClasses');
export const WHOLE_EXPORT: ServiceIdentifier<readonly WholeExportPart[]> = Symbol('WholeExport');
