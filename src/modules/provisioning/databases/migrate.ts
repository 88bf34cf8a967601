import type { Clock } from '../../../kernel/clock.js';
import type { Connection, SchemaMigrator } from '../ports.js';

export interface SchoolToMigrate {
  subdomain: string;
  owner: Connection;
}

export interface MigrationReport {
  subdomain: string;
  /** Names of the migrations that were run. */
  ran: string[];
  /** What went wrong; the school stays at its earlier schema. */
  error: string | null;
  ms: number;
}

export interface MigrateAllOptions {
  /** Schools at the same time. */
  batch?: number;
  /** Told after each school. */
  onDone?: (report: MigrationReport) => void;
}

/** Each school is migrated as its own owner role: any other would change none of its rows, and say nothing. */
export class Migrate {
  constructor(
    private readonly migrator: SchemaMigrator,
    private readonly clock: Clock,
  ) {}

  async one(school: SchoolToMigrate): Promise<MigrationReport> {
    const began = this.clock.now().getTime();
    const ms = () => this.clock.now().getTime() - began;
    try {
      const ran = await this.migrator.migrate(school.owner);
      return { subdomain: school.subdomain, ran, error: null, ms: ms() };
    } catch (error) {
      const sentence = error instanceof Error ? error.message : String(error);
      return { subdomain: school.subdomain, ran: [], error: sentence, ms: ms() };
    }
  }

  /**
   * The first school is the canary: when it fails, no other is touched. A school that fails later doesn't
   * hold up the rest. Running again goes on with those that are behind.
   */
  async all(schools: readonly SchoolToMigrate[], options: MigrateAllOptions = {}): Promise<MigrationReport[]> {
    const reports: MigrationReport[] = [];
    const migrate = async (school: SchoolToMigrate) => {
      const report = await this.one(school);
      reports.push(report);
      options.onDone?.(report);
    };
    const [canary, ...waiting] = schools;
    if (!canary) return reports;
    await migrate(canary);
    if (reports[0]?.error) return reports;

    const lane = async () => {
      for (let school = waiting.shift(); school; school = waiting.shift()) await migrate(school);
    };
    await Promise.all(Array.from({ length: options.batch ?? 4 }, lane));
    return reports;
  }

  async pending(school: SchoolToMigrate): Promise<string[]> {
    return this.migrator.pending(school.owner);
  }
}
