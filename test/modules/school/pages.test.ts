import assert from 'node:assert/strict';
import test, { after, before } from 'node:test';
import sharp from 'sharp';
import { schoolUnderTest } from './support.js';
import type { SchoolUnderTest } from './support.js';

let school: SchoolUnderTest;
before(async () => {
  school = await schoolUnderTest({ lists: { houses: [{ name: 'Kilimanjaro', capacity: 120 }] } });
});
after(() => school.stop());

const state = async () => ({
  profile: await school.run(() => school.api.profile()),
  brand: await school.run(() => school.api.brand()),
  years: await school.run(() => school.api.years()),
});
const idIn = (html: string, pattern: RegExp): string => {
  const found = pattern.exec(html)?.[1];
  assert.ok(found, `${pattern} is on the page`);
  return found;
};
const heading = (html: string) => /<h1>([^<]*)<\/h1>/.exec(html)?.[1];

test('nobody changes the school without the permission, whatever the form', async () => {
  school.as('teacher');
  for (const address of [
    '/school',
    '/school/profile',
    '/school/brand',
    '/school/years/new',
    '/school/days',
    '/school/numbers',
    '/school/scales',
    '/school/modules',
    '/school/setup/school',
  ]) {
    assert.equal((await school.get(address)).status, 403, address);
  }
  school.as('bursar');
  assert.equal((await school.get('/school')).status, 200);
  for (const address of [
    '/school/profile',
    '/school/brand',
    '/school/years/new',
    '/school/days/new',
    '/school/numbers',
    '/school/lists/houses/new',
    '/school/scales/new',
    '/school/modules',
    '/school/setup/end',
  ]) {
    assert.equal((await school.post(address, { name: 'Mine' })).status, 403, address);
  }
  assert.equal((await state()).profile.name, 'Kilimani Academy');
});

test('the first page shows what is settled, and links only to what the person may change', async () => {
  school.as('bursar');
  const seen = (await school.get('/school')).html;
  assert.equal(heading(seen), 'Settings');
  assert.match(seen, /Kilimani Academy/);
  assert.match(seen, /KA\/2026\/0034/);
  assert.doesNotMatch(seen, /href="\/school\/profile"/);
  school.as('administrator');
  assert.match((await school.get('/school')).html, /href="\/school\/profile"/);
});

const PROFILE = {
  name: 'Kilimani Academy',
  shortName: 'Kilimani',
  type: 'day-and-boarding',
  town: 'Nairobi',
  region: 'Nairobi City',
};

test('a profile with a wrong phone comes back with what was typed and changes nothing', async () => {
  school.as('head');
  const before = await state();
  const refused = await school.post('/school/profile', {
    ...PROFILE,
    motto: 'Typed <i>here</i>',
    'phones.0': '0722 48',
    email: 'nobody',
  });
  assert.equal(refused.status, 422);
  assert.match(refused.html, /<title>Error: School profile/);
  assert.match(refused.html, /value="Typed &lt;i&gt;here&lt;\/i&gt;"/);
  assert.match(refused.html, /Enter the full email address/);
  const phone = await school.post('/school/profile', { ...PROFILE, 'phones.0': '0722 48' });
  assert.match(phone.html, /Enter a phone number such as 0722 481 903/);
  assert.match(phone.html, /id="f-phones-0" name="phones.0"[^>]*aria-invalid/);
  assert.deepEqual(await state(), before);
});

test('a saved profile is on the next page and in the audit', async () => {
  school.as('head');
  const saved = await school.post('/school/profile', { ...PROFILE, 'phones.0': '722481903', motto: 'Elimu ni nuru' });
  assert.deepEqual([saved.status, saved.location], [303, '/school']);
  const { profile } = await state();
  assert.deepEqual(
    [profile.shortName, profile.type, profile.phones, profile.currency],
    ['Kilimani', 'day-and-boarding', ['+254722481903'], 'KES'],
  );
  assert.match((await school.get('/school')).html, /0722 481 903/);
  assert.equal(school.audit.at(-1)?.action, 'school.profile.change');
  assert.match((await school.get('/school/profile')).html, /value="0722 481 903"/);
});

