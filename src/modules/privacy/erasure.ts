import { demand, demandProof, type Actor } from '../../kernel/actor.js';
import type { AuditTrail } from '../../kernel/audit.js';
import { NotFound, RuleBroken } from '../../kernel/errors.js';
import type { Unit } from '../../kernel/unit-of-work.js';
import type { PersonalData, Subject } from '../../kernel/people/personal-data.js';
import { contactsIn, nameIn } from './subject-file.js';

export interface ErasurePlan {
  name: string;
  obstacles: string[];
  keeps: string[];
}

export interface ErasureReport {
  pseudonym: string;
  done: string[];
  keeps: string[];
}

/** Takes away who a person was, over all modules in one transaction, and says what was done and what stays. */
export class Erasure {
  constructor(
    private readonly parts: readonly PersonalData[],
    private readonly unit: Unit,
    private readonly audit: AuditTrail,
    private readonly newPseudonym: () => string,
  ) {}

  /** @throws NotFound; ProofNeeded */
  async plan(actor: Actor, subject: Subject): Promise<ErasurePlan> {
    demand(actor, 'privacy.erase');
    demandProof(actor, Infinity, 'page');
    const name = await nameIn(this.parts, subject);
    if (name === null) throw new NotFound();
    return { name, obstacles: await this.obstacles(subject), keeps: await this.keeps(subject) };
  }

  /** By a person, for one person. @throws RuleBroken while the person is still at the school; ProofNeeded */
  async erase(actor: Actor, subject: Subject, reason: string): Promise<ErasureReport> {
    demand(actor, 'privacy.erase');
    demandProof(actor, Infinity, 'page');
    return this.unit(async () => {
      const [obstacle] = await this.obstacles(subject);
      if (obstacle) throw new RuleBroken('privacy.not-yet', obstacle);
      return this.carryOut(actor, subject, reason);
    });
  }

  /** By the retention of the school: whoever is not due yet is left, with why. */
  async eraseDue(actor: Actor, subject: Subject, reason: string): Promise<{ refused: string[] }> {
    return this.unit(async () => {
      const refused = await this.obstacles(subject);
      if (refused.length === 0) await this.carryOut(actor, subject, reason);
      return { refused };
    });
  }

  private async carryOut(actor: Actor, subject: Subject, reason: string): Promise<ErasureReport> {
    const keeps = await this.keeps(subject);
    const pseudonym = this.newPseudonym();
    const contacts = await contactsIn(this.parts, subject);
    const done: string[] = [];
    const also: Subject[] = [];
    // Last the module that owns the person: the others may still have to ask it.
    for (const part of [...this.parts].reverse()) {
      const outcome = await part.erase?.(subject, pseudonym, contacts);
      done.push(...(outcome?.done ?? []));
      also.push(...(outcome?.also ?? []));
    }
    const entity = subject.kind === 'account' ? 'identity_users' : subject.kind;
    await this.audit.record(actor, {
      action: 'privacy.erase',
      entity,
      entityId: subject.id,
      label: `Erased ${pseudonym}`,
      after: { done, keeps },
      reason,
    });
    for (const next of also) done.push(...(await this.carryOut(actor, next, reason)).done);
    return { pseudonym, done, keeps };
  }

  private async obstacles(subject: Subject): Promise<string[]> {
    const found: string[] = [];
    for (const part of this.parts) found.push(...((await part.obstacles?.(subject)) ?? []));
    return found;
  }

  private async keeps(subject: Subject): Promise<string[]> {
    const found: string[] = [];
    for (const part of this.parts) found.push(...((await part.keeps?.(subject)) ?? []));
    return found;
  }
}
