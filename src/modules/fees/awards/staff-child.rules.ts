/** What a guardian and somebody who works here can be known to share. */
export interface Reachable {
  /** As the register keeps them: `+254712345678`. */
  phones: readonly (string | null)[];
  email: string | null;
  nationalId: string | null;
}

export interface Employee extends Reachable {
  name: string;
  staffNo: string;
}

/** Why a child counts as a child of staff. */
export interface StaffParent {
  guardian: string;
  staffNo: string;
  by: 'national id' | 'phone' | 'email';
}

/** The first guardian who works here: the same person by the national id, else by a phone, else by an email. Names say nothing. */
export function staffParent(
  guardians: readonly (Reachable & { fullName: string })[],
  staff: readonly Employee[],
): StaffParent | null {
  for (const guardian of guardians) {
    for (const by of ['national id', 'phone', 'email'] as const) {
      const found = staff.find((one) => shared(one, guardian, by));
      if (found) return { guardian: guardian.fullName, staffNo: found.staffNo, by };
    }
  }
  return null;
}

function shared(one: Reachable, other: Reachable, by: StaffParent['by']): boolean {
  const marks = (of: Reachable): string[] =>
    (by === 'phone' ? of.phones : [by === 'email' ? of.email : of.nationalId])
      .map((mark) => (mark ?? '').toLowerCase().replace(/\s/g, ''))
      .filter(Boolean);
  const theirs = new Set(marks(other));
  return marks(one).some((mark) => theirs.has(mark));
}
