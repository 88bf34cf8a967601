import type { Clock } from '../../kernel/clock.js';
import type { Unit } from '../../kernel/unit-of-work.js';
import type { SchoolRegister } from '../schools/index.js';
import { isPlausible, type UsageReport } from './usage.rules.js';
import type { UsageStore } from './ports.js';

export interface UsageReportsParts {
  register: SchoolRegister;
  store: UsageStore;
  /** False when the call was heard before. */
  use(schoolId: string, nonce: string): Promise<boolean>;
  unit: Unit;
  clock: Clock;
}

/** Hears what schools count about themselves. */
export class UsageReports {
  constructor(private readonly parts: UsageReportsParts) {}

  /** False for a report that can't be believed: of a school that is gone, heard before, or of another time. */
  async hear(schoolId: string, nonce: string, report: UsageReport): Promise<boolean> {
    const { register, store, use, unit, clock } = this.parts;
    if (!isPlausible(report, clock.now())) return false;
    return unit(async () => {
      const school = await register.find(schoolId);
      if (!school || school.state === 'deleted' || !(await use(schoolId, nonce))) return false;
      await store.keep(schoolId, report);
      return true;
    });
  }
}
