import { can, demand, demandProof, type Actor } from '../../kernel/actor.js';
import { Missing } from '../../kernel/missing.js';
import type { AuditTrail } from '../../kernel/audit.js';
import { NotFound, RuleBroken } from '../../kernel/errors.js';
import { isId } from '../../kernel/id.js';
import type { Page } from '../../kernel/page.js';
import type { Unit } from '../../kernel/unit-of-work.js';
import { STATE_WORDS, type MoveReason } from './life.rules.js';
import type {
  OwnerLetters,
  RegisteredSchool,
  SchoolFilter,
  SchoolMaker,
  SchoolMove,
  SchoolRegister,
  SchoolState,
  SchoolWork,
  Transition,
} from './index.js';
import type { LetterLimits } from './ports.js';

/** What platform people do to a school by hand, and what it needs. */
export const ACTS = {
  suspension: { from: ['ready'], to: 'suspended', can: 'schools.suspend' },
  resumption: { from: ['suspended', 'closing'], to: 'ready', can: 'schools.suspend' },
  closing: { from: ['ready', 'suspended'], to: 'closing', can: 'schools.close' },
} as const satisfies Record<SchoolMove, { from: readonly SchoolState[]; to: SchoolState; can: `schools.${string}` }>;
export type Act = keyof typeof ACTS;

/** Not open yet: such a school is given up instead of closed. */
const NEVER_OPEN: readonly SchoolState[] = ['verified', 'provisioning'];

export interface Dossier {
  school: RegisteredSchool;
  transitions: Transition[];
  work: SchoolWork | null;
}

export interface DeskParts {
  register: SchoolRegister;
  maker: SchoolMaker;
  letters: OwnerLetters;
  limits: LetterLimits;
  audit: AuditTrail;
  unit: Unit;
}

/** The register for the people of the platform. */
export class Desk {
  constructor(private readonly parts: DeskParts) {}

