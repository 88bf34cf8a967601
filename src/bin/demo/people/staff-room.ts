import type { App } from '../../../app.js';
import type { Actor } from '../../../kernel/actor.js';
import { RUN } from '../../../kernel/shapes/command.js';
import type { Staff } from '../../../modules/hr/index.js';
import { hireStaff } from '../../../modules/hr/operations.js';
import { SCHOOL } from '../../../modules/school/index.js';
import { SUBJECTS, type ClassList, type Stream } from '../../../modules/subjects/index.js';
import { Allocations, Classes, SUBJECT_STORE } from '../../../modules/subjects/operations.js';
import { unit } from '../../../platform/db/index.js';
import { inLanes } from '../lanes.js';
import type { DemoPlan } from '../money/plans.js';
import { Random } from '../random.js';
import { staffOf } from './staff.js';

export interface StaffRoom {
  /** In the order in which they were hired. */
  all: Staff[];
  classTeachers: Map<string, Staff>;
  others: Staff[];
}

/** Staff, a class teacher for each stream, and who teaches what. */
export async function fillStaffRoom(app: App, actor: Actor, plan: DemoPlan): Promise<StaffRoom> {
  const get = app.container.get.bind(app.container);
  const list = await get(SUBJECTS).classList();
  const today = await get(SCHOOL).today();
  const people = staffOf(
    new Random(plan.seed + 1),
    plan.country,
    `${plan.subdomain}.example`,
    { teachers: LEADERS + list.streams.length + plan.moreTeachers, others: plan.others },
    today,
  );
  const all = await unit(async () => {
    const hired: Staff[] = [];
    for (const person of people) hired.push(await get(RUN)(actor, hireStaff, { ...person, staffNo: null }));
    return hired;
  });
  const classTeachers = new Map(list.streams.map((stream, index) => [stream.id, all[LEADERS + index]!]));
  const subjectTeachers = all.slice(LEADERS + list.streams.length, LEADERS + list.streams.length + plan.moreTeachers);
  await inLanes(app, list.streams, (stream) =>
    app.run(() => giveTeachers(app, actor, list, stream, classTeachers, subjectTeachers)),
  );
  return { all, classTeachers, others: all.filter((one) => one.category === 'non-teaching') };
}

/** Head, deputy and senior teacher have no class of their own. */
const LEADERS = 3;
/** Learners to a room. */
const SEATS = 30;
const SUBJECTS_A_STREAM = 9;

/** In the lower classes the class teacher teaches everything; above, each subject has a teacher. */
async function giveTeachers(
  app: App,
  actor: Actor,
  list: ClassList,
  stream: Stream,
  classTeachers: ReadonlyMap<string, Staff>,
  subjectTeachers: readonly Staff[],
): Promise<void> {
  const get = app.container.get.bind(app.container);
  const own = list.classes.find((one) => one.id === stream.classId)!;
  const at = list.streams.indexOf(stream);
  const fromOn = (await get(SCHOOL).currentYear()).terms[0]!.startsOn;
  const teacher = classTeachers.get(stream.id)!;
  const taught = (await get(SUBJECT_STORE).list()).filter(
    (subject) => subject.kind === 'compulsory' && subject.choice === null && subject.classIds.includes(own.id),
  );
  const staff = [teacher, ...subjectTeachers];
  const together = own.level === 'pre-primary' || own.level === 'primary';
  await unit(async () => {
    const { name, order, campus, version } = stream;
    await get(Classes).changeStream(actor, stream.id, version, {
      name,
      order,
      campus,
      capacity: SEATS,
      classTeacherId: teacher.id,
      room: `Room ${at + 1}`,
    });
    for (const [index, subject] of taught.slice(0, SUBJECTS_A_STREAM).entries()) {
      const staffId = (together ? teacher : staff[(index + at) % staff.length]!).id;
      await get(Allocations).allocate(actor, {
        subjectId: subject.id,
        streamId: stream.id,
        staffId,
        periods: subject.periods ?? 4,
        fromOn,
        toOn: null,
        replaces: null,
      });
    }
  });
}
