import { demand, type Actor } from '../../../kernel/actor.js';
import { Invalid, RuleBroken, Stale } from '../../../kernel/errors.js';
import { Missing } from '../../../kernel/missing.js';
import { newId } from '../../../kernel/id.js';
import type { Unit } from '../../../kernel/unit-of-work.js';
import {
  editsField,
  keyFor,
  readValue,
  seesField,
  type CustomField,
  type CustomValue,
  type CustomValues,
} from './custom-field.rules.js';
import type { AuditTrail, CustomFieldStore } from '../ports.js';

export type FieldDetails = Omit<CustomField, 'id' | 'key' | 'version'>;

/** A form would not end otherwise. */
const MOST_FIELDS = 60;

/** The school's own fields: what they are, who sees and fills them in, and what a child's values may be. */
export class CustomFields {
  constructor(
    private readonly unit: Unit,
    private readonly audit: AuditTrail,
    private readonly store: CustomFieldStore,
  ) {}

  all(): Promise<readonly CustomField[]> {
    return this.store.all();
  }

  async seenBy(actor: Actor): Promise<CustomField[]> {
    return (await this.store.all()).filter((field) => seesField(field, actor.roles));
  }

  async editedBy(actor: Actor): Promise<CustomField[]> {
    return (await this.store.all()).filter((field) => editsField(field, actor.roles));
  }

  add(actor: Actor, details: FieldDetails): Promise<CustomField> {
    demand(actor, 'students.custom-fields');
    return this.unit(async () => {
      const all = await this.store.all();
      if (all.length >= MOST_FIELDS)
        throw new RuleBroken(
          'too-many-fields',
          `A school can have at most ${MOST_FIELDS} custom fields. Retire or remove one first.`,
        );
      demandOwnLabel(details.label, all, null);
      const field: CustomField = {
        ...details,
        id: newId(),
        key: keyFor(details.label, new Set(all.map((one) => one.key))),
        version: 1,
      };
      await this.store.insert(field);
      await this.audit.record(actor, {
        action: 'students.custom-field.add',
        entity: 'custom-field',
        entityId: field.id,
        label: field.label,
        after: field,
      });
      return field;
    });
  }

  /** Key and type stay: values are stored by them. A choice that somebody has can't be taken off the list. */
  change(actor: Actor, id: string, version: number, details: Omit<FieldDetails, 'type'>): Promise<CustomField> {
    demand(actor, 'students.custom-fields');
    return this.unit(async () => {
      const before = await this.demandField(id);
      demandOwnLabel(details.label, await this.store.all(), id);
      const after: CustomField = { ...before, ...details, version };
      if (before.type === 'choice' && after.choices.length < 2)
        throw new Invalid({ choices: 'Enter at least two choices, one per line' });
      if (before.type === 'choice') await this.demandChoicesKept(before, after);
      if (!(await this.store.update(after))) throw new Stale();
      await this.audit.record(actor, {
        action: 'students.custom-field.change',
        entity: 'custom-field',
        entityId: id,
        label: after.label,
        before,
        after,
      });
      return after;
    });
  }

  /** Only a field that no child has a value in; otherwise it is retired. */
  remove(actor: Actor, id: string): Promise<CustomField> {
    demand(actor, 'students.custom-fields');
    return this.unit(async () => {
      const field = await this.demandField(id);
      const { count } = await this.store.used(field.key);
      if (count > 0)
        throw new RuleBroken(
          'has-data',
          `${count} ${count === 1 ? 'student has' : 'students have'} an answer in this field, so it can’t be removed. Take it out of use instead; the answers are kept.`,
        );
      await this.store.remove(id);
      await this.audit.record(actor, {
        action: 'students.custom-field.remove',
        entity: 'custom-field',
        entityId: id,
        label: field.label,
        before: field,
      });
      return field;
    });
  }

  /**
   * The values of a child after what was given. Fields that aren't named stay. `whole`: a form that shows every field
   * this person may fill in, so that required ones must be there.
   * @throws Invalid with the problems at `custom.<key>`
   */
  async merged(
    actor: Actor,
    before: CustomValues,
    given: Readonly<Record<string, unknown>>,
    whole: boolean,
  ): Promise<CustomValues> {
    const fields = await this.editedBy(actor);
    const problems: Record<string, string> = {};
    const after: Record<string, CustomValue> = { ...before };
    for (const key of Object.keys(given)) {
      if (!fields.some((field) => field.key === key))
        problems[`custom.${key}`] = 'This field was not found, or you can’t change it';
    }
    for (const field of fields) {
      if (!(field.key in given) && !whole) continue;
      const read = readValue(field, given[field.key]);
      if ('problem' in read) problems[`custom.${field.key}`] = read.problem;
      else if (read.value !== null) after[field.key] = read.value;
      else if (field.required) problems[`custom.${field.key}`] = 'Fill this in';
      else delete after[field.key];
    }
    if (Object.keys(problems).length > 0) throw new Invalid(problems);
    return after;
  }

  private async demandChoicesKept(before: CustomField, after: CustomField): Promise<void> {
    const gone = before.choices.filter((choice) => !after.choices.includes(choice));
    if (gone.length === 0) return;
    const { values } = await this.store.used(before.key);
    const held = gone.find((choice) => values.includes(choice));
    if (held !== undefined)
      throw new Invalid({
        choices: 'Some students have an answer you have removed from the list. Put it back, or change those students first',
      });
  }

  private async demandField(id: string): Promise<CustomField> {
    const field = (await this.store.all()).find((one) => one.id === id);
    if (!field) throw new Missing('field');
    return field;
  }
}

/** Two columns of a sheet must not have one heading. */
function demandOwnLabel(label: string, all: readonly CustomField[], id: string | null): void {
  const folded = label.trim().toLowerCase();
  if (all.some((one) => one.id !== id && one.label.trim().toLowerCase() === folded))
    throw new Invalid({ label: 'Another field already has this name' });
}
