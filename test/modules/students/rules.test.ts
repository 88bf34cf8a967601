import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { yearsBetween } from '../../../src/kernel/clock.js';
import { fold } from '../../../src/kernel/people/names.js';
import { consentGiven } from '../../../src/modules/students/guardians/consent.rules.js';
import { closingDay } from '../../../src/modules/students/enrolments/enrolment.rules.js';
import { addressLines, mayHave } from '../../../src/modules/students/letters/document.rules.js';
import { bar, isSamePerson, mayBeSamePerson, type Relationship } from '../../../src/modules/students/guardians/guardian.rules.js';
import {
  STATUSES,
  statusMark,
  transition,
  TRANSITIONS,
  transitionsFrom,
} from '../../../src/modules/students/enrolments/life-cycle.rules.js';
import { nameSound } from '../../../src/modules/students/search/name-sound.rules.js';
import { decide, planned, proposePlan } from '../../../src/modules/students/rollovers/rollover.rules.js';
import { isUrgent } from '../../../src/modules/students/register/health.rules.js';
import { paymentNumber, paymentNumberVariant, sortName } from '../../../src/modules/students/register/student.rules.js';
import { RANK, searchTerms, typedTerms, type Term } from '../../../src/modules/students/search/search.rules.js';

describe('age', () => {
  const cases: [string, string, number][] = [
    ['2013-08-09', '2026-08-08', 12],
    ['2013-08-09', '2026-08-09', 13],
    ['2012-02-29', '2025-02-28', 12],
    ['2012-02-29', '2025-03-01', 13],
    ['2012-02-29', '2024-02-29', 12],
    ['2026-01-01', '2026-12-31', 0],
  ];
  for (const [born, day, years] of cases)
    it(`of somebody born on ${born} is ${years} on ${day}`, () => assert.equal(yearsBetween(born, day), years));

  it('grows by one in a year, and never falls as days go by', () => {
    const day = fc
      .date({ min: new Date('2000-01-01'), max: new Date('2030-12-31'), noInvalidDate: true })
      .map((date) => date.toISOString().slice(0, 10));
    fc.assert(
      fc.property(day, day, day, (born, one, other) => {
        const [early, late] = [one, other].sort();
        assert.ok(yearsBetween(born, early!) <= yearsBetween(born, late!));
      }),
    );
  });
});

describe('a consent', () => {
  const at = (purpose: string, given: boolean) => ({ purpose, given });
  it('counts by its newest answer, and no answer is no consent', () => {
    assert.equal(consentGiven([at('photo-in-public', false), at('photo-in-public', true)], 'photo-in-public'), false);
    assert.equal(consentGiven([at('photo-in-public', true), at('photo-in-public', false)], 'photo-in-public'), true);
    assert.equal(consentGiven([at('photo-in-public', true)], 'social-media'), false);
  });
});

describe('the sound of a name', () => {
  const alike = [
    ['Wanjiku', 'Wanjiko'],
    ['Achieng', 'Acheng'],
    ['Mohamed', 'Muhammad'],
    ['Ochieng', "Ochieng'"],
    ['Njoroge', 'NJOROGE'],
    ['Aïsha', 'Aisha'],
  ];
  for (const [one, other] of alike)
    it(`is the same for ${one} and ${other}`, () => assert.equal(nameSound(one!), nameSound(other!)));
  const different = [
    ['Wanjiku', 'Kamau'],
    ['Otieno', 'Achieng'],
    ['Mary', 'Peter'],
    ['Faith', 'Joy'],
  ];
  for (const [one, other] of different)
    it(`differs for ${one} and ${other}`, () => assert.notEqual(nameSound(one!), nameSound(other!)));
  it('does not hear case, marks and doubled letters', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'abcdeghiklmnoprstuwy'), minLength: 1 }), (name) => {
        assert.equal(nameSound(name), nameSound(name.toUpperCase()));
        assert.equal(nameSound(name), nameSound(name + name.at(-1)));
      }),
    );
  });
});

