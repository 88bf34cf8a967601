import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { aSchool, type SchoolUnderTest } from '../../support/app.js';
import type { Browser } from '../../support/browser.js';
import { sql } from '../../support/database/sql.js';
import { act, check, parts } from './pages.js';
import { archive } from './support.js';

type Files = Record<string, string[]>;
const bundle = (files: Files): Promise<Buffer> =>
  archive(Object.entries(files).map(([name, lines]) => [name, `${lines.join('\r\n')}\r\n`] as const));

/** Bundles as other systems write them: each departs from the standard in ways of its own. */
const BUNDLES: Record<string, { files: Files; students: number; staff: number; said: RegExp[] }> = {
  'words in capitals, departments as organisations, own headings, an empty manifest value': {
    students: 2,
    staff: 1,
    said: [/no heading "SchoolCode" here/],
    files: {
      'manifest.csv': [
        'propertyName,value',
        'manifest.version,1.0',
        'oneroster.version,1.1',
        'file.orgs,bulk',
        'file.users,bulk',
        'file.results,',
        'file.classes,bulk',
        'file.courses,bulk',
        'file.enrollments,bulk',
        'file.demographics,BULK',
        'source.systemName,Power SIS',
      ],
      'orgs.csv': [
        'sourcedId,status,dateLastModified,name,type,identifier,parentSourcedId,SchoolCode',
        'd,Active,2026-01-01T00:00:00.000Z,County,District,,,',
        's,Active,2026-01-01T00:00:00.000Z,Hill School,School,,d,77',
        'sc,Active,,Sciences,Department,,s,',
        'x,Active,,Annex,Campus,,s,',
      ],
      'users.csv': [
        'sourcedId,status,dateLastModified,enabledUser,orgSourcedIds,role,username,userIds,givenName,familyName,middleName,identifier,email,sms,phone,agentSourcedIds,grades,password',
        't1,ACTIVE,,TRUE,sc,Teacher,jm,,Jane,Mwalimu,,T-1,,,,,,',
        'u1,ACTIVE,,TRUE,s,Student,ah,,Ann,Hassan,,PS/1,,,,,07,',
        'u2,ACTIVE,,True,sc,STUDENT,bk,,Ben,Kiptoo,,PS/2,,,,,07,',
        'u3,ACTIVE,,FALSE,s,Student,gone,,Gone,Long,,PS/3,,,,,07,',
      ],
      'demographics.csv': ['sourcedId,status,dateLastModified,birthDate,sex', 'u1,,,2013-05-04,Female', 'u2,,,05/14/2013,Male'],
      'courses.csv': [
        'sourcedId,status,dateLastModified,schoolYearSourcedId,title,courseCode,grades,orgSourcedId,subjects,subjectCodes',
        'c0,,,,Grade 7,G7,07,s,,',
        'c1,,,,Mathematics (old),MTH,07,sc,,',
        'c2,,,,Mathematics (new),MTH,07,sc,,',
      ],
      'classes.csv': [
        'sourcedId,status,dateLastModified,title,grades,courseSourcedId,classCode,classType,location,schoolSourcedId,termSourcedIds,subjects,subjectCodes,periods',
        'h,,,7 East,07,c0,,HomeRoom,,s,,,,',
        'm,,,Maths 7,07,c1,,Scheduled,,sc,,,,',
        'n,,,Maths 7 new,07,c2,,Scheduled,,sc,,,,',
      ],
      'enrollments.csv': [
        'sourcedId,status,dateLastModified,classSourcedId,schoolSourcedId,userSourcedId,role,primary,beginDate,endDate',
        'e1,,,h,s,u1,Student,FALSE,,',
        'e2,,,h,s,u2,Student,FALSE,,',
        'e3,,,m,sc,u1,Student,,,',
        'e4,,,m,sc,t1,Teacher,TRUE,,',
      ],
    },
  },
  '1.2 with roles in capitals, and years as 2025-2026': {
    students: 1,
    staff: 1,
    said: [],
    files: {
      'manifest.csv': [
        'propertyName,value',
        'manifest.version,1.0',
        'oneroster.version,1.2',
        'file.academicSessions,bulk',
        'file.orgs,bulk',
        'file.users,bulk',
        'file.roles,bulk',
        'file.demographics,bulk',
        'file.categories,absent',
        'source.systemName,',
        'source.systemCode,CAMP',
      ],
      'orgs.csv': ['sourcedId,status,dateLastModified,name,type,identifier,parentSourcedId', 'cs,,,Campus High,school,,'],
      'academicSessions.csv': [
        'sourcedId,status,dateLastModified,title,type,startDate,endDate,parentSourcedId,schoolYear',
        'y,,,2019/20,SchoolYear,2019-08-01T00:00:00,2020-06-30T00:00:00,,2019-2020',
      ],
      'users.csv': [
        'sourcedId,status,dateLastModified,enabledUser,username,userIds,givenName,familyName,middleName,identifier,email,sms,phone,agentSourcedIds,grades,password,userMasterIdentifier',
        'cu1,,,true,a,,Chidi,Okoro,,CM/1,,,,,7,,',
        'ct1,,,true,b,,Tola,Ade,,CT-1,,,,,,,',
      ],
      'roles.csv': [
        'sourcedId,status,dateLastModified,userSourcedId,roleType,role,beginDate,endDate,orgSourcedId,userProfileSourcedId',
        'r1,,,cu1,Primary,Student,,,cs,',
        'r2,,,ct1,PRIMARY,Teacher,,,cs,',
      ],
      'demographics.csv': ['sourcedId,status,dateLastModified,birthDate,sex', 'cu1,,,2013/02/03,M'],
    },
  },
  'headings in small letters, lists with semicolons, days without hyphens, no ids of enrolments': {
    students: 1,
    staff: 0,
    said: [/heading "sourcedid" should be written "sourcedId"/],
    files: {
      'manifest.csv': [
        'PropertyName,Value',
        'oneroster.version,v1p1',
        'file.orgs,Bulk',
        'file.users,yes',
        'source.systemName,Sky',
      ],
      'orgs.csv': ['sourcedid,name,type', 'k,Sky School,SCHOOL', 'k2,Other,District'],
      'users.csv': [
        'sourcedid,enableduser,orgsourcedids,role,username,givenname,familyname,identifier,sms,agentsourcedids,grades',
        'ka,1,k;k2,student,x,Kofi,Mensah,SY/1,,kg,7',
        'kg,1,k,parent,y,Esi,Mensah,,0722481903,ka,',
      ],
      'demographics.csv': ['sourcedid,birthdate,sex', 'ka,20130607,male'],
      'enrollments.csv': ['classsourcedid,usersourcedid,role', 'nowhere,ka,student'],
    },
  },
  '1.2 with the role beside each person and no roles.csv': {
    students: 1,
    staff: 1,
    said: [/has no roles\.csv; roles are read from users\.csv/],
    files: {
      'manifest.csv': [
        'propertyName,value',
        'oneroster.version,1.2',
        'file.orgs,bulk',
        'file.users,bulk',
        'file.roles,absent',
        'source.systemName,Link',
      ],
      'orgs.csv': ['sourcedId,status,dateLastModified,name,type,identifier,parentSourcedId', 'l,,,Link School,school,,'],
      'users.csv': [
        'sourcedId,status,dateLastModified,enabledUser,orgSourcedIds,role,username,userIds,givenName,familyName,middleName,identifier,email,sms,phone,agentSourcedIds,grades,password',
        'la,,,true,l,student,x,,Lulu,Banda,,LK/1,,,,,7,',
        'lt,,,true,l,teacher,y,,Leo,Phiri,,LT-1,,,,,,',
      ],
      'demographics.csv': ['sourcedId,status,dateLastModified,birthDate,sex', 'la,,,2013-01-02,female'],
    },
  },
  'people without an organisation, in a bundle of one school; no version in the manifest': {
    students: 1,
    staff: 1,
    said: [],
    files: {
      'manifest.csv': ['propertyName,value', 'oneroster.version,', 'source.systemName,EMIS'],
      'orgs.csv': ['sourcedId,status,dateLastModified,name,type,identifier,parentSourcedId', 'em,,,Emis School,School,,gone'],
      'users.csv': [
        'sourcedId,enabledUser,orgSourcedIds,role,givenName,familyName,identifier,grades',
        'ea,Y,,Student,Zuri,Moyo,EM/1,7',
        'et,Y,unknown,Faculty,Zola,Dube,ET-1,',
      ],
      'demographics.csv': ['sourcedId,birthDate,sex', 'ea,2013-03-04,F'],
    },
  },
};

