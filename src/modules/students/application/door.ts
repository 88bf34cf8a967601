import type { Actor } from '../../../kernel/actor.js';
import type { StudentBrief, StudentsApi } from '../index.js';
import type { Scope, StudentOnFile, StudentStore } from '../ports.js';
import type { StudentScope } from './scope.js';

export class StudentsDoor implements StudentsApi {
  constructor(
    private readonly students: StudentStore,
    private readonly scope: StudentScope,
    private readonly files: (scope: Scope) => AsyncIterable<StudentOnFile>,
  ) {}

  async briefs(actor: Actor, ids: readonly string[]): Promise<StudentBrief[]> {
    return this.students.briefs({ ids }, await this.scope.of(actor));
  }

  async byPaymentNo(paymentNo: string): Promise<StudentBrief | null> {
    return (await this.students.briefs({ paymentNo }, { kind: 'all' }))[0] ?? null;
  }

  inStream(streamId: string): Promise<StudentBrief[]> {
    return this.students.briefs({ streamId }, { kind: 'all' });
  }

  async *onFile(actor: Actor): AsyncGenerator<StudentOnFile> {
    yield* this.files(await this.scope.of(actor));
  }
}
