import { demand, demandProof, type Actor } from '../../../kernel/actor.js';
import { Invalid, NotFound, RuleBroken } from '../../../kernel/errors.js';
import { newId } from '../../../kernel/id.js';
import { yearsBetween } from '../../../kernel/clock.js';
import { registerName } from '../../../kernel/people/names.js';
import { showPhone } from '../../../kernel/people/phone.js';
import type { Unit } from '../../../kernel/unit-of-work.js';
import type { AuditTrail } from '../../../kernel/audit.js';
import type { FilesApi } from '../../files/index.js';
import type { SchoolApi } from '../../school/index.js';
import type { Stream, SubjectsApi } from '../../subjects/index.js';
import type { DocumentKind, StudentDocument } from '../letters/document.rules.js';
import type { PrintStore, PrintStudent, Scope } from '../ports.js';
import { seenPrint, sightOf } from '../register/sight.js';

/** More in one go would be a bulk read; 600 cards are a whole school. */
const MOST_AT_ONCE = 1500;

export type Which = { ids: readonly string[] } | { streamIds: readonly string[] };

export interface PrintedClass {
  stream: Stream;
  students: PrintStudent[];
}

/** What is behind every print: whom it shows, and what was handed out under which code. */
export class Prints {
  constructor(
    private readonly unit: Unit,
    private readonly audit: AuditTrail,
    private readonly store: PrintStore,
    private readonly school: SchoolApi,
    private readonly subjects: SubjectsApi,
    private readonly files: FilesApi,
    /** Makes the secret part of an address behind a QR. */
    private readonly newCode: () => string,
  ) {}

  /** Classes in the school's order with their learners in register order. */
  async classes(actor: Actor, scope: Scope, streamIds: readonly string[], what: string): Promise<PrintedClass[]> {
    demand(actor, 'students.print');
    const { streams } = await this.subjects.classList();
    const wanted = streams.filter((stream) => (streamIds.length === 0 ? stream.active : streamIds.includes(stream.id)));
    const found = await this.store.students({ streamIds: wanted.map((stream) => stream.id) }, scope);
    demandProof(actor, found.length);
    const students = this.seen(actor, found);
    await this.audit.record(actor, {
      action: `students.print-${what}`,
      entity: 'school',
      entityId: null,
      after: { classes: wanted.map((stream) => stream.label), students: students.length },
    });
    return wanted
      .map((stream) => ({ stream, students: students.filter((student) => student.streamId === stream.id) }))
      .filter((one) => one.students.length > 0 || streamIds.length > 0);
  }

  async some(actor: Actor, scope: Scope, which: Which, what: string): Promise<PrintStudent[]> {
    demand(actor, 'students.print');
    const found = await this.store.students(which, scope);
    if (found.length > MOST_AT_ONCE) throw new RuleBroken('too-many', 'Choose fewer students: at most 1,500 at once.');
    demandProof(actor, found.length);
    const students = this.seen(actor, found);
    await this.audit.record(actor, {
      action: `students.print-${what}`,
      entity: 'school',
      entityId: null,
      after: { students: students.length },
    });
    return students;
  }

  /** Names with letters that are none of Latin's, as registers write them: whoever prints decides which of them papers can show. */
  async oddNames(actor: Actor, scope: Scope): Promise<string[]> {
    demand(actor, 'students.print');
    return (await this.store.oddNames(scope)).map(registerName);
  }

  private seen(actor: Actor, students: readonly PrintStudent[]): PrintStudent[] {
    const sight = sightOf(actor);
    return students.map((student) => seenPrint(student, sight));
  }

  /** Notes that papers were handed out and gives each its code. */
  issue(
    actor: Actor,
    kind: DocumentKind,
    students: readonly { id: string }[],
    validUntil: string | null,
  ): Promise<StudentDocument[]> {
    return this.unit(async () => {
      const issuedOn = await this.school.today();
      const documents = students.map((student): StudentDocument => ({
        id: newId(),
        studentId: student.id,
        kind,
        code: this.newCode(),
        issuedOn,
        validUntil,
        byUserId: actor.userId,
        reference: null,
      }));
      await this.store.issue(documents);
      return documents;
    });
  }

  /** The photo's bytes, or null where there is none or the person may not see it. */
  async photo(actor: Actor, fileId: string | null): Promise<Uint8Array | null> {
    if (!fileId) return null;
    try {
      const file = await this.files.open(fileId, actor);
      const chunks: Uint8Array[] = [];
      for await (const chunk of await file.body()) chunks.push(chunk);
      return Buffer.concat(chunks);
    } catch (error) {
      if (error instanceof NotFound) return null;
      throw error;
    }
  }

  async ages(actor: Actor, day: string) {
    demand(actor, 'students.print');
    if (!/^\d{4}-\d\d-\d\d$/.test(day)) throw new Invalid({ on: 'Enter the date as day, month and year' });
    return this.store.ages(day);
  }

  check(code: string) {
    return this.store.byCode(code);
  }
}

export function otherNames(student: { firstName: string; middleName: string | null }): string {
  return [student.firstName, student.middleName].filter(Boolean).join(' ');
}

export function phonesOf(guardian: { phone: string | null; otherPhone: string | null }, country: string): string[] {
  return [guardian.phone, guardian.otherPhone].flatMap((phone) => (phone ? [showPhone(phone, country)] : []));
}

export function ageOn(bornOn: string | null, day: string): number | null {
  return bornOn ? yearsBetween(bornOn, day) : null;
}
