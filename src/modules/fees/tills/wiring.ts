import type { Container } from 'inversify';
import { provide } from '../../../platform/provide.js';
import { TILL_STORE } from '../ports.js';
import { PostgresTillStore } from './adapters/till.store.js';
import { Tills } from './tills.js';

export function bindTills(c: Container): void {
  c.bind(TILL_STORE).toConstantValue(new PostgresTillStore());
  provide(c, Tills);
}
