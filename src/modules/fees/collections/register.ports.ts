import { token } from '../../../kernel/shapes/tokens.js';
import type { AccountFacts, BilledFacts } from './register.rules.js';

/** A term and the day at whose end the register is read. */
export interface RegisterSpan {
  termId: string;
  startsOn: string;
  /** The terms before it. */
  earlierTermIds: readonly string[];
  on: string;
}

export interface RegisterStore {
  /** Student → the class that their bill of the term was written for. */
  placed(termId: string): Promise<Map<string, string | null>>;
  /** Students of whom the books know something until the end of this day. */
  known(on: string): Promise<string[]>;
  /** Heads on bills of the term, those that were taken back too. */
  headsOf(termId: string): Promise<string[]>;
  /** Of these students. */
  accounts(studentIds: readonly string[], span: RegisterSpan): Promise<AccountFacts[]>;
  bills(studentIds: readonly string[], span: RegisterSpan): Promise<BilledFacts[]>;
}

export const REGISTER_STORE = token<RegisterStore>('FeeRegisterStore');
