import { demand, type Actor } from '../../../kernel/actor.js';
import { Missing } from '../../../kernel/missing.js';
import type { AuditTrail } from '../../../kernel/audit.js';
import type { Clock } from '../../../kernel/clock.js';
import { RuleBroken, Stale } from '../../../kernel/errors.js';
import { newId } from '../../../kernel/id.js';
import { currencyExponent } from '../../../kernel/money.js';
import type { Unit } from '../../../kernel/unit-of-work.js';
import type { AcademicYear, NewYear, SchoolApi, SchoolCalendar } from '../../school/index.js';
import {
  demandClear,
  demandFrequency,
  movedToYear,
  raisedBy,
  type Audience,
  type FeeStructure,
  type StructureLine,
} from './structure.rules.js';
import type { HeadStore, StructureStore } from '../ports.js';

export interface StructureParts {
  unit: Unit;
  audit: AuditTrail;
  clock: Clock;
  store: StructureStore;
  heads: HeadStore;
  school: Pick<SchoolApi, 'years' | 'profile'>;
  calendar: Pick<SchoolCalendar, 'chosenYear' | 'comingYear'>;
}

export interface CopyOrder {
  /** Or the first day of the year to come, which is added then. */
  yearId: string;
  name: string;
  audience: Audience;
  /** Hundredths of a per cent; below zero lowers. */
  raiseBasisPoints: number;
}

/** How much for whom: drafts that are worked on, published ones that bills are made from. */
export class Structures {
  constructor(private readonly parts: StructureParts) {}

  async ofYear(actor: Actor, yearId: string): Promise<FeeStructure[]> {
    demand(actor, 'fees.read');
    return this.parts.store.ofYear(yearId);
  }

  async find(actor: Actor, id: string): Promise<FeeStructure> {
    demand(actor, 'fees.read');
    const structure = await this.parts.store.find(id);
    if (!structure) throw new Missing('fee-structure');
    return structure;
  }

  /** The years to choose from, with the one to come where the calendar ends with this one. */
  async years(): Promise<{ years: readonly AcademicYear[]; coming: NewYear | null }> {
    const { school, calendar } = this.parts;
    return { years: await school.years(), coming: await calendar.comingYear() };
  }

  draft(actor: Actor, { yearId, name, audience }: Omit<CopyOrder, 'raiseBasisPoints'>): Promise<string> {
    demand(actor, 'fees.setup');
    return this.parts.unit(async () => {
      const year = await this.chosenYear(actor, yearId);
      return this.insert(actor, 'fees.structure.draft', {
        yearId: year.id,
        name,
        audience,
        edition: 1,
        replacesId: null,
        lines: [],
      });
    });
  }

  rename(
    actor: Actor,
    id: string,
    { name, audience, version }: { name: string; audience: Audience; version: number },
  ): Promise<void> {
    return this.change(actor, id, 'fees.structure.change', (draft) => ({ ...draft, name, audience, version }));
  }

  /** @throws Invalid at the box of an amount that can't be */
  setLines(actor: Actor, id: string, lines: readonly StructureLine[], version: number): Promise<void> {
    const { store, heads } = this.parts;
    return this.change(actor, id, 'fees.structure.amounts', async (draft) => {
      demandFrequency(lines, await heads.list());
      await store.replaceLines(id, lines);
      return { ...draft, lines, version };
    });
  }

  /** From now on bills are made from it; the one that it replaces is kept as it was. @throws RuleBroken */
  publish(actor: Actor, id: string): Promise<void> {
    const { store, heads, clock } = this.parts;
    return this.change(actor, id, 'fees.structure.publish', async (draft) => {
      await store.holdYear(draft.yearId);
      const names = new Map((await heads.list()).map((head) => [head.id, head.name]));
      if (draft.lines.length === 0) throw new RuleBroken('empty', 'Enter at least one amount before publishing.');
      const published = (await store.ofYear(draft.yearId)).filter((one) => one.state === 'published');
      demandClear(draft, published, { head: (head) => names.get(head) ?? '' });
      const replaced = published.find((one) => one.id === draft.replacesId);
      if (replaced) await store.update({ ...replaced, state: 'replaced' });
      return { ...draft, state: 'published' as const, publishedAt: clock.now(), publishedBy: actor.name };
    });
  }

