import type { ServiceIdentifier } from 'inversify';
import type { CustomField } from './custom-field.rules.js';

export interface CustomFieldStore {
  /** All of them, also retired ones, in the order of forms. */
  all(): Promise<readonly CustomField[]>;
  insert(field: CustomField): Promise<void>;
  /** False when `version` is not the row's any more. */
  update(field: CustomField): Promise<boolean>;
  remove(id: string): Promise<void>;
  /** How many children have a value in this field, and of a list which values. */
  used(key: string): Promise<{ count: number; values: string[] }>;
}

export const CUSTOM_FIELD_STORE: ServiceIdentifier<CustomFieldStore> = Symbol('CustomFieldStore');
