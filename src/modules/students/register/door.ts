import type { Actor } from '../../../kernel/actor.js';
import { familiesOf } from '../guardians/family.rules.js';
import type {
  AccountHolder,
  AlertBrief,
  FoundStudent,
  GuardianBrief,
  GuardianMarks,
  LearnerOnRoll,
  PlaceToCome,
  RollDay,
  StudentBrief,
  StudentsApi,
} from '../index.js';
import type { GuardianStore, HolderStore, OnRoll, Scope, StudentOnFile, StudentStore } from '../ports.js';
import type { Alerts } from '../alerts/alerts.js';
import { seenFile, sightOf } from './sight.js';
import type { StudentScope } from './scope.js';

export class StudentsDoor implements StudentsApi {
  constructor(
    private readonly students: StudentStore,
    private readonly guardians: Pick<GuardianStore, 'briefsOf' | 'marksOf' | 'studentsOf'>,
    private readonly alerts: Pick<Alerts, 'chips'>,
    private readonly scope: StudentScope,
    private readonly accounts: HolderStore,
    private readonly files: (scope: Scope) => AsyncIterable<StudentOnFile>,
  ) {}

  async briefs(actor: Actor, ids: readonly string[]): Promise<StudentBrief[]> {
    return this.students.briefs({ ids }, await this.scope.of(actor));
  }

  async byPaymentNo(paymentNo: string): Promise<StudentBrief | null> {
    return (await this.students.briefs({ paymentNo }, { kind: 'all' }))[0] ?? null;
  }

  byPlainNumber(plainNumber: string): Promise<StudentBrief[]> {
    return this.students.briefs({ plainNumber }, { kind: 'all' });
  }

  payees(): Promise<StudentBrief[]> {
    return this.students.briefs({ everybody: true }, { kind: 'all' });
  }

  holders(ids: readonly string[]): Promise<AccountHolder[]> {
    return this.accounts.holders(ids);
  }

  async ownChildren({ person }: Actor): Promise<AccountHolder[]> {
    if (person?.kind === 'student') return this.accounts.holders([person.id]);
    if (person?.kind !== 'guardian') return [];
    const ties = (await this.guardians.studentsOf(person.id)).filter((tie) => !tie.barred);
    return ties.length > 0 ? this.accounts.holders(ties.map((tie) => tie.studentId)) : [];
  }

  siblingsOf(ids: readonly string[]): Promise<Map<string, AccountHolder[]>> {
    return this.accounts.siblingsOf(ids);
  }

  async search(actor: Actor, text: string, limit: number): Promise<FoundStudent[]> {
    const filter = {
      text,
      byContacts: sightOf(actor).sees('contacts'),
      classId: null,
      streamId: null,
      statuses: [],
      boarding: null,
      sex: null,
      putAside: false,
    };
    return (await this.students.list(filter, await this.scope.of(actor), 'best', false, null, limit)).rows;
  }

  inStream(streamId: string): Promise<StudentBrief[]> {
    return this.students.briefs({ streamId }, { kind: 'all' });
  }

  async onRoll(): Promise<LearnerOnRoll[]> {
    return withFamilies(await this.students.onRoll());
  }

  async onRollIn(of: RollDay, joining: readonly PlaceToCome[] = []): Promise<LearnerOnRoll[]> {
    return withFamilies(await this.students.onRollIn(of, joining));
  }

  async alertsOf(actor: Actor, ids: readonly string[]): Promise<ReadonlyMap<string, readonly AlertBrief[]>> {
    return this.alerts.chips(
      actor,
      (await this.briefs(actor, ids)).map((one) => one.id),
    );
  }

  async guardiansOf(actor: Actor, ids: readonly string[]): Promise<Map<string, GuardianBrief[]>> {
    const scope = await this.scope.of(actor);
    const seen = scope.kind === 'all' ? ids : (await this.students.briefs({ ids }, scope)).map((one) => one.id);
    const found = new Map<string, GuardianBrief[]>(seen.map((id) => [id, []]));
    const contacts = sightOf(actor).sees('contacts');
    for (const { studentId, ...guardian } of await this.guardians.briefsOf(seen)) {
      found.get(studentId)!.push(contacts ? guardian : { ...guardian, phone: null, email: null });
    }
    return found;
  }

  async guardianMarks(ids: readonly string[]): Promise<Map<string, GuardianMarks[]>> {
    const found = new Map<string, GuardianMarks[]>();
    for (const { studentId, ...marks } of await this.guardians.marksOf(ids))
      found.set(studentId, [...(found.get(studentId) ?? []), marks]);
    return found;
  }

  async *onFile(actor: Actor): AsyncGenerator<StudentOnFile> {
    const sight = sightOf(actor);
    for await (const one of this.files(await this.scope.of(actor))) yield seenFile(one, sight);
  }
}

function withFamilies(rows: readonly OnRoll[]): LearnerOnRoll[] {
  const families = familiesOf(rows);
  return rows.map(({ guardianIds: _, ...learner }) => ({ ...learner, familyId: families.get(learner.id)! }));
}
