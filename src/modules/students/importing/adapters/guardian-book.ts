import { newId } from '../../../../kernel/id.js';
import { fold } from '../../../../kernel/people/names.js';
import { query } from '../../../../platform/db/index.js';
import { camel, snake, type Row } from '../../../../platform/db/rows/rows.js';
import { isSamePerson, sameName, surnameOf, type Guardian, type Relationship } from '../../guardians/guardian.rules.js';
import { insertRows, updateRows } from './bulk.js';
import { saidOf, type GivenGuardian } from './given.js';

interface Entry {
  guardian: Guardian;
  relationships: Relationship[];
  isNew: boolean;
  touched: boolean;
}

const FACTS = ['phone', 'otherPhone', 'email', 'nationalId', 'occupation', 'address', 'language'] as const;

/** The guardians that the rows of one batch name: found by phone and a name in common, else made. */
export class GuardianBook {
  private readonly byPhone = new Map<string, Entry[]>();
  private readonly byId = new Map<string, Entry>();
  /** Rows of the table as they were before this batch. */
  private readonly before = new Map<string, Row>();
  private readonly writers = new Map<string, string>();

  /** Reads who is known by these phones or is among these ids. */
  async load(phones: readonly string[], ids: readonly string[]): Promise<void> {
    if (phones.length + ids.length === 0) return;
    const rows = await query<{ row: Row; writer: string; relationships: Relationship[] }>(
      'students.import.guardians',
      `select to_jsonb(g) as row, g.xmin::text as writer,
          (select coalesce(array_agg(distinct t.relationship), '{}') from students_guardianships t where t.school_id = g.school_id and t.guardian_id = g.id) as relationships
        from students_guardians g where g.phone = any($1) or g.id = any($2::uuid[]) order by g.id for update of g`,
      [[...new Set(phones)], ids],
    );
    for (const { row, writer, relationships } of rows) {
      const { createdAt, updatedAt, nameFolded, surnameFolded, schoolId, ...guardian } = camel<Guardian & Row>(row);
      void [createdAt, updatedAt, nameFolded, surnameFolded, schoolId];
      this.before.set(guardian.id, row);
      this.writers.set(guardian.id, writer);
      this.enter({ guardian: guardian as Guardian, relationships, isNew: false, touched: false });
    }
  }

  /** Who this is; not one of `taken`, since a child has each guardian once. Empty facts of somebody known are filled in. */
  resolve(given: GivenGuardian, taken: ReadonlySet<string>): { id: string; made: boolean; changed: Row | null } {
    const { phone } = given.details;
    const named = given.id !== null && !taken.has(given.id) ? this.byId.get(given.id) : undefined;
    const candidates = (phone ? (this.byPhone.get(phone) ?? []) : []).filter((one) => !taken.has(one.guardian.id));
    const known =
      named ??
      candidates.find((one) => sameName(one.guardian.fullName, given.fullName)) ??
      candidates.find((one) =>
        isSamePerson({ fullName: one.guardian.fullName, relationships: one.relationships }, saidOf(given)),
      );
    if (!known) return { id: this.make(given), made: true, changed: null };
    known.relationships.push(given.tie.relationship ?? given.otherwise);
    const missing = Object.fromEntries(
      FACTS.filter((fact) => known.guardian[fact] === null && given.details[fact]).map((fact) => [fact, given.details[fact]]),
    );
    return { id: known.guardian.id, made: false, changed: this.change(known.guardian.id, missing) };
  }

  /** Changes facts of a guardian; returns the row as it was, the first time that this batch touches one it has not made. */
  change(id: string, facts: Partial<Guardian>): Row | null {
    const entry = this.byId.get(id)!;
    if (Object.keys(facts).length === 0) return null;
    const first = !entry.touched && !entry.isNew;
    entry.touched = true;
    Object.assign(entry.guardian, facts);
    return first ? this.before.get(id)! : null;
  }

  /** Ids of known guardians that other children may be found by. */
  async flush(): Promise<string[]> {
    const entries = [...this.byId.values()];
    await insertRows(
      'students_guardians',
      entries.filter((one) => one.isNew).map((one) => rowOf(one.guardian)),
    );
    const changed = entries.filter((one) => one.touched && !one.isNew);
    const now = new Date().toISOString();
    await updateRows(
      'students_guardians',
      changed.map((one) => ({ ...rowOf(one.guardian), version: one.guardian.version + 1, updated_at: now })),
    );
    return changed.map((one) => one.guardian.id);
  }

  /** The transaction that had written this guardian before the batch. */
  writersOf(id: string): string[] {
    return [this.writers.get(id)!];
  }

  guardian(id: string): Guardian {
    return this.byId.get(id)!.guardian;
  }

  private make({ fullName, details, tie, otherwise }: GivenGuardian): string {
    const guardian: Guardian = {
      id: newId(),
      fullName,
      phone: null,
      otherPhone: null,
      email: null,
      nationalId: null,
      occupation: null,
      address: null,
      language: null,
      version: 1,
      ...details,
    };
    this.enter({ guardian, relationships: [tie.relationship ?? otherwise], isNew: true, touched: false });
    return guardian.id;
  }

  private enter(entry: Entry): void {
    const { id, phone } = entry.guardian;
    this.byId.set(id, entry);
    if (!phone) return;
    const known = this.byPhone.get(phone);
    if (known) known.push(entry);
    else this.byPhone.set(phone, [entry]);
  }
}

function rowOf(guardian: Guardian): Row {
  return snake({ ...guardian, nameFolded: fold(guardian.fullName), surnameFolded: surnameOf(guardian.fullName) });
}
