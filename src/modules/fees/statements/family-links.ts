import type { Actor } from '../../../kernel/actor.js';
import type { AllPayPages, FeeStatements } from './statements.js';

/** The address in a message to a family. */
export interface FamilyLink {
  /** Whether one can pay there. */
  pays: boolean;
  /** As long as any, so that it costs the same; nobody can read anything by it. */
  sample: string;
  /** One for the family of each of these students. Joins the caller's transaction. @returns student → address */
  give(studentIds: readonly string[]): Promise<ReadonlyMap<string, string>>;
}

/** Addresses that families find in messages. */
export class FamilyLinks {
  constructor(
    private readonly shared: Pick<FeeStatements, 'shareAll'>,
    private readonly pages: AllPayPages,
    private readonly secrets: { newToken(): string },
    private readonly publicUrl: string,
  ) {}

  toStatement(actor: Actor): FamilyLink {
    const addressOf = (token: string): string => `${this.publicUrl}/statement/${token}`;
    return {
      pays: false,
      sample: addressOf(this.secrets.newToken()),
      give: async (studentIds) =>
        new Map([...(await this.shared.shareAll(actor, studentIds))].map(([id, token]) => [id, addressOf(token)])),
    };
  }

  /** To a page on which the family pays and finds its statement; where there is none, to the statement. */
  async toPay(actor: Actor): Promise<FamilyLink> {
    for (const page of this.pages()) {
      const sample = await page.sample(actor);
      if (sample !== null) return { pays: true, sample, give: (studentIds) => page.giveAll(actor, studentIds) };
    }
    return this.toStatement(actor);
  }
}
