import { can, demand, type Actor } from '../../../kernel/actor.js';
import type { AuditTrail } from '../../../kernel/audit.js';
import { NotFound, RuleBroken } from '../../../kernel/errors.js';
import { isId } from '../../../kernel/id.js';
import type { Page } from '../../../kernel/page.js';
import type { Unit } from '../../../kernel/unit-of-work.js';
import { STATE_WORDS, type MoveReason } from '../domain/life.js';
import type { OwnerLetters, RegisteredSchool, SchoolFilter, SchoolMaker, SchoolRegister, SchoolState, SchoolWork, Transition } from '../index.js';

/** What platform people do to a school by hand, and what it needs. */
export const ACTS = {
  suspension: { from: ['ready'], to: 'suspended', can: 'schools.suspend' },
  resumption: { from: ['suspended', 'closing'], to: 'ready', can: 'schools.suspend' },
  closing: { from: ['verified', 'provisioning', 'ready', 'suspended'], to: 'closing', can: 'schools.close' },
} as const satisfies Record<string, { from: readonly SchoolState[]; to: SchoolState; can: `schools.${string}` }>;
export type Act = keyof typeof ACTS;

export interface Dossier {
  school: RegisteredSchool;
  transitions: Transition[];
  work: SchoolWork | null;
}

export interface DeskParts {
  register: SchoolRegister;
  maker: SchoolMaker;
  letters: OwnerLetters;
  audit: AuditTrail;
  unit: Unit;
}

/** The register for the people of the platform. */
export class Desk {
  constructor(private readonly parts: DeskParts) {}

  /** Without owners for those who may not see them. */
  async list(actor: Actor, filter: SchoolFilter, paging: { cursor: string | null; limit: number }): Promise<Page<RegisteredSchool>> {
    demand(actor, 'schools.read');
    const page = await this.parts.register.list(filter, paging);
    return { ...page, rows: page.rows.map((school) => seenBy(actor, school)) };
  }

  async dossier(actor: Actor, schoolId: string): Promise<Dossier> {
    demand(actor, 'schools.read');
    const school = await this.find(schoolId);
    const transitions = await this.parts.register.transitionsOf(schoolId);
    const work = await this.parts.maker.progress(schoolId);
    return { school: seenBy(actor, school), transitions, work };
  }

  /** Acts at once: schools look at their own row of the register. */
  async move(actor: Actor, schoolId: string, act: Act, reason: MoveReason, note: string | null): Promise<RegisteredSchool> {
    demand(actor, ACTS[act].can);
    const school = await this.find(schoolId);
    const work = await this.parts.maker.progress(schoolId);
    if (work?.kind === 'remove') throw new RuleBroken('schools.being-deleted', 'This school is being deleted.');
    if (!isPossible(act, school.state)) throw new RuleBroken('schools.no-such-move', `This school is ${STATE_WORDS[school.state].toLowerCase()}: it can’t be done now.`);
    await this.parts.register.moveTo(schoolId, ACTS[act].to, { reason, actor, note });
    return school;
  }

  async retry(actor: Actor, schoolId: string): Promise<void> {
    demand(actor, 'schools.help');
    const { subdomain } = await this.find(schoolId);
    await this.parts.unit(async () => {
      await this.parts.maker.retry(schoolId, actor);
      await this.parts.audit.record(actor, { action: 'schools.retry', entity: 'school', entityId: schoolId, label: subdomain });
    });
  }

  async sendAddress(actor: Actor, schoolId: string): Promise<void> {
    demand(actor, 'schools.help');
    const { subdomain, state } = await this.find(schoolId);
    if (state !== 'ready' && state !== 'suspended') throw new RuleBroken('schools.not-open', 'This school is not open: there is nothing to sign in to.');
    await this.parts.unit(async () => {
      const sent = await this.parts.letters.sendAddress(schoolId);
      if (!sent) throw new RuleBroken('schools.no-owner', 'No owner of this school is known.');
      await this.parts.audit.record(actor, { action: 'schools.send-address', entity: 'school', entityId: schoolId, label: subdomain });
    });
  }

  /** @param typed the address, written twice by who means it */
  async remove(actor: Actor, schoolId: string, typed: { once: string; again: string }): Promise<void> {
    demand(actor, 'schools.delete');
    const school = await this.find(schoolId);
    for (const [field, text] of Object.entries(typed)) {
      if (text !== school.subdomain) throw new RuleBroken('schools.not-named', `Write ${school.subdomain}, exactly so.`, field);
    }
    await this.order(actor, school);
  }

  /** For the platform's own programs, who have shown their key. Also tells when it was done before. */
  async removeByKey(actor: Actor, subdomain: string): Promise<'deleting' | 'deleted'> {
    const school = await this.parts.register.findBySubdomain(subdomain);
    if (!school) throw new NotFound('There is no school of this address.');
    if (school.state === 'deleted') return 'deleted';
    await this.order(actor, school);
    return 'deleting';
  }

  private async order(actor: Actor, school: RegisteredSchool): Promise<void> {
    if (school.state !== 'closing') throw new RuleBroken('schools.not-closed', 'Only a school that is closing can be deleted. Close it first.');
    await this.parts.unit(async () => {
      await this.parts.maker.remove(school.id, actor);
      // What was written to its owner stands among the messages, where nobody will know later whose it was.
      if (school.owner) await this.parts.letters.forget(school.owner.email);
      await this.parts.audit.record(actor, { action: 'schools.delete', entity: 'school', entityId: school.id, label: school.subdomain });
    });
  }

  private async find(schoolId: string): Promise<RegisteredSchool> {
    const school = isId(schoolId) ? await this.parts.register.find(schoolId) : null;
    if (!school) throw new NotFound('There is no such school.');
    return school;
  }
}

export function isPossible(act: Act, state: SchoolState): boolean {
  return (ACTS[act].from as readonly SchoolState[]).includes(state);
}

function seenBy(actor: Actor, school: RegisteredSchool): RegisteredSchool {
  return can(actor, 'schools.owner.read') ? school : { ...school, owner: null, stateNote: null };
}
