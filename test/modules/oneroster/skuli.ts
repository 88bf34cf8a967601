import type { Bundle } from './support.js';
import type { RosterRow, Version } from '../../../src/modules/oneroster/format/spec.rules.js';

const GRADES = ['07', '08'];
const ROOMS = ['East', 'West'];
const GIRLS = ['Amina', 'Wanjiru', 'Akinyi', 'Nekesa', 'Zawadi'];
const BOYS = ['Baraka', 'Kamau', 'Otieno', 'Wafula', 'Hamisi'];
const FAMILIES = ['Mwangi', 'Ochieng', 'Barasa', 'Kiprop', 'Njoroge', 'Mutiso', 'Chebet', 'Omondi', 'Wekesa', 'Hassan'];

/** A small school as another system writes it: two grades with two homerooms, ten learners each, four teachers. */
export function skuli(version: Version): Bundle {
  const users: RosterRow[] = [];
  const roles: RosterRow[] = [];
  const person = (row: RosterRow, role: string): void => {
    const about: RosterRow = version === '1.1' ? { role, orgSourcedIds: 'org1' } : { primaryOrgSourcedId: 'org1' };
    users.push({ enabledUser: 'true', username: row.sourcedId!, ...about, ...row });
    if (version === '1.2')
      roles.push({
        sourcedId: `${row.sourcedId!}-r`,
        userSourcedId: row.sourcedId!,
        roleType: 'primary',
        role,
        orgSourcedId: 'org1',
      });
  };
  const enrollments: RosterRow[] = [];
  const enrol = (classId: string, userId: string, role: string, more: RosterRow = {}): void =>
    void enrollments.push({
      sourcedId: `${classId}-${userId}`,
      classSourcedId: classId,
      schoolSourcedId: 'org1',
      userSourcedId: userId,
      role,
      primary: 'false',
      ...more,
    });
  const classes: RosterRow[] = [];
  const demographics: RosterRow[] = [];
  const courses: RosterRow[] = [
    ...GRADES.map((grade): RosterRow => ({
      sourcedId: `c-${grade}`,
      title: `Grade ${Number(grade)}`,
      courseCode: `G${Number(grade)}`,
      grades: grade,
      orgSourcedId: 'org1',
    })),
    {
      sourcedId: 'c-mat',
      title: 'Mathematics',
      courseCode: 'MATH',
      grades: '07,08',
      orgSourcedId: 'org1',
      subjects: 'Mathematics',
    },
    { sourcedId: 'c-rob', title: 'Robotics', courseCode: 'ROB', grades: '07', orgSourcedId: 'org1', subjects: 'Technical' },
  ];
  let count = 0;
  for (const grade of GRADES) {
    for (const room of ROOMS) {
      const id = `h-${grade}-${room}`;
      const common = { grades: grade, schoolSourcedId: 'org1', termSourcedIds: 't1,t2', location: `Block ${room}` };
      classes.push({
        ...common,
        sourcedId: id,
        title: `${Number(grade)} ${room}`,
        courseSourcedId: `c-${grade}`,
        classType: 'homeroom',
        classCode: id,
      });
      classes.push({
        ...common,
        sourcedId: `m-${grade}-${room}`,
        title: `Maths ${Number(grade)} ${room}`,
        courseSourcedId: 'c-mat',
        classType: 'scheduled',
      });
      const teacher = `t-${grade}-${room}`;
      person(
        {
          sourcedId: teacher,
          givenName: BOYS[count % 5]!,
          familyName: `Mwalimu${room}`,
          identifier: `S/${grade}/${room.charAt(0)}`,
          email: `${teacher.toLowerCase()}@skuli.test`,
          sms: '0722 100 20' + (count % 10),
        },
        'teacher',
      );
      enrol(id, teacher, 'teacher', { primary: 'true' });
      enrol(`m-${grade}-${room}`, teacher, 'teacher', { primary: 'true' });
      for (let seat = 0; seat < 10; seat += 1) {
        count += 1;
        const child = `s-${count}`;
        const girl = seat % 2 === 0;
        const family = FAMILIES[seat]!;
        const parent = `p-${grade}-${seat}`;
        person(
          {
            sourcedId: child,
            givenName: (girl ? GIRLS : BOYS)[count % 5]!,
            familyName: family,
            middleName: room === 'East' ? 'A.' : '',
            identifier: `SK/${2000 + count}`,
            grades: grade,
            agentSourcedIds: parent,
            userIds: `{upi:UPI${1000 + count}}`,
          },
          'student',
        );
        demographics.push({
          sourcedId: child,
          birthDate: `20${grade === '07' ? '13' : '12'}-0${1 + (count % 9)}-1${count % 9}`,
          sex: girl ? 'female' : 'male',
        });
        enrol(id, child, 'student', { beginDate: '2026-01-12' });
        enrol(`m-${grade}-${room}`, child, 'student');
      }
    }
    for (const [seat, family] of FAMILIES.entries()) {
      person(
        {
          sourcedId: `p-${grade}-${seat}`,
          givenName: 'Grace',
          familyName: family,
          sms: `+2547331${grade}${String(seat).padStart(3, '0')}`.slice(0, 13),
          agentSourcedIds: '',
        },
        'parent',
      );
      demographics.push({ sourcedId: `p-${grade}-${seat}`, sex: 'female' });
    }
  }
  classes.push({
    sourcedId: 'r-07',
    title: 'Robotics club',
    grades: '07',
    courseSourcedId: 'c-rob',
    classType: 'scheduled',
    schoolSourcedId: 'org1',
    termSourcedIds: 't1',
  });
  enrol('r-07', 't-07-East', 'teacher', { primary: 'true' });
  for (let one = 1; one <= 4; one += 1) enrol('r-07', `s-${one}`, 'student');
  return {
    orgs: [
      { sourcedId: 'd1', name: 'County', type: 'district' },
      { sourcedId: 'org1', name: 'Skuli Academy', type: 'school', identifier: '123', parentSourcedId: 'd1' },
    ],
    academicSessions: [
      { sourcedId: 'y1', title: '2027', type: 'schoolYear', startDate: '2027-01-04', endDate: '2027-11-26', schoolYear: '2027' },
      {
        sourcedId: 't1',
        title: 'Term 1',
        type: 'term',
        startDate: '2027-01-04',
        endDate: '2027-04-09',
        parentSourcedId: 'y1',
        schoolYear: '2027',
      },
      {
        sourcedId: 't2',
        title: 'Term 2',
        type: 'term',
        startDate: '2027-05-03',
        endDate: '2027-08-06',
        parentSourcedId: 'y1',
        schoolYear: '2027',
      },
    ],
    courses,
    classes,
    users,
    enrollments,
    demographics,
    ...(version === '1.2' ? { roles } : {}),
  };
}
