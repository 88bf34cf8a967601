import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { aSchool, type SchoolUnderTest } from '../../support/app.js';
import type { Browser } from '../../support/browser.js';
import { countRows, sql } from '../../support/database/sql.js';
import { act, check, parts } from './pages.js';
import { skuli } from './skuli.js';
import { archive, zipOf } from './support.js';

type Files = Record<string, string[]>;
const bundle = (files: Files, more: { mark?: boolean; folder?: string } = {}): Promise<Buffer> =>
  archive(
    Object.entries(files).map(
      ([name, lines]) => [`${more.folder ?? ''}${name}`, `${more.mark ? '\ufeff' : ''}${lines.join('\r\n')}\r\n`] as const,
    ),
  );

interface Foreign {
  files: Files;
  how?: { mark?: boolean; folder?: string };
  students: number;
  staff: number;
  said: RegExp[];
  surnames: string[];
}

/** Bundles of systems that write part of the standard only; each is made after what such a system exports. */
const BUNDLES: Record<string, Foreign> = {
  'without a manifest, in a folder, with a byte order mark': {
    students: 2,
    staff: 1,
    surnames: ['Kariuki', 'Naliaka'],
    how: { mark: true, folder: 'oneroster-export-2026/' },
    said: [/There is no manifest\.csv in the archive\. It is read as a full OneRoster 1\.1 bundle/],
    files: {
      'orgs.csv': ['sourcedId,status,dateLastModified,name,type,identifier,parentSourcedId', 'p1,,,Pwani School,school,,'],
      'users.csv': [
        'sourcedId,status,dateLastModified,enabledUser,orgSourcedIds,role,username,userIds,givenName,familyName,middleName,identifier,email,sms,phone,agentSourcedIds,grades,password',
        'pa,,,true,p1,student,x,,Brian,Kariuki,,PW/1,,,,,07,',
        'pb,,,true,p1,student,x,,Mercy,Naliaka,,PW/2,,,,,07,',
        'pt,,,true,p1,teacher,y,,Rose,Auma,,PW-T1,,,,,,',
      ],
      'demographics.csv': ['sourcedId,status,dateLastModified,birthDate,sex', 'pa,,,2013-05-04,male', 'pb,,,2013-07-09,female'],
    },
  },
  'without organisations, with semicolons': {
    students: 1,
    staff: 1,
    surnames: ['Boateng'],
    said: [/There is no orgs\.csv in the archive: everything in it is read as belonging to this school/],
    files: {
      'manifest.csv': ['propertyName;value', 'oneroster.version;1.1', 'file.users;bulk', 'source.systemName;Adehye'],
      'users.csv': [
        'sourcedId;enabledUser;orgSourcedIds;role;username;givenName;familyName;identifier;grades',
        'ga;true;gone;student;x;Kojo;Boateng;AD/1;07',
        'gt;true;gone;teacher;y;Efua;Asante;AD-T1;',
      ],
      'demographics.csv': ['sourcedId;birthDate;sex', 'ga;2013-02-01;male'],
    },
  },
  'of students alone, with neither roles nor organisations nor a manifest': {
    students: 2,
    staff: 0,
    surnames: ['Nabwire', 'Ssali'],
    said: [/Neither users\.csv nor a roles\.csv says who is a student/, /There is no orgs\.csv/],
    files: {
      'users.csv': [
        'sourcedId,givenName,familyName,identifier,grades',
        'sa,Joan,Nabwire,UG/1,07',
        'sb,Paul,Ssali,UG/2,07',
        'sx,Nobody,Knows,UG/3,',
      ],
      'demographics.csv': ['sourcedId,birthDate,sex', 'sa,2013-01-05,female', 'sb,2013-03-05,male'],
    },
  },
  '1.2 by its roles.csv, with no manifest and an organisation that nobody lists': {
    students: 1,
    staff: 1,
    surnames: ['Adeleke'],
    said: [/read as a full OneRoster 1\.2 bundle/],
    files: {
      'users.csv': [
        'sourcedId,enabledUser,username,givenName,familyName,identifier,grades',
        'na,true,x,Bola,Adeleke,NG/1,07',
        'nt,true,y,Femi,Ojo,NG-T1,',
      ],
      'roles.csv': [
        'sourcedId,userSourcedId,roleType,role,orgSourcedId',
        'r1,na,primary,student,lost',
        'r2,nt,primary,teacher,lost',
      ],
      'demographics.csv': ['sourcedId,birthDate,sex', 'na,2013-09-05,female'],
    },
  },
  '1.1 by its manifest and with a roles.csv, and roles from who sits in which class': {
    students: 1,
    staff: 1,
    surnames: ['Dlamini'],
    said: [/says it is OneRoster 1\.2 but has no roles\.csv/, /Anyone who teaches a class is read as a teacher/],
    files: {
      'manifest.csv': ['propertyName,value', 'oneroster.version,1.2', 'file.users,bulk', 'source.systemName,Zizi'],
      'orgs.csv': ['sourcedId,name,type', 'z,Zizi School,school'],
      'users.csv': [
        'sourcedId,enabledUser,givenName,familyName,identifier',
        'za,true,Sipho,Dlamini,ZA/1',
        'zt,true,Nomsa,Khumalo,ZA-T1',
      ],
      'demographics.csv': ['sourcedId,birthDate,sex', 'za,2013-09-05,male'],
      'courses.csv': ['sourcedId,title,courseCode,grades,orgSourcedId', 'zc,Grade 7,G7,07,z'],
      'classes.csv': [
        'sourcedId,title,grades,courseSourcedId,classType,schoolSourcedId,termSourcedIds',
        'zh,7 East,07,zc,homeroom,z,',
      ],
      'enrollments.csv': [
        'sourcedId,classSourcedId,schoolSourcedId,userSourcedId,role',
        'z1,zh,z,za,student',
        'z2,zh,z,zt,teacher',
      ],
    },
  },
};