  /** A draft that is to take the place of a published one; there is one at a time. */
  nextEdition(actor: Actor, id: string): Promise<string> {
    demand(actor, 'fees.setup');
    return this.parts.unit(async () => {
      const published = await this.find(actor, id);
      if (published.state !== 'published')
        throw new RuleBroken('not-published', 'Only a published structure can have a new edition.');
      const there = await this.parts.store.draftOf(id);
      if (there) return there;
      return this.insert(actor, 'fees.structure.edition', { ...published, edition: published.edition + 1, replacesId: id });
    });
  }

  /** For other classes or another year, with all amounts raised or lowered by a share and rounded to whole units. */
  copy(actor: Actor, id: string, { yearId, name, audience, raiseBasisPoints }: CopyOrder): Promise<string> {
    demand(actor, 'fees.setup');
    const { unit, school } = this.parts;
    return unit(async () => {
      const from = await this.find(actor, id);
      const [before, year] = [
        (await school.years()).find((one) => one.id === from.yearId) ?? this.noYear(),
        await this.chosenYear(actor, yearId),
      ];
      const { currency } = await school.profile();
      const moved =
        before.id === year.id
          ? from.lines
          : movedToYear(
              from.lines,
              before.terms.map((one) => one.id),
              year.terms.map((one) => one.id),
            );
      const lines = raiseBasisPoints === 0 ? moved : raisedBy(moved, raiseBasisPoints, 10 ** currencyExponent(currency));
      return this.insert(actor, 'fees.structure.copy', { yearId: year.id, name, audience, edition: 1, replacesId: null, lines });
    });
  }

  discard(actor: Actor, id: string): Promise<void> {
    demand(actor, 'fees.setup');
    const { unit, store, audit } = this.parts;
    return unit(async () => {
      const draft = await this.demandDraft(actor, id);
      await store.remove(id);
      await audit.record(actor, {
        action: 'fees.structure.discard',
        entity: 'fee-structure',
        entityId: id,
        label: draft.name,
        before: auditOf(draft),
      });
    });
  }

  private insert(
    actor: Actor,
    action: string,
    given: Pick<FeeStructure, 'yearId' | 'name' | 'audience' | 'edition' | 'replacesId' | 'lines'>,
  ): Promise<string> {
    const { unit, store, audit } = this.parts;
    return unit(async () => {
      const { yearId, name, audience, edition, replacesId, lines } = given;
      const structure: FeeStructure = {
        id: newId(),
        yearId,
        name,
        audience,
        edition,
        replacesId,
        lines,
        state: 'draft',
        publishedAt: null,
        publishedBy: null,
        version: 1,
      };
      await store.insert(structure);
      await audit.record(actor, {
        action,
        entity: 'fee-structure',
        entityId: structure.id,
        label: name,
        after: auditOf(structure),
      });
      return structure.id;
    });
  }

  private change(
    actor: Actor,
    id: string,
    action: string,
    work: (draft: FeeStructure) => FeeStructure | Promise<FeeStructure>,
  ): Promise<void> {
    demand(actor, 'fees.setup');
    const { unit, store, audit } = this.parts;
    return unit(async () => {
      const before = await this.demandDraft(actor, id);
      const after = await work(before);
      if (!(await store.update(after))) throw new Stale();
      await audit.record(actor, {
        action,
        entity: 'fee-structure',
        entityId: id,
        label: after.name,
        before: auditOf(before),
        after: auditOf(after),
      });
    });
  }

  private async demandDraft(actor: Actor, id: string): Promise<FeeStructure> {
    const structure = await this.find(actor, id);
    if (structure.state !== 'draft')
      throw new RuleBroken('published', 'A published structure can’t be changed. Make a new edition of it.');
    return structure;
  }

  private async chosenYear(actor: Actor, choice: string): Promise<AcademicYear> {
    return (await this.parts.calendar.chosenYear(actor, choice)) ?? this.noYear();
  }

  private noYear(): AcademicYear {
    throw new Missing('year');
  }
}

function auditOf({ name, audience, state, edition, lines }: FeeStructure): object {
  return { name, audience, state, edition, lines };
}
