import type { Actor } from '../../kernel/actor.js';
import type { Unit } from '../../kernel/unit-of-work.js';
import type { IdentityApi } from '../identity/index.js';
import type { SchoolApi, SchoolBootstrap } from '../school/index.js';
import type { SubjectsApi } from '../subjects/index.js';
import { middleOf } from './size.rules.js';
import type { OwnRow, PlatformDoor, PlatformRow } from './ports.js';

export interface FillingParts {
  row: PlatformRow;
  door: Pick<PlatformDoor, 'tell'>;
  school: SchoolApi;
  bootstrap: SchoolBootstrap;
  subjects: SubjectsApi;
  identity: IdentityApi;
  unit: Unit;
  /** May do everything; a school is filled before anybody has an account. */
  actor: Actor;
}

/** A new school's first start: its database gets the country's pack and the account of its owner, in one transaction. */
export class Filling {
  constructor(private readonly parts: FillingParts) {}

  /** Does nothing in a school that is there. @throws Error when the platform's database can't be asked */
  async fill(): Promise<void> {
    const { bootstrap, row, door } = this.parts;
    if (await bootstrap.isThere()) return;
    const own = await row.read();
    if (!own) throw new Error('The platform knows no school for this database role.');
    await this.parts.unit(() => this.write(own));
    // Only so that whoever waits sees it sooner: the call at the end of the start says it again.
    void door.tell({ ready: false }).catch(() => undefined);
  }

  private async write({ name, country, town, language, owner, curriculum, pupils }: OwnRow): Promise<void> {
    const { bootstrap, identity, school, subjects, actor } = this.parts;
    const learners = pupils ? middleOf(pupils) : null;
    await bootstrap.bootstrapSchool(actor, {
      name,
      country,
      ...(town ? { town } : {}),
      ...(curriculum ? { curriculum } : {}),
      ...(learners ? { learners } : {}),
      ...(owner ? { email: owner.email } : {}),
      ...(owner?.phone ? { phones: [owner.phone] } : {}),
    });
    // Which classes it has, its owner says in the set-up.
    await subjects.seedFromPack(actor, (await school.pack()).id, []);
    if (owner) await identity.createAccount({ ...owner, roles: ['owner'], language, by: 'invite', actor });
  }
}