describe('the payment number', () => {
  const admission = fc.string({ unit: fc.constantFrom(...'ABCabcé0123456789/.- '), minLength: 1, maxLength: 20 });
  it('is what M-Pesa and banks can carry', () => {
    fc.assert(fc.property(admission, (number) => assert.match(paymentNumber(number), /^[A-Z0-9]{1,12}$/)));
  });
  it('is the admission number where that fits', () => {
    assert.equal(paymentNumber('MH220417'), 'MH220417');
    assert.equal(paymentNumber('KA/2019/034'), 'KA2019034');
    assert.equal(paymentNumber('KILIMANI/2026/000123'), 'NI2026000123');
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'ABC0123456789'), minLength: 1, maxLength: 12 }), (number) =>
        assert.equal(paymentNumber(number), number),
      ),
    );
  });
  it('has as many variants as are needed, all different and all short enough', () => {
    fc.assert(
      fc.property(admission, fc.integer({ min: 2, max: 60 }), (number, most) => {
        const base = paymentNumber(number);
        const variants = Array.from({ length: most - 1 }, (_none, index) => paymentNumberVariant(base, index + 2));
        assert.equal(new Set([base, ...variants]).size, most);
        for (const variant of variants) assert.match(variant, /^[A-Z0-9]{1,12}$/);
      }),
    );
  });
});

describe('finding a child', () => {
  const child = {
    surname: 'Kariuki-Oduya',
    firstName: 'Wilhelmína',
    middleName: 'Nyambura',
    admissionNo: 'KA/2019/034',
    paymentNo: 'KA2019034',
    preferredName: 'Mina',
  };
  const terms = searchTerms(child, [{ fullName: 'Hassan Abdi Noor', phone: '+254722481903' }]);
  const hits = (all: readonly Term[], typed: string): number[][] =>
    typedTerms(typed).map((each) =>
      all
        .filter(({ term, rank }) => each.some(({ from, ranks }) => ranks.includes(rank) && term.startsWith(from)))
        .map(({ rank }) => rank),
    );
  const found = (typed: string): boolean => hits(terms, typed).every((ranks) => ranks.length > 0);
  for (const typed of [
    'kar',
    'odu',
    'WILHEL',
    'nya',
    'min',
    'ka/2019',
    '2019',
    '034',
    'abd',
    'hassan noor',
    '0722',
    '0722 481 903',
    '722481',
    '+254 722-481',
    'Nyambura Kar',
    'ka2019034',
  ])
    it(`works with “${typed}”`, () => assert.ok(found(typed)));
  for (const typed of ['1903', '81903', '481903', '0722 481 903'])
    it(`works with the end of a phone, “${typed}”`, () => assert.ok(found(typed)));
  for (const surname of ["Ng'ang'a", 'Ng’ang’a', 'Ng`ang`a']) {
    it(`finds ${surname} with and without its marks`, () => {
      const words = searchTerms({ ...child, surname }, []);
      for (const typed of ['nganga', "ng'ang'a", 'Ng’ang', '"nganga"'])
        assert.deepEqual(hits(words, typed), [[RANK.surname]], typed);
    });
  }
  it('knows what each word is to the child, and takes the nearest', () => {
    const words = searchTerms({ ...child, surname: 'Otieno', firstName: 'Grace' }, [{ fullName: 'Grace Otieno', phone: null }]);
    for (const [typed, rank] of [
      ['otieno', RANK.surname],
      ['grace', RANK.firstName],
      ['mina', RANK.firstName],
      ['nyambura', RANK.otherName],
      ['034', RANK.number],
    ] as const)
      assert.equal(Math.min(...hits(words, typed)[0]!), rank, typed);
  });
  it('asks for no guardian where guardians are hidden', () => {
    for (const typed of ['abdi', '0722481903', '1903'])
      for (const each of typedTerms(typed, false))
        for (const { ranks } of each)
          assert.ok(
            ranks.every((rank) => rank < RANK.guardian),
            typed,
          );
  });
  for (const typed of ['zzz', '0799', 'hassan zeb']) it(`does not find this one with “${typed}”`, () => assert.ok(!found(typed)));
  it('works with the first three letters of every name, however it is written', () => {
    const name = fc
      .string({ unit: fc.constantFrom(...'abcdeéîoûɓ’'), minLength: 3, maxLength: 12 })
      .filter((text) => /^\p{L}{3}/u.test(text));
    fc.assert(
      fc.property(name, name, (surname, firstName) => {
        const words = searchTerms({ ...child, surname, firstName }, []);
        for (const typed of [surname, firstName, surname.toUpperCase()])
          for (const ranks of hits(words, [...typed].slice(0, 3).join(''))) assert.ok(ranks.length > 0, typed);
      }),
    );
  });
  it('sorts by surname first, without marks and case', () => {
    assert.ok(
      sortName({ surname: 'Ábdi', firstName: 'Zena', middleName: null }) <
        sortName({ surname: 'abel', firstName: 'Amos', middleName: null }),
    );
    assert.equal(sortName({ surname: 'Ábdi', firstName: 'Zena', middleName: null }), fold('abdi zena'));
  });
});