describe('bundles that lack a part of the standard', () => {
  let school: SchoolUnderTest;
  let head: Browser;
  before(async () => {
    school = await aSchool({
      background: true,
      classes: [
        { name: 'Grade 7', streams: ['East', 'West'] },
        { name: 'Grade 8', streams: ['East', 'West'] },
      ],
    });
    head = await school.as('head', 'administrator');
  });
  after(() => school?.stop());

  for (const [what, { files, how, students, staff, said, surnames }] of Object.entries(BUNDLES)) {
    it(`${what} bring their people`, async () => {
      const seen = await check(head, await bundle(files, how));
      assert.equal(seen.status, 'checked', seen.text.slice(0, 1500));
      for (const pattern of said) assert.match(seen.text, pattern);
      assert.equal(parts(seen.html).Students?.[0], students, seen.text.slice(0, 3000));
      assert.equal(parts(seen.html).Staff?.[0] ?? 0, staff, seen.text.slice(0, 3000));
      assert.equal((await act(head, seen.path, 'commit')).status, 'done');
      const found = await sql(school.database, 'select surname from students where surname = any($1::text[]) order by 1', [
        surnames,
      ]);
      assert.deepEqual(
        found.map((one) => one.surname),
        [...surnames].sort(),
      );
    });
  }

  it('without users say so in one sentence, and bring classes and subjects all the same', async () => {
    const before = await countRows(school.database, 'students');
    const seen = await check(head, await zipOf('1.1', skuli('1.1'), { 'users.csv': null }));
    assert.equal(seen.status, 'checked', seen.text.slice(0, 1500));
    assert.match(seen.text, /There is no users\.csv in the archive: no people are imported, only years, classes and courses\./);
    assert.doesNotMatch(seen.text, /which is not in users\.csv/);
    assert.equal((await act(head, seen.path, 'commit')).status, 'done');
    assert.equal(await countRows(school.database, 'students'), before);
    assert.equal((await sql(school.database, "select 1 from subjects where name = 'Robotics'")).length, 1);
  });

  it('whose list of schools can’t be read are taken for this school', async () => {
    const seen = await check(
      head,
      await zipOf('1.1', skuli('1.1'), { 'orgs.csv': 'sourcedId,status,dateLastModified,type\r\norg1,,,school\r\n' }),
    );
    assert.equal(seen.status, 'checked', seen.text.slice(0, 1500));
    assert.match(seen.text, /orgs\.csv can’t be read: everything in it is read as belonging to this school/);
    assert.equal(parts(seen.html).Students?.[0], 40, seen.text.slice(0, 3000));
  });
});