test('two equal colours are refused, and a colour that had to move is shown beside the given one', async () => {
  school.as('administrator');
  const before = await state();
  for (const [firstColour, secondColour] of [
    ['#0f5c43', '#0F5C43'],
    ['red', '#e3a62b'],
    ['#0f5c43', ''],
  ] as [string, string][]) {
    const refused = await school.post('/school/brand', { firstColour, secondColour });
    assert.equal(refused.status, 422, firstColour);
  }
  assert.match(
    (await school.post('/school/brand', { firstColour: '#123456', secondColour: '#123456' })).html,
    /Choose two different colours/,
  );
  assert.deepEqual(await state(), before);
  const judged = await school.get('/school/brand/judgement?firstColour=%230f5c43&secondColour=%23e3a62b');
  assert.match(judged.html, /Reads well, 8\.0 to 1/);
  assert.match(judged.html, /#e3a62b becomes #bb8505/);
  assert.doesNotMatch(judged.html, /<html|style=/);
});

test('saved colours make a theme at an address of its own that anybody may load', async () => {
  school.as('administrator');
  assert.equal((await school.post('/school/brand', { firstColour: '#7B1E3A', secondColour: '#8ec5e8' })).status, 303);
  const { brand } = await state();
  assert.equal(brand.firstColour, '#7b1e3a');
  const page = await school.get('/school');
  assert.match(page.html, new RegExp(`href="/school/theme/${brand.themeHash}\\.css"`));
  school.as('nobody');
  const theme = await school.get(`/school/theme/${brand.themeHash}.css`);
  assert.match(theme.type, /^text\/css/);
  assert.match(theme.html, /--brand:#7b1e3a/);
  assert.equal((await school.get('/school/theme/000000000000.css')).status, 404);
});

test('a badge is drawn anew, versioned, and public; a stamp is not', async () => {
  school.as('administrator');
  const picture = await sharp({ create: { width: 900, height: 900, channels: 4, background: '#0f5c43' } })
    .png()
    .toBuffer();
  assert.equal((await school.upload('/school/brand/assets', { kind: 'logo' }, Buffer.from('not a picture'))).status, 422);
  assert.equal((await school.upload('/school/brand/assets', { kind: 'signature' }, picture)).status, 422);
  for (const kind of ['logo', 'logo', 'stamp'])
    assert.equal((await school.upload('/school/brand/assets', { kind }, picture)).status, 303, kind);
  const page = (await school.get('/school/brand')).html;
  const logo = idIn(page, /src="\/school\/logo\/([0-9a-f-]{36})"/);
  const rows = [
    ...page.matchAll(
      /assets\/([0-9a-f-]{36})" alt=""[^]*?<th scope="row">(\w+)[^]*?<td class="n">(\d)<\/td><td>\s*<span[^>]*>([^<]+)</g,
    ),
  ].map(([, , ...row]) => row);
  assert.deepEqual(rows, [
    ['Badge', '2', 'In use'],
    ['Badge', '1', 'Earlier'],
    ['Stamp', '1', 'In use'],
  ]);
  const stamp = idIn(page, /assets\/([0-9a-f-]{36})"[^>]*><\/td><th scope="row">Stamp/);
  const drawn = await sharp((await school.get(`/school/brand/assets/${stamp}`)).body).metadata();
  assert.deepEqual([drawn.format, drawn.width], ['png', 512]);

  school.as('teacher');
  const shown = await school.get(`/school/logo/${logo}`);
  assert.deepEqual([shown.status, shown.type], [200, 'image/webp']);
  const badge = await sharp(shown.body).metadata();
  assert.deepEqual([badge.format, badge.width], ['webp', 144]);
  assert.ok(shown.body.length < 10 * 1024, `every page wears it: ${shown.body.length} bytes`);
  assert.equal((await school.get(`/school/logo/${stamp}`)).status, 404);
  assert.equal((await school.get(`/school/brand/assets/${stamp}`)).status, 403);
  const head = await school.run(() => school.api.letterhead({ stamp: true, signature: true }));
  assert.deepEqual(
    [head.logo?.subarray(1, 4).toString(), head.stamp?.subarray(1, 4).toString(), head.signature],
    ['PNG', 'PNG', null],
  );
});

test('a year that overlaps, or a term outside its year, is refused at its own field', async () => {
  school.as('head');
  const [running] = (await state()).years;
  assert.equal(running?.name, '2026');
  const proposed = (await school.get('/school/years/new')).html;
  assert.match(proposed, /name="name"[^>]*value="2027"/);
  const year = {
    name: '2027',
    startsOn: '2026-12-01',
    endsOn: '2027-12-31',
    'terms.0.name': 'Term 1',
    'terms.0.startsOn': '2027-01-05',
    'terms.0.endsOn': '2027-04-01',
  };
  const overlaps = await school.post('/school/years/new', year);
  assert.equal(overlaps.status, 422);
  assert.match(overlaps.html, /id="f-startsOn-e"[^]*?These dates overlap the year 2026/);
  const outside = await school.post('/school/years/new', { ...year, startsOn: '2027-01-06' });
  assert.match(outside.html, /id="f-terms-0-startsOn-e"[^]*?This term must not start before the year does/);
  assert.equal((await state()).years.length, 1);

  assert.equal((await school.post('/school/years/new', { ...year, startsOn: '2027-01-01' })).status, 303);
  assert.deepEqual(
    (await state()).years.map((one) => one.name),
    ['2026', '2027'],
  );
});

test('terms keep their ids when they change dates or places, and a removed one goes', async () => {
  school.as('head');
  const running = (await state()).years[0]!;
  const [one, two, three] = running.terms;
  const values: Record<string, string> = { name: '2026', startsOn: '2026-01-01', endsOn: '2026-12-31' };
  const rows = [
    { ...two!, startsOn: one!.startsOn, endsOn: one!.endsOn },
    { ...one!, startsOn: two!.startsOn, endsOn: two!.endsOn },
  ];
  rows.forEach((term, index) => Object.entries(term).forEach(([key, value]) => (values[`terms.${index}.${key}`] = value)));
  assert.equal((await school.post(`/school/years/${running.id}/edit`, values)).status, 303);
  assert.deepEqual(
    (await state()).years[0]!.terms.map((term) => [term.id, term.name]),
    [
      [two!.id, 'Term 2'],
      [one!.id, 'Term 1'],
    ],
  );
  assert.ok(three);
  [one!, two!, three].forEach((term, index) =>
    Object.entries(term).forEach(([key, value]) => (values[`terms.${index}.${key}`] = value)),
  );
  assert.equal((await school.post(`/school/years/${running.id}/edit`, values)).status, 303);
  assert.deepEqual(
    (await state()).years[0]!.terms.map((term) => term.name),
    ['Term 1', 'Term 2', 'Term 3'],
  );
});

test('a year goes when nothing belongs to it, and stays while a holiday lies in it', async () => {
  school.as('head');
  const next = (await state()).years.find((year) => year.name === '2027')!;
  const type = idIn((await school.get('/school/days/new')).html, /<option value="([0-9a-f-]{36})">Holiday</);
  assert.equal(
    (await school.post('/school/days/new', { startsOn: '2027-06-01', dayTypeId: type, note: 'Madaraka Day' })).status,
    303,
  );
  const kept = await school.post(`/school/years/${next.id}/removal`);
  assert.equal(kept.status, 422);
  assert.match(kept.html, /Madaraka Day falls in this year/);
  const day = idIn((await school.get('/school/days')).html, /\/school\/days\/([0-9a-f-]{36})\/edit/);
  assert.equal((await school.post(`/school/days/${day}/removal`)).status, 303);
  assert.equal((await school.post(`/school/years/${next.id}/removal`)).status, 303);
  assert.deepEqual(
    (await state()).years.map((one) => one.name),
    ['2026'],
  );
  assert.equal((await school.post(`/school/years/${next.id}/removal`)).status, 404);
});

test('a half day counts half, and no day has two entries', async () => {
  school.as('head');
  const html = (await school.get('/school/days/new')).html;
  const half = idIn(html, /<option value="([0-9a-f-]{36})">Half day</);
  assert.equal(
    (await school.post('/school/days/new', { startsOn: '2026-09-11', dayTypeId: half, note: 'Sports day' })).status,
    303,
  );
  const again = await school.post('/school/days/new', { startsOn: '2026-09-10', endsOn: '2026-09-11', dayTypeId: half });
  assert.match(again.html, /There is already an entry for Sports day/);
  assert.match(
    (await school.post('/school/days/new', { startsOn: '2026-09-30', dayTypeId: half.replace(/^./, 'f').replace(/^f+/, 'e') }))
      .html,
    /Choose one of/,
  );
  const days = await school.run(() => school.api.days('2026-09-10', '2026-09-12'));
  assert.deepEqual(
    days.map(({ kind, worth }) => [kind, worth]),
    [
      ['school', 1],
      ['half', 0.5],
      ['closed', 0],
    ],
  );
});

test('a type of day gets the school’s own name, once', async () => {
  school.as('head');
  assert.equal(
    (await school.post('/school/day-types/new', { name: 'Saturday lessons', kind: 'half', active: 'yes' })).status,
    303,
  );
  const twice = await school.post('/school/day-types/new', { name: 'saturday LESSONS', kind: 'half' });
  assert.match(twice.html, /There is already a type of day with this name/);
  const id = idIn((await school.get('/school/days')).html, /day-types\/([0-9a-f-]{36})\/edit">Saturday lessons/);
  assert.equal((await school.post(`/school/day-types/${id}/edit`, { name: 'Saturday lessons', kind: 'half' })).status, 303);
  assert.doesNotMatch((await school.get('/school/days/new')).html, /Saturday lessons/);
});

test('lists keep their order and each name once; an unknown list is not there', async () => {
  school.as('registrar');
  assert.equal((await school.post('/school/lists/houses/new', { name: 'Élgon', capacity: '80', active: 'yes' })).status, 303);
  assert.match(
    (await school.post('/school/lists/houses/new', { name: 'elgon', active: 'yes' })).html,
    /Élgon is already in this list/,
  );
  assert.match(
    (await school.post('/school/lists/houses/new', { name: 'Kenya', capacity: 'many' })).html,
    /Enter a number, in digits/,
  );
  const page = (await school.get('/school/lists/houses')).html;
  assert.deepEqual(
    [...page.matchAll(/edit">([^<]+)<\/a>/g)].map(([, name]) => name),
    ['Kilimanjaro', 'Élgon'],
  );
  const id = idIn(page, /houses\/([0-9a-f-]{36})\/edit">Élgon/);
  assert.equal(
    (await school.post(`/school/lists/houses/${id}/edit`, { name: 'Elgon', position: '1', capacity: '' })).status,
    303,
  );
  assert.deepEqual(
    (await school.run(() => school.api.lists('houses'))).map((item) => item.name),
    ['Kilimanjaro'],
  );
  assert.equal(
    (await school.run(() => school.api.lists('houses', { all: true }))).find((item) => item.id === id)?.capacity,
    null,
  );
  assert.equal((await school.post(`/school/lists/dorms/${id}/removal`)).status, 404);
  assert.equal((await school.post(`/school/lists/houses/${id}/removal`)).status, 303);
  assert.equal((await school.get('/school/lists/classes')).status, 404);
  assert.match((await school.get('/school/lists')).html, /Kilimanjaro/);
});

test('a pattern that makes too long a number is refused at its own field', async () => {
  school.as('administrator');
  const refused = await school.post('/school/numbers', {
    prefix: 'KILIMANI',
    admission: '{prefix}/{year}/{serial:8}',
    staff: 'T{serial:3}',
  });
  assert.equal(refused.status, 422);
  assert.match(refused.html, /id="f-admission-e"[^]*?Numbers can have up to 20 characters/);
  assert.equal(
    (await school.post('/school/numbers', { prefix: 'KA', admission: '{prefix}{year2}{serial:4}', staff: 'T{serial:3}' })).status,
    303,
  );
  assert.match((await school.get('/school/numbers')).html, /Gives KA260034/);
  assert.equal(await school.run(() => school.api.nextStaffNumber()), 'T001');
});

test('a national scale can not be changed; one of the school’s own has no hole', async () => {
  school.as('head');
  const page = (await school.get('/school/scales')).html;
  assert.match(page, /KJSEA eight levels/);
  assert.doesNotMatch(page, /Change KJSEA/);
  const national = (await school.run(() => school.api.scales())).find((scale) => scale.packScale === 'kjsea')!;
  assert.equal((await school.get(`/school/scales/${national.id}/edit`)).status, 404);
  const scale = {
    name: 'Effort',
    basis: 'percent',
    'bands.0.grade': 'High',
    'bands.0.lowest': '50',
    'bands.0.points': '2',
    'bands.1.grade': 'Low',
    'bands.1.lowest': '10',
  };
  assert.equal((await school.post(`/school/scales/${national.id}/edit`, scale)).status, 404);
  const hole = await school.post('/school/scales/new', scale);
  assert.match(hole.html, /id="f-bands-1-lowest-e"[^]*?The lowest grade begins at 0/);
  assert.equal((await school.post('/school/scales/new', { ...scale, 'bands.1.lowest': '0' })).status, 303);
  const made = (await school.run(() => school.api.scales())).find((one) => one.name === 'Effort')!;
  assert.deepEqual(made.bands, [
    { grade: 'High', lowest: 50, points: 2, words: '' },
    { grade: 'Low', lowest: 0, points: null, words: '' },
  ]);
  const used = (await school.run(() => school.api.scales())).find((one) => one.packScale === 'cbc-4')!;
  assert.match((await school.post(`/school/scales/${used.id}/removal`)).html, /Pre-primary uses this scale/);
  assert.equal((await school.post(`/school/scales/${made.id}/removal`)).status, 303);
});

test('a part that is switched off is off, one that nobody can do without stays on, and none is on without what it needs', async () => {
  school.as('administrator');
  assert.equal((await school.post('/school/modules', { on: ['students'] })).status, 422);
  assert.equal((await school.post('/school/modules', { on: ['fees', 'finance'] })).status, 303);
  const isOn = (module: string) => school.run(() => school.api.isOn(module));
  assert.deepEqual([await isOn('fees'), await isOn('payments'), await isOn('students')], [true, false, true]);
  assert.match((await school.get('/school/modules')).html, /value="fees" checked/);
  assert.doesNotMatch((await school.get('/school/modules')).html, /value="payments" checked/);

  for (const [on, sentence] of [
    [['fees'], /Fees needs Finance: switch both on, or both off/],
    [['payments', 'finance'], /Mobile money needs Fees/],
  ] as const) {
    const refused = await school.post('/school/modules', { on: [...on] });
    assert.equal(refused.status, 422);
    assert.match(refused.html, sentence);
  }
  assert.deepEqual([await isOn('fees'), await isOn('payments')], [true, false], 'nothing was changed');
});

test('the set-up is saved step by step, can be left and taken up, and ends with an open school', async () => {
  school.as('head');
  assert.equal((await school.get('/school/setup')).status, 403);
  school.as('owner');
  assert.equal(await school.run(() => school.api.setupPending()), true);
  assert.equal((await school.get('/school')).location, '/school/setup', 'the owner is led there first');
  assert.equal((await school.get('/school/setup')).location, '/school/setup/school');
  assert.equal((await school.post('/school/setup/school', { ...PROFILE, name: '' })).status, 422);
  assert.equal((await school.post('/school/setup/school', PROFILE)).location, '/school/setup/look');
  assert.equal((await school.get('/school/setup')).location, '/school/setup/look');
  assert.match((await school.get('/school/setup/look')).html, /aria-current="step"><span class="word">Colours/);
  assert.equal(
    (await school.post('/school/setup/look', { firstColour: '#0f5c43', secondColour: '#e3a62b' })).location,
    '/school/setup/year',
  );
  const year = (await school.get('/school/setup/year')).html;
  const values = Object.fromEntries(
    [...year.matchAll(/name="((?:name|startsOn|endsOn|terms)[^"]*)"[^>]*value="([^"]*)"/g)].map(([, name, value]) => [
      name!,
      value!,
    ]),
  );
  assert.equal((await school.post('/school/setup/year', values)).location, '/school/setup/classes');
  const classes = (await school.get('/school/setup/classes')).html;
  assert.match(classes, /Grade 10/);
  assert.doesNotMatch(classes, /Grade 11/);
  const none = await school.post('/school/setup/classes', { 'classes.0.code': 'PP1' });
  assert.match(none.html, /Choose at least one class/);
  const chosen = {
    'classes.0.code': 'PP1',
    'classes.0.has': 'yes',
    'classes.0.streams': 'East, West , East',
    'classes.1.code': 'PP2',
    'classes.1.streams': 'East',
    'classes.2.code': 'G7',
    'classes.2.has': 'yes',
  };
  assert.equal((await school.post('/school/setup/classes', chosen)).location, '/school/setup/people');
  assert.deepEqual(school.seeded, [
    {
      packId: 'kenya',
      classes: [
        { name: 'PP1', streams: ['East', 'West'] },
        { name: 'Grade 7', streams: [] },
      ],
    },
  ]);
  assert.deepEqual((await state()).profile.stages, ['pre-primary', 'junior']);
  assert.deepEqual(
    (await school.run(() => school.api.levels())).map((level) => level.name),
    ['PP1', 'PP2', 'Grade 7', 'Grade 8', 'Grade 9'],
  );
  assert.equal((await school.get('/school/setup/people')).status, 200);
  assert.equal((await school.post('/school/setup/people')).location, '/');
  assert.equal(await school.run(() => school.api.setupPending()), false);
});