describe('papers', () => {
  it('a leaving certificate is for a child who has left, a transfer letter also for one who is about to', () => {
    for (const status of ['applicant', 'expected', 'active', 'suspended'] as const)
      assert.deepEqual([mayHave('leaving', status), mayHave('transfer', status)], [false, true], status);
    for (const status of ['withdrawn', 'transferred', 'graduated', 'archived'] as const)
      assert.ok(mayHave('leaving', status), status);
  });
  it('an address ends with the town, once', () => {
    assert.deepEqual(addressLines('P.O. Box 7\r\n', 'Nakuru'), ['P.O. Box 7', 'Nakuru']);
    assert.deepEqual(addressLines('P.O. Box 7, NAKURU', 'Nakuru'), ['P.O. Box 7, NAKURU']);
    assert.deepEqual(addressLines(null, 'Nakuru'), ['Nakuru']);
    assert.deepEqual(addressLines('Plot 5', null), ['Plot 5']);
  });
});

describe('guardians', () => {
  it('may be one person when they share a whole word besides titles', () => {
    assert.ok(mayBeSamePerson('Mrs Mary Otieno', 'Mary Wambui'));
    assert.ok(!mayBeSamePerson('Mrs Otieno', 'Mrs Kamau'));
    assert.ok(!mayBeSamePerson('M. Otieno', 'M. Kamau'));
  });
  it('are two people with one phone and one surname when the given names differ', () => {
    assert.ok(!mayBeSamePerson('Mary Otieno', 'Jane Otieno'));
    assert.ok(mayBeSamePerson('Mary Wambui Otieno', 'Mrs M. Otieno'), 'an initial agrees');
    assert.ok(mayBeSamePerson('Muhammad Hassan', 'Mohamed Hassan'), 'and so does another spelling');
    assert.ok(mayBeSamePerson('Mrs Otieno', 'Mary Otieno'), 'who wrote no given name contradicts nobody');
  });
  it('are not father in one place and mother in the other, unless the whole name is the same', () => {
    const father = { fullName: 'Hassan Abdi Noor', relationships: ['father'] as const };
    const said = (fullName: string, relationship: Relationship) => ({ fullName, relationship });
    assert.ok(isSamePerson(father, said('Mr Abdi Hassan', 'father')));
    assert.ok(isSamePerson(father, said('Abdi H.', 'guardian')));
    assert.ok(!isSamePerson(father, said('Amina Hassan', 'mother')));
    assert.ok(!isSamePerson(father, said('Peter Kamau', 'father')));
    assert.ok(isSamePerson(father, said('HASSAN ABDI NOOR', 'mother')), 'the whole name counts more than the word for it');
  });
  it('who are barred lose everything that comes with the tie', () => {
    const tie = { barred: true, getsSms: true, getsReports: true, mayCollect: true, livesWith: true };
    assert.deepEqual(bar(tie), { barred: true, getsSms: false, getsReports: false, mayCollect: false, livesWith: false });
    assert.deepEqual(bar({ ...tie, barred: false }), { ...tie, barred: false });
  });
  it('read of an urgent need in red', () => {
    assert.deepEqual(['Peanut allergy, severe', 'Asthma', 'Wears glasses', null].map(isUrgent), [true, true, false, false]);
  });
});

describe('the life-cycle', () => {
  it('leads from each status somewhere, to each status, and every step has a reason', () => {
    for (const status of STATUSES) {
      assert.ok(transitionsFrom(status).length > 0, status);
      assert.ok(status === 'applicant' || TRANSITIONS.some((step) => step.to === status), status);
      assert.ok(statusMark(status));
    }
    for (const step of TRANSITIONS) assert.ok(step.reasons.length > 0, step.key);
  });
  it('refuses a step that the status does not allow', () => {
    for (const status of STATUSES)
      for (const step of TRANSITIONS) {
        if (step.from.includes(status)) assert.equal(transition(step.key, status).to, step.to);
        else assert.throws(() => transition(step.key, status), /This step isn’t possible: the student’s status is “/);
      }
    assert.throws(() => transition('delete', 'active'), /step is not possible here/);
  });
  it('closes the place in class exactly where a child leaves', () => {
    for (const step of TRANSITIONS)
      assert.equal(step.closesEnrolment, ['withdrawn', 'transferred', 'graduated'].includes(step.to), step.key);
  });
});

describe('a line of the ledger', () => {
  it('ends the day before the move, is replaced by a move on its first day, and can’t be moved earlier', () => {
    assert.deepEqual(closingDay({ enteredOn: '2026-01-06' }, '2026-03-01'), { leftOn: '2026-02-28', replaces: false });
    assert.deepEqual(closingDay({ enteredOn: '2026-01-06' }, '2026-01-06'), { leftOn: '2026-01-06', replaces: true });
    assert.throws(() => closingDay({ enteredOn: '2026-01-06' }, '2026-01-05'), /can’t be earlier/);
  });
});

