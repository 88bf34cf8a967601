import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { signInSlips } from '../../../../src/platform/pdf/sign-in-slips.pdf.js';
import { ageList, type AgeCount } from '../../../../src/modules/students/prints/adapters/age-list.pdf.js';
import { classList } from '../../../../src/modules/students/prints/adapters/class-list.pdf.js';
import { emergencySheet, type EmergencyStudent } from '../../../../src/modules/students/prints/adapters/emergency-sheet.pdf.js';
import { idCards, type IdCard } from '../../../../src/modules/students/prints/adapters/id-cards.pdf.js';
import { labels, type Label } from '../../../../src/modules/students/prints/adapters/labels.pdf.js';
import { letters, type Letter, type LetterStudent } from '../../../../src/modules/students/letters/adapters/letters.pdf.js';
import { profile } from '../../../../src/modules/students/prints/adapters/profile.pdf.js';
import { context, NAMES, pagesOf, people, person, plain } from '../../../platform/pdf/samples.js';

/** Each name, in the order in which the print writes it, is in the text that a reader gets out of the file. */
function assertNamesIn(pages: string[], order: 'spoken' | 'register'): void {
  const text = plain(pages.join(' '));
  for (const { surname, otherNames } of NAMES) {
    const name = plain(order === 'spoken' ? `${otherNames} ${surname}` : `${surname} ${otherNames}`);
    // A name in two lines may be broken after its hyphen.
    assert.ok(text.includes(name) || text.replaceAll('- ', '-').includes(name), `${name} is missing`);
  }
}

describe('ID cards', () => {
  const data = { context: context(), phone: '0712 300 400', backs: false };
  const card = (index: number): IdCard => {
    return {
      ...person(index),
      className: 'Grade 7 East',
      checkUrl: `https://mwangaza.aimsgo.com/c/${index}`,
      validUntil: '2026-12-04',
    };
  };

  it('ten go on a page, every name can be read', async () => {
    const pages = await pagesOf(await idCards({ ...data, cards: people(11).map((_, index) => card(index)) }));
    assert.equal(pages.length, 2);
    assertNamesIn(pages, 'spoken');
    assert.match(pages[1]!, /MH220011/);
    assert.doesNotMatch(pages[1]!, /MH220010/);
    assert.equal((await pagesOf(await idCards({ ...data, cards: [card(0)] }))).length, 1);
  });

  it('the back of a card lies behind its front when the sheet is turned along its long edge', async () => {
    const pages = await pagesOf(await idCards({ ...data, cards: [card(0), card(1)], backs: true }));
    assert.equal(pages.length, 2);
    assert.ok(pages[0]!.indexOf('MH220001') < pages[0]!.indexOf('MH220002'));
    assert.ok(pages[1]!.indexOf('MH220002') < pages[1]!.indexOf('MH220001'), 'the first card is on the right');
  });

  it('an alert is on the back with the number to call', async () => {
    const cards = [{ ...card(0), alert: 'Peanut allergy.' }];
    const [front, back] = await pagesOf(await idCards({ ...data, cards, emergencyPhone: '0712 300 411', backs: true }));
    assert.doesNotMatch(front!, /allergy/);
    assert.match(plain(back!), /Peanut allergy\. Call 0712 300 411\./);
  });

  it('a picture that is none is replaced by a drawn one', async () => {
    const cards = [
      { ...card(0), photo: Buffer.from('<svg onload="x">') },
      { ...card(1), photo: Buffer.from([0xff, 0xd8, 0xff]) },
    ];
    const [page] = await pagesOf(await idCards({ ...data, cards }));
    assert.match(page!, /Amina Wanjiku/);
  });
});

describe('class list', () => {
  const one = (count: number, name = 'Grade 7 East') => ({ name, teacher: 'Mr Daniel Mutua', students: people(count) });
  const data = { context: context(), term: 'Term 3, 2026', blankColumns: ['', '', ''] };

  it('says how many boys and girls there are, in each class and in all', async () => {
    const pages = await pagesOf(await classList({ ...data, classes: [one(8), one(1, 'Grade 7 West')] }));
    assert.equal(pages.length, 3);
    assertNamesIn(pages, 'register');
    assert.match(pages[0]!, /Boys 4, girls 4, all 8/);
    assert.match(pages[1]!, /Boys 0, girls 1, all 1/);
    assert.match(plain(pages[2]!), /Boys and girls by class .* Boys 4, girls 5, all 9/);
  });

  it('a class of forty fits on one page, one of seventy on two with the head on each', async () => {
    assert.equal((await pagesOf(await classList({ ...data, classes: [one(40)] }))).length, 1);
    const pages = await pagesOf(await classList({ ...data, classes: [one(70)] }));
    assert.equal(pages.length, 2);
    for (const [index, page] of pages.entries()) {
      assert.match(page, /Surname, other names/);
      assert.match(page, new RegExp(`Page ${index + 1} of 2`));
    }
  });

  it('pages are numbered for each class by itself', async () => {
    const pages = await pagesOf(await classList({ ...data, classes: [one(70), one(2, 'Grade 8')] }));
    assert.match(pages[2]!, /Page 1 of 1/);
  });

  it('an empty class has a sheet that says so', async () => {
    const [page] = await pagesOf(await classList({ ...data, classes: [one(0)] }));
    assert.match(page!, /No students in this class yet/);
  });
});