  /** Without owners for those who may not see them. */
  async list(
    actor: Actor,
    filter: SchoolFilter,
    paging: { cursor: string | null; limit: number },
  ): Promise<Page<RegisteredSchool>> {
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

  /** What is about to be suspended, closed or opened again. @throws Forbidden; ProofNeeded: whole schools stand still by it */
  async toMove(actor: Actor, schoolId: string, act: Act): Promise<RegisteredSchool> {
    demand(actor, ACTS[act].can);
    demandProof(actor, Infinity, 'page');
    return this.find(schoolId);
  }

  /** Acts at once: schools look at their own row of the register. Its owner gets a letter. */
  async move(actor: Actor, schoolId: string, act: Act, reason: MoveReason, note: string | null): Promise<RegisteredSchool> {
    const school = await this.toMove(actor, schoolId, act);
    const work = await this.parts.maker.progress(schoolId);
    if (work?.kind === 'remove') throw new RuleBroken('schools.being-deleted', 'This school is being deleted.');
    if (!isPossible(act, school.state))
      throw new RuleBroken(
        'schools.no-such-move',
        `This can’t be done while the school is ${STATE_WORDS[school.state].toLowerCase()}.`,
      );
    await this.parts.unit(async () => {
      await this.parts.register.moveTo(schoolId, ACTS[act].to, { reason, actor, note });
      await this.parts.letters.sendMove(schoolId, act, reason);
    });
    return school;
  }

  /**
   * An opening that leads nowhere is undone: whatever was made of the school is taken back by the provisioner.
   * @param typed the address, written by who means it
   */
  async giveUp(actor: Actor, schoolId: string, typed: string): Promise<void> {
    demand(actor, 'schools.delete');
    const school = await this.find(schoolId);
    if (!isGivable(school.state))
      throw new RuleBroken(
        'schools.not-opening',
        `This school is ${STATE_WORDS[school.state].toLowerCase()}: only an opening that never finished can be cancelled.`,
      );
    demandNamed(school, 'name', typed);
    await this.parts.unit(async () => {
      await this.parts.register.moveTo(schoolId, 'closed', { reason: 'given-up', actor });
      await this.takeAway(actor, school, 'schools.give-up');
    });
  }

  async retry(actor: Actor, schoolId: string): Promise<void> {
    demand(actor, 'schools.help');
    const { subdomain } = await this.find(schoolId);
    await this.parts.unit(async () => {
      await this.parts.maker.retry(schoolId, actor);
      await this.parts.audit.record(actor, { action: 'schools.retry', entity: 'school', entityId: schoolId, label: subdomain });
    });
  }

  /** Of a school that is open its address, of one that is being opened the page with the steps. */
  async writeToOwner(actor: Actor, schoolId: string): Promise<'address' | 'progress'> {
    demand(actor, 'schools.help');
    const { subdomain, state } = await this.find(schoolId);
    const work = await this.parts.maker.progress(schoolId);
    const page = isGivable(state) && work?.kind === 'make' ? work.page : null;
    if (!page && !isReached(state)) throw new RuleBroken('schools.not-open', 'This school is not open, so no one can sign in.');
    await this.parts.limits.take(schoolId);
    await this.parts.unit(async () => {
      const sent = await (page ? this.parts.letters.sendProgress(schoolId, page) : this.parts.letters.sendAddress(schoolId));
      if (!sent) throw new RuleBroken('schools.no-owner', 'This school has no known owner.');
      await this.parts.audit.record(actor, {
        action: page ? 'schools.send-progress' : 'schools.send-address',
        entity: 'school',
        entityId: schoolId,
        label: subdomain,
      });
    });
    return page ? 'progress' : 'address';
  }

  /** What is about to go for good. @throws Forbidden; ProofNeeded; RuleBroken when it isn't closed */
  async toRemove(actor: Actor, schoolId: string): Promise<RegisteredSchool> {
    demand(actor, 'schools.delete');
    demandProof(actor, Infinity, 'page');
    const school = await this.find(schoolId);
    demandClosed(school);
    return school;
  }

  /** @param typed the address, written twice by who means it */
  async remove(actor: Actor, schoolId: string, typed: { address: string; onceMore: string }): Promise<void> {
    const school = await this.toRemove(actor, schoolId);
    for (const [field, text] of Object.entries(typed)) demandNamed(school, field, text);
    await this.order(actor, school);
  }

  /** For the platform's own programs, who have shown their key. Also tells when it was done before. */
  async removeByKey(actor: Actor, subdomain: string): Promise<'deleting' | 'deleted'> {
    const school = await this.parts.register.findBySubdomain(subdomain);
    if (!school) throw new NotFound('There is no school at this address.');
    if (school.state === 'deleted') return 'deleted';
    await this.order(actor, school);
    return 'deleting';
  }

  private async order(actor: Actor, school: RegisteredSchool): Promise<void> {
    demandClosed(school);
    await this.parts.unit(() => this.takeAway(actor, school, 'schools.delete'));
  }

  private async takeAway(actor: Actor, school: RegisteredSchool, action: `schools.${string}`): Promise<void> {
    await this.parts.maker.remove(school.id, actor);
    // What was written to its owner stands among the messages, where nobody will know later whose it was.
    if (school.owner) await this.parts.letters.forget(school.owner.email);
    await this.parts.audit.record(actor, { action, entity: 'school', entityId: school.id, label: school.subdomain });
  }

  private async find(schoolId: string): Promise<RegisteredSchool> {
    const school = isId(schoolId) ? await this.parts.register.find(schoolId) : null;
    if (!school) throw new Missing('school');
    return school;
  }
}

export function isPossible(act: Act, state: SchoolState): boolean {
  return (ACTS[act].from as readonly SchoolState[]).includes(state);
}

/** It was never open, so that there is something to give up. */
export function isGivable(state: SchoolState): boolean {
  return NEVER_OPEN.includes(state);
}

/** People can sign in there. */
export function isReached(state: SchoolState): boolean {
  return state === 'ready' || state === 'suspended' || state === 'closing';
}

function demandClosed({ state }: RegisteredSchool): void {
  if (state !== 'closed')
    throw new RuleBroken(
      'schools.not-closed',
      'Only a closed school can be deleted: close it first and wait until the grace period has ended.',
    );
}

function demandNamed(school: RegisteredSchool, field: string, typed: string): void {
  if (typed !== school.subdomain) throw new RuleBroken('schools.not-named', `Type ${school.subdomain} exactly.`, field);
}

function seenBy(actor: Actor, school: RegisteredSchool): RegisteredSchool {
  return can(actor, 'schools.owner.read') ? school : { ...school, owner: null, stateNote: null };
}