describe('what becomes of a child when the year turns', () => {
  const rule = { pass: 50, margin: 5 };
  const cases: [number | null, boolean, string][] = [
    [null, false, 'promoted'],
    [50, false, 'promoted'],
    [49.99, false, 'review'],
    [45, false, 'review'],
    [44.99, false, 'repeating'],
    [0, false, 'repeating'],
    [10, true, 'leaving'],
    [null, true, 'leaving'],
  ];
  for (const [result, leaves, expected] of cases)
    it(`with ${result ?? 'no'} result${leaves ? ' in the last class' : ''}: ${expected}`, () =>
      assert.equal(decide(result, rule, leaves), expected));
  it('never gets worse with a better result, and without a threshold everybody goes up', () => {
    const order = ['repeating', 'review', 'promoted'];
    const result = fc.double({ min: 0, max: 100, noNaN: true });
    fc.assert(
      fc.property(
        result,
        result,
        fc.double({ min: 0, max: 100, noNaN: true }),
        fc.double({ min: 0, max: 30, noNaN: true }),
        (one, other, pass, margin) => {
          const [low, high] = [Math.min(one, other), Math.max(one, other)].map((each) =>
            order.indexOf(decide(each, { pass, margin }, false)),
          );
          assert.ok(low! <= high!);
          assert.equal(decide(one, { pass: null, margin }, false), 'promoted');
        },
      ),
    );
  });

  const classes = [
    { id: 'g7', nextClassId: 'g8' },
    { id: 'g8', nextClassId: null },
  ];
  const stream = (id: string, classId: string, name: string, order: number, active = true) => ({
    id,
    classId,
    name,
    order,
    active,
  });
  it('goes by plan to the stream of the same name, else of the same place, else the first; a closed one takes nobody', () => {
    const streams = [
      stream('7e', 'g7', 'East', 1),
      stream('7w', 'g7', 'West', 2),
      stream('7n', 'g7', 'North', 3),
      stream('8w', 'g8', 'West', 1),
      stream('8s', 'g8', 'South', 2),
      stream('8e', 'g8', 'East', 3, false),
    ];
    assert.deepEqual(proposePlan(classes, streams).streams, {
      '7e': '8w',
      '7w': '8w',
      '7n': '8w',
      '8w': null,
      '8s': null,
      '8e': null,
    });
    assert.deepEqual(proposePlan(classes, [...streams.slice(0, 5), stream('8e', 'g8', 'East', 3)]).streams['7e'], '8e');
  });

  const plan = { streams: { '7e': '8e', '8e': null }, classes: { g7: 'g8', g8: null } };
  const classOf = new Map([
    ['7e', 'g7'],
    ['8e', 'g8'],
    ['8w', 'g8'],
  ]);
  const learner = { studentId: 's', enrolmentId: 'e', classId: 'g7', streamId: '7e' };
  it('is placed by the decision: up by plan, again in the own class, nowhere for leavers and the undecided', () => {
    const place = (result: number | null, more: Partial<typeof learner> = {}) => {
      const row = planned({ ...learner, ...more }, result, { plan, ...rule }, null, classOf);
      return [row.decision, row.toClassId, row.toStreamId];
    };
    assert.deepEqual(place(80), ['promoted', 'g8', '8e']);
    assert.deepEqual(place(20), ['repeating', 'g7', '7e']);
    assert.deepEqual(place(48), ['review', null, null]);
    assert.deepEqual(place(80, { classId: 'g8', streamId: '8e' }), ['leaving', null, null]);
    assert.deepEqual(
      planned({ ...learner, streamId: null as unknown as string }, 80, { plan, ...rule }, null, classOf).toClassId,
      'g8',
    );
  });
  it('follows a person before the rule, and asks again when the plan leaves them nowhere to go', () => {
    const word = { decision: 'promoted' as const, chosenStreamId: '8w', reason: 'Wish', byName: 'Head' };
    assert.deepEqual(
      [
        planned(learner, 20, { plan, ...rule }, word, classOf).toStreamId,
        planned(learner, 20, { plan, ...rule }, word, classOf).byHand,
      ],
      ['8w', true],
    );
    const last = { ...learner, classId: 'g8', streamId: '8e' };
    assert.equal(
      planned(last, null, { plan, ...rule }, { ...word, chosenStreamId: null as unknown as string }, classOf).decision,
      'review',
    );
  });
});
