import { Container } from 'inversify';
import { openDatabase, runWith, type Database } from '../../platform/db/index.js';
import { SCHOOL_REGISTER, type SchoolEntry, type SchoolRegister } from '../../modules/schools/index.js';
import type { Connection } from '../../modules/provisioning/operations.js';
import { roles } from '../../roles.js';

/** The platform's register of schools, kept true by who starts and stops them. */
export class Register {
  private constructor(
    private readonly database: Database,
    private readonly register: SchoolRegister,
  ) {}

  static async open(coreApp: Connection): Promise<Register> {
    const schools = await roles.core.schools!();
    const container = new Container({ defaultScope: 'Singleton' });
    schools.bind(container);
    const database = openDatabase({ ...coreApp, poolMax: 1, applicationName: 'aims-launcher', onError: () => undefined });
    return new Register(database, container.get(SCHOOL_REGISTER));
  }

  async enter(school: SchoolEntry): Promise<void> {
    await runWith(this.database, () => this.register.enter(school));
  }

  /** What the register shows is not worth a failed start: the next note is right again. */
  async noteRunning(schoolId: string, running: boolean, nextJobAt: Date | null): Promise<void> {
    await runWith(this.database, () => this.register.noteRunning(schoolId, running, nextJobAt)).catch(() => undefined);
  }

  /** What the platform calls the state of each school, by its id. */
  async states(): Promise<Map<string, string>> {
    return runWith(this.database, async () => {
      const states = new Map<string, string>();
      let cursor: string | null = null;
      do {
        const page: Awaited<ReturnType<SchoolRegister['list']>> = await this.register.list({}, { cursor, limit: 1000 });
        for (const school of page.rows) states.set(school.id, school.state);
        cursor = page.next;
      } while (cursor);
      return states;
    });
  }

  async close(): Promise<void> {
    await this.database.close();
  }
}
