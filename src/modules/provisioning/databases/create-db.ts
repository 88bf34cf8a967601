import { schoolNames } from './names.rules.js';
import type { SchoolConnections, SchoolDatabases, SchoolPasswords } from '../ports.js';

export interface CreateDbOrder {
  subdomain: string;
  schoolId: string;
  /** Those that are kept from an earlier run; others are set to new random ones. */
  passwords?: SchoolPasswords;
}

export interface StepReport {
  step: string;
  done: boolean;
}

/**
 * Makes the login roles and the database of a school. Runs again without harm and mends what is missing.
 * @throws OfAnotherSchool from `run` and `check`, before anything is touched
 */
export class CreateDb {
  constructor(
    private readonly databases: SchoolDatabases,
    private readonly randomPassword: () => string,
  ) {}

  async run(order: CreateDbOrder): Promise<SchoolConnections> {
    const names = schoolNames(order.subdomain);
    const passwords = order.passwords ?? this.newPasswords();
    await this.databases.withSteps({ names, schoolId: order.schoolId, passwords }, async (steps) => {
      for (const step of steps) if (!(await step.isDone())) await step.apply();
    });
    return this.databases.connections(names, passwords);
  }

  /** What is there and what is missing; changes nothing. */
  async check(order: CreateDbOrder): Promise<StepReport[]> {
    const names = schoolNames(order.subdomain);
    const passwords = order.passwords ?? null;
    return this.databases.withSteps({ names, schoolId: order.schoolId, passwords }, async (steps) => {
      const report: StepReport[] = [];
      for (const step of steps) report.push({ step: step.name, done: await step.isDone() });
      return report;
    });
  }

  /** Where the roles of such a school are reached, whether it is there or not. */
  connections({ subdomain, passwords }: CreateDbOrder & { passwords: SchoolPasswords }): SchoolConnections {
    return this.databases.connections(schoolNames(subdomain), passwords);
  }

  /** What has this name and is another school's stays. */
  async drop({ subdomain, schoolId }: CreateDbOrder): Promise<void> {
    await this.databases.drop(schoolNames(subdomain), schoolId);
  }

  private newPasswords(): SchoolPasswords {
    return {
      owner: this.randomPassword(),
      app: this.randomPassword(),
      readonly: this.randomPassword(),
      worker: this.randomPassword(),
    };
  }
}
