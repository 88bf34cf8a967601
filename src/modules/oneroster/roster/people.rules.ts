import type { RosterFile, RosterRow, Version } from '../format/spec.rules.js';
import type { Roster, RosterClass, RosterGuardian, RosterLearner, RosterStaff } from './roster.rules.js';

/** What the standard calls those who look after a child, and the sex that our word for them tells. */
const AGENTS: Record<string, { role: 'parent' | 'guardian' | 'relative'; sex?: 'F' | 'M' }> = {
  father: { role: 'parent', sex: 'M' },
  mother: { role: 'parent', sex: 'F' },
  guardian: { role: 'guardian' },
  sponsor: { role: 'guardian' },
};
const SEX = { F: 'female', M: 'male' } as const;

interface Adult extends RosterGuardian {
  children: string[];
}

/**
 * The people of a school, one after the other, as rows of users, roles and demographics. Learners come first, each
 * once; their guardians are gathered meanwhile and follow, since a guardian names all of their children.
 */
export class People {
  private readonly adults = new Map<string, Adult>();
  /** Stream → learners who sit in it. */
  readonly places = new Map<string, { id: string; since: string | null }[]>();

  constructor(
    private readonly roster: Roster,
    private readonly version: Version,
    private readonly gradeOf: ReadonlyMap<string, RosterClass>,
  ) {}

  *learner(one: RosterLearner): Generator<[RosterFile, RosterRow]> {
    const guardians = one.guardians.filter((guardian) => !guardian.barred);
    for (const guardian of guardians) this.gather(guardian, one.id);
    if (one.streamId) this.place(one.streamId, one);
    const grade = one.classId ? (this.gradeOf.get(one.classId)?.grade ?? '') : '';
    yield* this.user(
      one.id,
      'student',
      one.sex,
      {
        username: one.admissionNo,
        identifier: one.admissionNo,
        userIds: Object.entries(one.identifiers)
          .map(([kind, value]) => `{${kind}:${value}}`)
          .join(','),
        givenName: one.firstName,
        familyName: one.surname,
        middleName: one.middleName ?? '',
        preferredGivenName: one.preferredName ?? '',
        agentSourcedIds: guardians.map((guardian) => guardian.id).join(','),
        grades: grade,
      },
      one.bornOn,
    );
  }

  *guardians(): Generator<[RosterFile, RosterRow]> {
    for (const one of this.adults.values()) {
      const { role, sex } = AGENTS[one.relationship] ?? { role: 'relative' as const };
      yield* this.user(one.id, role, sex ?? null, {
        username: one.email ?? one.phone ?? one.id,
        email: one.email ?? '',
        sms: one.phone ?? '',
        phone: one.otherPhone ?? '',
        ...splitName(one.fullName),
        agentSourcedIds: one.children.join(','),
      });
    }
  }

  /** Who does not teach is an aide to the standard: the role with the fewest rights elsewhere. */
  *staff(one: RosterStaff): Generator<[RosterFile, RosterRow]> {
    yield* this.user(one.id, one.category === 'teaching' ? 'teacher' : 'aide', one.sex, {
      username: one.email ?? one.staffNo,
      identifier: one.staffNo,
      givenName: one.firstName,
      familyName: one.surname,
      middleName: one.middleName ?? '',
      email: one.email ?? '',
      sms: one.phone ?? '',
    });
  }

  private *user(
    id: string,
    role: string,
    sex: 'F' | 'M' | null,
    said: Record<string, string>,
    bornOn: string | null = null,
  ): Generator<[RosterFile, RosterRow]> {
    const school = this.roster.school.id;
    const about: RosterRow = this.version === '1.1' ? { role, orgSourcedIds: school } : { primaryOrgSourcedId: school };
    yield ['users', { sourcedId: id, enabledUser: 'true', ...about, ...said }];
    if (this.version === '1.2')
      yield ['roles', { sourcedId: `${id}.role`, userSourcedId: id, roleType: 'primary', role, orgSourcedId: school }];
    if (sex || bornOn) yield ['demographics', { sourcedId: id, birthDate: bornOn ?? '', sex: sex ? SEX[sex] : '' }];
  }

  private gather(guardian: RosterGuardian, childId: string): void {
    const known = this.adults.get(guardian.id);
    if (known) known.children.push(childId);
    else this.adults.set(guardian.id, { ...guardian, children: [childId] });
  }

  private place(streamId: string, one: RosterLearner): void {
    const learners = this.places.get(streamId);
    const entry = { id: one.id, since: one.placedSince };
    if (learners) learners.push(entry);
    else this.places.set(streamId, [entry]);
  }
}

/** Our register keeps a guardian's name in one piece; the last word is the family name to the standard. */
export function splitName(fullName: string): { givenName: string; familyName: string } {
  const words = fullName.trim().split(/\s+/);
  return words.length < 2
    ? { givenName: fullName, familyName: fullName }
    : { givenName: words.slice(0, -1).join(' '), familyName: words.at(-1)! };
}

/** The other way round; a name of one word stands in both halves. */
export function joinName(givenName: string, middleName: string, familyName: string): string {
  return givenName === familyName ? givenName : [givenName, middleName, familyName].filter(Boolean).join(' ');
}
