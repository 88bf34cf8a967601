import type { Actor } from '../../../kernel/actor.js';
import type { AuditTrail } from '../../../kernel/audit.js';
import { registerName, type PersonName } from '../../../kernel/people/names.js';

type Shown = 'identity' | 'health';

interface SeenChild {
  student: PersonName & { id: string; admissionNo: string; birthCertificateNo?: string | null; specialNeeds?: string | null };
  identifiers?: readonly unknown[];
  guardians?: readonly { nationalId?: string | null }[];
  openAlerts?: readonly { kind: string }[];
}

/**
 * Who has looked at identity numbers and health. One entry for each reader, child and day; a list with health in it is
 * one entry a day. What was written today is remembered in memory, so that a page that is opened again costs nothing.
 */
export class Reads {
  private day = '';
  private written = new Set<string>();

  constructor(
    private readonly audit: AuditTrail,
    private readonly today: () => Promise<string>,
  ) {}

  /** @param seen what the page, the print or the answer holds of a child, after everything was taken out that this person may not see */
  async ofChild(actor: Actor, seen: SeenChild): Promise<void> {
    const { student } = seen;
    const shown: Shown[] = [];
    if (student.birthCertificateNo || (seen.identifiers ?? []).length > 0) shown.push('identity');
    if (student.specialNeeds || (seen.openAlerts ?? []).some((one) => one.kind === 'medical')) shown.push('health');
    await this.note(actor, student.id, `${registerName(student)}, ${student.admissionNo}`, shown);
  }

  async note(actor: Actor, studentId: string, label: string, shown: readonly Shown[]): Promise<void> {
    if (shown.length === 0 || !(await this.isFirst(actor, `${studentId} ${shown.join(' ')}`))) return;
    await this.audit.record(actor, {
      action: 'students.details.read',
      entity: 'student',
      entityId: studentId,
      label,
      after: { shown },
    });
  }

  /** Health beside the names of a list. */
  async ofList(actor: Actor, what: string, rows: readonly object[]): Promise<void> {
    if (rows.length === 0 || !(await this.isFirst(actor, what))) return;
    await this.audit.record(actor, {
      action: 'students.health.read',
      entity: 'school',
      entityId: null,
      label: what,
      after: { students: rows.length },
    });
  }

  private async isFirst(actor: Actor, what: string): Promise<boolean> {
    const day = await this.today();
    if (day !== this.day) [this.day, this.written] = [day, new Set()];
    const key = `${actor.userId ?? actor.name} ${what}`;
    if (this.written.has(key)) return false;
    this.written.add(key);
    return true;
  }
}
