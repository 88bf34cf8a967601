import { grouped } from '../../../kernel/groups.js';

/** What the books say of one student's account around a term, in minor units; above zero it is owed. */
export interface AccountFacts {
  studentId: string;
  /** Before the term begins. */
  beforeMinor: number;
  /** Bills of earlier terms, notes about them and balances of the old books that were written since. */
  arrearsMinor: number;
  /** What came in from the first day of the term, less what was taken back; above zero. */
  paidMinor: number;
  balanceMinor: number;
}

/** What bills of the term come to for one student and head. */
export interface BilledFacts {
  studentId: string;
  headId: string;
  /** A discount, or what a sponsor pays instead. */
  award: boolean;
  minor: number;
  /** Of it what counts before the term begins: bills that are written ahead. */
  earlyMinor: number;
}

export interface RegisterSums {
  /** What is owed of the time before the term, whenever it was written; without bills of this term that were written ahead. */
  forwardMinor: number;
  /** By head, with the notes that correct it. */
  billed: Readonly<Record<string, number>>;
  /** What is taken off, above zero. */
  awardsMinor: number;
  /** All else: refunds, bills of later terms, moves between accounts. */
  otherMinor: number;
  paidMinor: number;
  balanceMinor: number;
}

export interface RegisterRow extends RegisterSums {
  studentId: string;
}

/** A line for each of these students, also for those of whom the books know nothing. */
export function registerRows(
  studentIds: readonly string[],
  accounts: readonly AccountFacts[],
  bills: readonly BilledFacts[],
): RegisterRow[] {
  const account = new Map(accounts.map((one) => [one.studentId, one]));
  const own = grouped(bills, (one) => one.studentId);
  return studentIds.map((studentId) => {
    const { beforeMinor, arrearsMinor, paidMinor, balanceMinor } = account.get(studentId) ?? {
      beforeMinor: 0,
      arrearsMinor: 0,
      paidMinor: 0,
      balanceMinor: 0,
    };
    const billed: Record<string, number> = {};
    let [awardsMinor, billedMinor, earlyMinor] = [0, 0, 0];
    for (const { headId, award, minor, earlyMinor: early } of own.get(studentId) ?? []) {
      earlyMinor += early;
      if (award) awardsMinor -= minor;
      else {
        billed[headId] = (billed[headId] ?? 0) + minor;
        billedMinor += minor;
      }
    }
    const forwardMinor = beforeMinor - earlyMinor + arrearsMinor;
    return {
      studentId,
      forwardMinor,
      billed,
      awardsMinor,
      otherMinor: balanceMinor - (forwardMinor + billedMinor - awardsMinor - paidMinor),
      paidMinor,
      balanceMinor,
    };
  });
}

export function registerSums(rows: readonly RegisterSums[]): RegisterSums {
  const sum = (of: (row: RegisterSums) => number): number => rows.reduce((total, row) => total + of(row), 0);
  const billed: Record<string, number> = {};
  for (const row of rows) for (const [head, minor] of Object.entries(row.billed)) billed[head] = (billed[head] ?? 0) + minor;
  return {
    forwardMinor: sum((row) => row.forwardMinor),
    billed,
    awardsMinor: sum((row) => row.awardsMinor),
    otherMinor: sum((row) => row.otherMinor),
    paidMinor: sum((row) => row.paidMinor),
    balanceMinor: sum((row) => row.balanceMinor),
  };
}
