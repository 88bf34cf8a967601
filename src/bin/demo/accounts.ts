import { randomBytes } from 'node:crypto';
import type { App } from '../../app.js';
import type { Actor } from '../../kernel/actor.js';
import { spokenName } from '../../kernel/people/names.js';
import type { Staff } from '../../modules/hr/index.js';
import { IDENTITY, type NewAccount } from '../../modules/identity/index.js';
import { SUBJECTS } from '../../modules/subjects/index.js';
import { Guardians } from '../../modules/students/operations.js';
import type { RoleName } from '../../platform/module.js';
import { inLanes } from './lanes.js';
import type { DemoPlan } from './money/plans.js';
import type { Registered } from './people/register-builder.js';
import type { StaffRoom } from './people/staff-room.js';

export interface DemoLogin {
  role: RoleName;
  email: string;
  password: string;
  totp_secret?: string;
}

interface Holder {
  role: RoleName;
  name: string;
  person: NewAccount['person'];
}

/** Setting by which the launcher hands on the passwords of a demo school that is built anew: `{ email: password }`. */
export const KEPT_PASSWORDS = 'AIMS_DEMO_PASSWORDS';

/** One account for each role, each of somebody of the school; `kept` passwords stay, others are made. */
export async function giveAccounts(
  app: App,
  actor: Actor,
  plan: DemoPlan,
  staffRoom: StaffRoom,
  registered: readonly Registered[],
  kept: Record<string, string> = {},
): Promise<DemoLogin[]> {
  const identity = app.container.get(IDENTITY);
  const holders = [...(await staffHolders(app, staffRoom)), ...(await familyHolders(app, registered))];
  return inLanes(app, holders, ({ role, name, person }) =>
    app.run(async () => {
      const email = `${role}@${plan.subdomain}.example`;
      const login = { role, email, password: kept[email] ?? randomBytes(9).toString('base64url') };
      const { userId } = await identity.createAccount({
        name,
        email: login.email,
        person,
        roles: [role],
        by: { password: login.password },
        actor,
      });
      return (await identity.needsSecondStep([role]))
        ? { ...login, totp_secret: await identity.enrolFactor(userId, actor) }
        : login;
    }),
  );
}

async function staffHolders(app: App, { all, classTeachers, others }: StaffRoom): Promise<Holder[]> {
  const { streams } = await app.container.get(SUBJECTS).classList();
  const jobs: Partial<Record<RoleName, Staff | undefined>> = {
    head: all[0],
    administrator: all[1],
    registrar: ofJob(others, 'Registrar'),
    bursar: ofJob(others, 'Bursar'),
    'class-teacher': classTeachers.get(streams[Math.floor(streams.length / 2)]!.id),
    teacher: all.findLast((one) => one.category === 'teaching'),
    'hr-officer': ofJob(others, 'Human resources officer'),
    librarian: ofJob(others, 'Librarian'),
    nurse: ofJob(others, 'School nurse'),
    caterer: ofJob(others, 'Catering manager'),
  };
  const employed = Object.entries(jobs).map(([role, one]): Holder => ({
    role: role as RoleName,
    name: spokenName(one!),
    person: { kind: 'staff', id: one!.id },
  }));
  return [
    { role: 'owner', name: 'Board of Management', person: null },
    ...employed,
    { role: 'auditor', name: 'External Auditor', person: null },
  ];
}

function ofJob(staff: readonly Staff[], job: string): Staff | undefined {
  return staff.find((one) => one.job === job);
}

/** A parent of several children here, and one of the oldest learners. */
async function familyHolders(app: App, registered: readonly Registered[]): Promise<Holder[]> {
  const here = registered.filter(({ child }) => child.exit === null && !child.suspended);
  const parent = here.find(
    ({ family }) =>
      family.children.filter((child) => child.exit === null).length > 1 && family.guardians[0]!.relationship === 'mother',
  )!.family.guardians[0]!;
  const known = (await app.container.get(Guardians).knownWith(parent.phone!)).find((one) => one.fullName === parent.fullName);
  const oldest = here.reduce((one, other) => (other.child.bornOn < one.child.bornOn ? other : one));
  return [
    { role: 'guardian', name: parent.fullName, person: { kind: 'guardian', id: known!.id } },
    { role: 'student', name: spokenName(oldest.child), person: { kind: 'student', id: oldest.id } },
  ];
}
