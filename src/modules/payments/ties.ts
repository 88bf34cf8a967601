import type { StudentTies } from '../students/index.js';
import type { LinkStore, PromptStore } from './ports.js';

/** What of payments hangs on a child: prompts that were sent for it and links to pay by. Money itself hangs on fees. */
export class PaymentTies implements StudentTies {
  constructor(
    private readonly prompts: Pick<PromptStore, 'countOf' | 'holders' | 'moveStudent'>,
    private readonly links: Pick<LinkStore, 'moveStudent'>,
  ) {}

  async obstaclesToRemoval(studentId: string): Promise<string[]> {
    const count = await this.prompts.countOf(studentId);
    return count === 0 ? [] : [count === 1 ? 'a payment prompt' : `${count} payment prompts`];
  }

  withRecords(studentIds: readonly string[]): Promise<string[]> {
    return this.prompts.holders(studentIds);
  }

  async moveTo(fromStudentId: string, toStudentId: string): Promise<void> {
    await this.prompts.moveStudent(fromStudentId, toStudentId);
    await this.links.moveStudent(fromStudentId, toStudentId);
  }

  yearResults = async (): Promise<Map<string, number>> => new Map();

  yearHasMarks = async (): Promise<boolean> => false;
}