describe('labels', () => {
  it('24 go on a sheet, used ones are skipped', async () => {
    const all = people(24).map((one): Label => ({ kind: 'book', ...one, className: 'Grade 7 East' }));
    const pages = await pagesOf(await labels({ context: context(), labels: all }));
    assert.equal(pages.length, 1);
    assertNamesIn(pages, 'spoken');
    assert.equal((await pagesOf(await labels({ context: context(), labels: all, skip: 1 }))).length, 2);
  });

  it('an address keeps its lines', async () => {
    const lines = ['P.O. Box 214 – 20100', 'Nakuru'];
    const address: Label = { kind: 'address', to: 'Mr Hassan Abdi Noor', lines, note: 'Amina Hassan' };
    const [page] = await pagesOf(await labels({ context: context(), labels: [address] }));
    assert.match(page!, /Mr Hassan Abdi Noor\s*\nP\.O\. Box 214 – 20100\s*\nNakuru/);
  });
});

describe('letters', () => {
  const leaver = (index: number): LetterStudent => {
    const joined = { joinedOn: '2019-01-07', joinedClass: 'Grade 1' };
    return { ...person(index), ...joined, bornOn: '2013-05-05', leftOn: '2026-11-20', leftClass: 'Grade 7 East' };
  };
  const letter = (index: number, changes: Partial<Letter> = {}): Letter => ({
    kind: 'transfer',
    reference: `TL/2026/00${index}`,
    issuedOn: '2026-11-24',
    student: leaver(index),
    checkUrl: 'https://mwangaza.aimsgo.com/c/7K',
    ...changes,
  });

  it('each is a page of its own with reference, day, signatory and the address where it can be checked', async () => {
    const pages = await pagesOf(await letters({ context: context(), letters: NAMES.map((_, index) => letter(index)) }));
    assert.equal(pages.length, NAMES.length);
    assertNamesIn(pages, 'spoken');
    for (const [index, page] of pages.entries()) {
      const parts = [
        `TL/2026/00${index}`,
        '24 November 2026',
        'Grace Njeri Kamau',
        'Check at mwangaza.aimsgo.com/c/7K',
        'Page 1 of 1',
      ];
      for (const part of parts) assert.ok(plain(page).includes(part), part);
    }
  });

  it('says when the child came and left, and nothing about what is not known', async () => {
    const bare: LetterStudent = { ...person(0), leftOn: '2026-11-20', leftClass: 'Form 4' };
    const both = [letter(0, { kind: 'leaving', completedClass: 'Form 4' }), letter(0, { kind: 'leaving', student: bare })];
    const [full, short] = (await pagesOf(await letters({ context: context(), letters: both }))).map(plain);
    assert.match(full!, /was a student of this school from 7 January 2019 to 20 November 2026/);
    assert.match(full!, /completed Form 4/);
    assert.match(short!, /was a student of this school until 20 November 2026/);
    assert.doesNotMatch(short!, /Date of birth|Conduct|undefined|null/);
  });

  it('of a child who is still here asks for the move and names no day of leaving', async () => {
    const here: LetterStudent = { ...leaver(0), leftOn: null };
    const [page] = (await pagesOf(await letters({ context: context(), letters: [letter(0, { student: here })] }))).map(plain);
    assert.match(page!, /has been a student of this school since 7 January 2019 and is now in Grade 7 East/);
    assert.doesNotMatch(page!, /Left|leaves from/);
  });

  it('a school’s own words are filled in, unknown fields are left out', async () => {
    const own = letter(2, { paragraphs: ['We bless {{ name }} of {{class}}{{salary}}.'] });
    const [page] = await pagesOf(await letters({ context: context(), letters: [own] }));
    assert.ok(plain(page!).includes(plain('We bless Adébáyọ̀ Tèmítọ́pẹ́ Ọlá of Grade 7 East.')));
  });
});

