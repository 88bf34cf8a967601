import { UpdateLinks } from '../../../src/modules/students/updates/update-links.js';
import { GUARDIAN_STORE } from '../../../src/modules/students/ports.js';
import { stranger, type Stage, type Visit } from '../stage.js';

/** The register of children, from the office and from the families. */
export const studentsVisits: Record<string, Visit> = {
  'students/alerts/index': '/students/alerts',
  'students/alerts/limits': '/students/alerts/limits',
  'students/alerts/show': async (stage) => `/students/${await stage.id('students')}/alerts`,
  'students/updates/index': '/students/updates?state=all',
  'students/updates/due': '/students/updates/due?months=0',
  'students/updates/ask': '/students/updates/links/new?months=0',
  'students/updates/show': async (stage) => `/students/updates/${(await familySends(stage)).request}`,
  'students/updates/proof': async (stage) => {
    const { token } = await familyLink(stage);
    await stage.be('stranger');
    return `/update/${token}`;
  },
  'students/updates/family': async (stage) => openFamily(stage),
  'students/updates/thanks': async (stage) => {
    await openFamily(stage);
    await stage.press('main form button.primary');
  },
  'students/updates/over': stranger('/update/gone'),
  'students/documents/index': '/students/documents',
  'students/documents/show': async (stage) => `/students/${await stage.id('students')}/documents`,
  'students/documents/kinds/index': '/students/documents/kinds',
  'students/documents/kinds/edit': '/students/documents/kinds/new',
  'students/custom-fields/index': '/students/custom-fields',
  'students/custom-fields/edit': '/students/custom-fields/new',
  'students/index': '/students',
  'students/new': '/students/new',
  'students/show': student(''),
  'students/edit': student('/edit'),
  'students/aside': student('/aside'),
  'students/assignments/new': student('/assignments/new'),
  'students/consents/edit': student('/consents/edit'),
  'students/letters/new': student('/letters'),
  'students/letters/index': '/students/letters',
  'students/moves/new': student('/moves/new'),
  'students/photo': student('/photo'),
  'students/status-changes/new': student('/status-changes/new?step=withdraw'),
  'students/check': async (stage) => {
    const id = await stage.id('students');
    await stage.everyone.submit(`/students/${id}/letters`, { kind: 'transfer' });
    const code = await stage.one('select code from students_documents limit 1');
    await stage.be('stranger');
    return `/check/${code}`;
  },
  'students/guardians/index': '/students/guardians',
  'students/guardians/new': student('/guardians/new'),
  'students/guardians/edit': async (stage) => `/students/guardians/${await stage.id('students_guardians')}/edit`,
  'students/guardians/tie': async (stage) => {
    const id = await stage.id('students');
    const guardian = await stage.one('select guardian_id from students_guardianships where student_id = $1', [id]);
    return `/students/${id}/guardians/${guardian}/edit`;
  },
  'students/prints/index': '/students/prints',
  'students/guardians/accounts': async (stage) => `/students/guardians/accounts?stream=${await stage.id('subjects_streams')}`,
  'students/bulk/move': async (stage) => `/students/bulk/move?${await ticked(stage)}`,
  'students/bulk/edit': async (stage) => `/students/bulk/edit?${await ticked(stage)}`,
  'students/bulk/preview': (stage) => bulkPreview(stage),
  'students/bulk/show': async (stage) => {
    await bulkPreview(stage);
    await stage.press('main form button.primary');
  },
  'students/duplicates/index': '/students/duplicates',
  'students/duplicates/show': async (stage) => {
    await stage.page.goto('/students/duplicates');
    await stage.press('main table a.btn');
  },
  'students/duplicates/merge': async (stage) => {
    await stage.page.goto('/students/duplicates');
    await stage.press('main table a.btn');
    await stage.press('main form button.primary');
  },
  'students/rollovers/index': '/students/rollovers',
  'students/rollovers/new': '/students/rollovers/new',
  'students/rollovers/show': async (stage) => `/students/rollovers/${await rollover(stage)}`,
  'students/rollovers/students': async (stage) => `/students/rollovers/${await rollover(stage)}/students`,
  'students/rollovers/edit': async (stage) =>
    `/students/rollovers/${await rollover(stage)}/students/${await stage.id('students')}/edit`,
  'students/rollovers/check': async (stage) => `/students/rollovers/${await rollover(stage)}/check`,
};

function student(rest: string): Visit {
  return async (stage) => `/students/${await stage.id('students')}${rest}`;
}

async function ticked(stage: Stage): Promise<string> {
  const ids = (
    await stage.one("select string_agg(id::text, ' ') from (select id from students order by id limit 3) three")
  ).split(' ');
  return new URLSearchParams(ids.map((id): [string, string] => ['student', id])).toString();
}

async function bulkPreview(stage: Stage): Promise<void> {
  await stage.page.goto(`/students/bulk/move?${await ticked(stage)}`);
  await stage.page.selectOption('[name=streamId]', { index: 2 });
  await stage.press('main form button.primary');
}

async function rollover(stage: Stage): Promise<string> {
  const known = await stage.id('students_rollovers').catch(() => null);
  if (known) return known;
  const [fromYearId, toYearId] = [
    await stage.id('school_years', "name like '2026%'"),
    await stage.id('school_years', "name like '2027%'"),
  ];
  const answer = await stage.everyone.submit('/students/rollovers', { fromYearId, toYearId }, '/students/rollovers/new');
  if (answer.status !== 303) throw new Error(`No rollover was prepared: ${answer.status}`);
  return stage.id('students_rollovers');
}

/** A guardian of a child with a birthday, and a link that was made for them. */
async function familyLink(stage: Stage): Promise<{ token: string; guardian: string; born: string }> {
  const { school } = stage;
  const guardian = await stage.one(`select t.guardian_id from students_guardianships t join students s on s.id = t.student_id
    where not t.barred and s.born_on is not null and s.put_aside_at is null and s.status = 'active' order by t.id limit 1`);
  const [letter] = await school.run(() =>
    school.get(UpdateLinks).letters(school.office, { before: null, streamId: null, guardianId: guardian }),
  );
  const born = await stage.one(
    "select to_char(s.born_on, 'YYYY-MM-DD') from students_guardianships t join students s on s.id = t.student_id where t.guardian_id = $1 and s.born_on is not null and not t.barred limit 1",
    [guardian],
  );
  return { token: letter!.url.split('/').at(-1)!, guardian, born };
}

async function openFamily(stage: Stage): Promise<void> {
  const { token, born } = await familyLink(stage);
  await stage.be('stranger');
  await stage.page.goto(`/update/${token}`);
  const [year, month, day] = born.split('-');
  for (const [part, value] of [
    ['day', day],
    ['month', month],
    ['year', year],
  ] as const)
    await stage.page.fill(`[name="born.${part}"]`, String(Number(value)));
  await stage.press('main form button.primary');
}

async function familySends(stage: Stage): Promise<{ request: string }> {
  const { token, born, guardian } = await familyLink(stage);
  const { school } = stage;
  const kept = await school.run(() => school.get(GUARDIAN_STORE).find(guardian));
  await school.run(() =>
    school
      .get(UpdateLinks)
      .submit(token, { bornOn: born, digits: null }, { guardian: { ...kept, occupation: 'Surveyor' } as never, children: [] }),
  );
  return {
    request: await stage.one('select id from students_update_requests where guardian_id = $1 order by sent_at desc limit 1', [
      guardian,
    ]),
  };
}
