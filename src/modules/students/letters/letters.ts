import { demand, type Actor } from '../../../kernel/actor.js';
import { Missing } from '../../../kernel/missing.js';
import type { AuditTrail } from '../../../kernel/audit.js';
import { RuleBroken } from '../../../kernel/errors.js';
import { newId } from '../../../kernel/id.js';
import type { Page } from '../../../kernel/page.js';
import type { Unit } from '../../../kernel/unit-of-work.js';
import type { SchoolApi } from '../../school/index.js';
import { mayHave, type StudentDocument } from './document.rules.js';
import type { Student } from '../register/student.rules.js';
import type { LetterFacts, LetterLine, LetterStore } from '../ports.js';
import { labelOf } from '../register/register.js';
import type { StudentScope } from '../register/scope.js';

export const ISSUES_LETTERS = 'students.letters';
export type LetterKind = 'transfer' | 'leaving';

const PREFIX: Record<LetterKind, string> = { transfer: 'TL', leaving: 'LC' };

/** Letters in the school's name: each has a number of its own, is written down, and comes again only as a copy. */
export class StudentLetters {
  constructor(
    private readonly unit: Unit,
    private readonly audit: AuditTrail,
    private readonly store: LetterStore,
    private readonly school: Pick<SchoolApi, 'today' | 'nextSerial'>,
    private readonly scope: Pick<StudentScope, 'of'>,
    /** Makes the secret part of an address behind a QR. */
    private readonly newCode: () => string,
  ) {}

  /** @throws RuleBroken for a leaving certificate of a child who is still here */
  issue(actor: Actor, student: Student, kind: LetterKind, facts: LetterFacts): Promise<StudentDocument & { reference: string }> {
    demand(actor, ISSUES_LETTERS);
    if (!mayHave(kind, student.status)) {
      throw new RuleBroken(
        'not-left',
        'A leaving certificate is for a student who has left. Withdraw, transfer or graduate the student first; a transfer letter can be issued before that.',
      );
    }
    return this.unit(async () => {
      const issuedOn = await this.school.today();
      const year = issuedOn.slice(0, 4);
      const serial = await this.school.nextSerial(`letter-${kind}:${year}`);
      const reference = `${PREFIX[kind]}/${year}/${String(serial).padStart(4, '0')}`;
      const letter = {
        id: newId(),
        studentId: student.id,
        kind,
        code: this.newCode(),
        issuedOn,
        validUntil: null,
        byUserId: actor.userId,
        reference,
      };
      await this.store.insert({ ...letter, byName: actor.name, facts });
      await this.audit.record(actor, {
        action: 'students.letter.issue',
        entity: 'student',
        entityId: student.id,
        label: labelOf(student),
        after: { kind, reference, fees: facts.feesLine ?? null },
      });
      return letter;
    });
  }

  async list(actor: Actor, text: string | null, cursor: string | null, limit: number): Promise<Page<LetterLine>> {
    demand(actor, ISSUES_LETTERS);
    return this.store.list(text, await this.scope.of(actor), cursor, limit);
  }

  /** What stood on it, to be printed again under the same number. */
  copy(actor: Actor, id: string): Promise<StudentDocument & { facts: LetterFacts; withdrawnOn: string | null }> {
    demand(actor, ISSUES_LETTERS);
    return this.unit(async () => {
      const letter = await this.store.find(id, await this.scope.of(actor));
      if (!letter) throw new Missing('letter');
      if (Object.keys(letter.facts).length === 0)
        throw new RuleBroken(
          'not-kept',
          'The contents of this letter were not kept, so it can’t be printed again. Issue a new one.',
        );
      await this.audit.record(actor, {
        action: 'students.letter.copy',
        entity: 'student',
        entityId: letter.studentId,
        label: letter.reference ?? '',
        after: { kind: letter.kind, reference: letter.reference },
      });
      return letter;
    });
  }
}