describe('emergency sheet', () => {
  const child = (index: number, changes: Partial<EmergencyStudent> = {}): EmergencyStudent => ({
    ...person(index),
    needs: [{ text: 'Peanut allergy', urgent: true }],
    guardians: [{ name: 'Hassan Abdi Noor', relationship: 'Father', phones: ['0722 481 903'], mayCollect: false }],
    barred: [{ name: 'Peter Oduya', reason: 'court order' }],
    ...changes,
  });

  it('says what a child has, whom to call, and who may not collect it', async () => {
    const classes = [{ name: 'Grade 7 East', students: NAMES.map((_, index) => child(index)) }];
    const numbers = [{ label: 'Clinic', phone: '0712 300 411' }];
    const pages = await pagesOf(await emergencySheet({ context: context(), classes, numbers }));
    assertNamesIn(pages, 'register');
    const text = plain(pages.join(' '));
    assert.match(text, /Clinic 0712 300 411/);
    assert.match(text, /! Peanut allergy/);
    assert.match(text, /0722 481 903 Hassan Abdi Noor \(father, may not collect\)/);
    assert.match(text, /Peter Oduya, court order/);
  });

  it('a child without a guardian stands out', async () => {
    const classes = [{ name: 'Grade 7 East', students: [child(0, { guardians: [], barred: [], needs: [] })] }];
    const [page] = await pagesOf(await emergencySheet({ context: context(), classes, numbers: [] }));
    assert.match(page!, /No contact in the register/);
  });
});

describe('profile', () => {
  it('has identity, guardians, the enrolment ledger and consents, and nothing that is not known', async () => {
    for (const [index] of NAMES.entries()) {
      const file = await profile({
        context: context(),
        ...person(index),
        bornOn: '2013-05-05',
        age: 13,
        className: 'Grade 7 East',
        status: 'Active',
        facts: [
          { label: 'UPI', value: 'B7K2MQ' },
          { label: 'Religion', value: null },
        ],
        guardians: [
          { name: 'Hassan Abdi Noor', relationship: 'Father', phones: ['0722 481 903'], tags: ['Pays fees'], barred: false },
        ],
        enrolments: [{ year: '2026', className: 'Grade 7 East', enteredOn: '2026-01-06', entryReason: 'Promoted' }],
        consents: [{ purpose: 'Photos on the website', given: false, onDay: '2026-01-10', by: 'Hassan Abdi Noor' }],
      });
      const text = plain((await pagesOf(file))[0]!);
      const name = `${person(index).otherNames} ${person(index).surname}`;
      const parts = [name, '5 May 2013, 13 years', 'B7K2MQ', '0722 481 903', '6 Jan 2026', 'Photos on the website', 'Refused'];
      for (const part of parts) assert.ok(text.includes(plain(part)), part);
      assert.doesNotMatch(text, /Religion/);
    }
  });
});

describe('age and sex list', () => {
  const onDay = '2026-11-24';
  const count = (className: string, age: number | null, boys: number, girls: number): AgeCount => ({
    className,
    age,
    boys,
    girls,
  });

  it('counts each age by class and sex, those without a date of birth too', async () => {
    const counts = [
      count('Grade 1', 6, 10, 11),
      count('Grade 1', 7, 2, 3),
      count('Grade 2', 7, 600, 500),
      count('Grade 2', null, 1, 0),
    ];
    const [page] = await pagesOf(
      await ageList({ context: context(), onDay, classes: ['Grade 1', 'Grade 2', 'Grade 3'], counts }),
    );
    const text = plain(page!);
    assert.match(text, /Age in whole years on 24 November 2026 · Boys 613, girls 514, all 1,127/);
    assert.match(text, /Not known/);
    assert.match(text, /Grade 3/);
  });

  it('the oldest share a column when there are too many ages for the page', async () => {
    const counts = Array.from({ length: 25 }, (_, index) => count('Class', index + 3, 1, 1));
    const [page] = await pagesOf(await ageList({ context: context(), onDay, classes: ['Class'], counts }));
    assert.match(plain(page!), /18 and over/);
    assert.match(plain(page!), /Boys 25, girls 25, all 50/);
  });
});

describe('sign-in slips', () => {
  it('eight go on a page, each with address, name and password', async () => {
    const slips = people(9).map(({ surname, otherNames }, index) => {
      return { name: `${otherNames} ${surname}`, login: `0722 000 00${index}`, password: `kofi-mango-${index}` };
    });
    const file = await signInSlips({
      context: context(),
      slips,
      siteUrl: 'https://kilimani.aimsgo.com/',
      validUntil: '2026-12-01',
    });
    const pages = await pagesOf(file);
    assert.equal(pages.length, 2);
    assertNamesIn(pages, 'spoken');
    assert.equal(pages[0]!.match(/kilimani\.aimsgo\.com/g)?.length, 8);
    assert.match(pages[1]!, /0722 000 008/);
    assert.match(pages[1]!, /kofi-mango-8/);
    assert.match(plain(pages[1]!), /works until 1 Dec 2026/);
  });
});