describe('bundles of other systems', () => {
  let school: SchoolUnderTest;
  let head: Browser;
  before(async () => {
    school = await aSchool({ background: true, classes: [{ name: 'Grade 7', streams: ['East'] }] });
    head = await school.as('head', 'administrator');
  });
  after(() => school?.stop());

  for (const [what, { files, students, staff, said }] of Object.entries(BUNDLES)) {
    it(`with ${what} bring their people`, async () => {
      const seen = await check(head, await bundle(files));
      assert.equal(seen.status, 'checked', seen.text.slice(0, 1500));
      for (const pattern of said) assert.match(seen.text, pattern);
      assert.equal(parts(seen.html).Students?.[0], students, seen.text.slice(0, 3000));
      assert.equal(parts(seen.html).Staff?.[0] ?? 0, staff, seen.text.slice(0, 3000));
      assert.equal((await act(head, seen.path, 'commit')).status, 'done');
    });
  }

  it('with one code for two subjects make both, and say so', async () => {
    const subjects = await sql(school.database, "select code, name from subjects where name like 'Mathematics (%' order by name");
    assert.deepEqual(
      subjects.map((one) => one.name),
      ['Mathematics (new)', 'Mathematics (old)'],
    );
    assert.equal(new Set(subjects.map((one) => one.code)).size, 2);
  });
});
