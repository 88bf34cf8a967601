import type { UsualFee } from './types.js';

type Line = readonly [
  code: string,
  name: string,
  books: UsualFee['books'],
  more?: Partial<Pick<UsualFee, 'frequency' | 'mandatory' | 'note'>>,
];

const fee = ([code, name, books, more = {}]: Line): UsualFee => ({
  code,
  name,
  books,
  frequency: 'term',
  mandatory: true,
  ...more,
});

const ONCE = { frequency: 'once' } as const;
const YEARLY = { frequency: 'year' } as const;
const TAKEN = { mandatory: false } as const;
/** A structure charges all whom it is for. */
const BOARDERS = { note: 'Put it in a fee structure for boarders only' } as const;

/**
 * Vote heads of the ministry's fee guidelines (Gazette Notice 1555 of 2015, repeated for 2017; knecportal.co), and what
 * schools charge beside them: caution money, development (standardmedia.co.ke, Feb 2015).
 */
export const kenyaFees: readonly UsualFee[] = (
  [
    ['TUI', 'Tuition', 'fees'],
    ['BRD', 'Boarding', 'boarding', BOARDERS],
    ['LUN', 'Lunch', 'meals', TAKEN],
    ['TRA', 'School transport', 'transport', TAKEN],
    ['ACT', 'Activity', 'activities'],
    ['EXM', 'School examinations', 'fees'],
    ['DEV', 'Development', 'fees', YEARLY],
    ['RMI', 'Repairs, maintenance and improvement', 'fees'],
    ['EWC', 'Electricity, water and conservancy', 'fees'],
    ['MED', 'Medical', 'fees', YEARLY],
    ['ADM', 'Admission', 'fees', ONCE],
    ['CAU', 'Caution money', 'deposit', ONCE],
    ['PTA', 'Parents’ association', 'for-others', YEARLY],
    ['KNEC', 'KNEC registration', 'for-others', { ...YEARLY, note: 'Only what candidates pay themselves' }],
  ] satisfies Line[]
).map(fee);

/** Items of bills that private schools write, as Vanguard (10 Dec 2015, 15 Sep 2023) and ephraimschool.com report them; for PTA levies of federal colleges jimidisu.com. */
export const nigeriaFees: readonly UsualFee[] = (
  [
    ['TUI', 'Tuition', 'fees'],
    ['BRD', 'Boarding', 'boarding', BOARDERS],
    ['LUN', 'Lunch', 'meals', TAKEN],
    ['BUS', 'School bus', 'transport', TAKEN],
    ['DEV', 'Development levy', 'fees', YEARLY],
    ['EXM', 'Examination', 'fees'],
    ['ICT', 'ICT', 'fees'],
    ['BKS', 'Books', 'fees', { ...YEARLY, ...TAKEN }],
    ['UNI', 'Uniform', 'fees', { ...ONCE, ...TAKEN }],
    ['SPO', 'Sports and clubs', 'activities'],
    ['MED', 'Medical', 'fees', YEARLY],
    ['REG', 'Registration', 'fees', ONCE],
    ['CAU', 'Caution deposit', 'deposit', ONCE],
    ['PTA', 'PTA levy', 'for-others'],
    ['WAEC', 'WAEC and NECO registration', 'for-others', { ...YEARLY, note: 'For candidates' }],
  ] satisfies Line[]
).map(fee);

/** Items approved for second-cycle schools (graphic.com.gh and ghanatalksbusiness.com, 2014) and those that basic schools bill (ghanaeducationnews.org, 2023). */
export const ghanaFees: readonly UsualFee[] = (
  [
    ['TUI', 'Tuition', 'fees', { note: 'Public basic schools charge no fees (ministry and Ghana Education Service)' }],
    ['BRD', 'Boarding', 'boarding', BOARDERS],
    ['FEE', 'Feeding', 'meals', TAKEN],
    ['BUS', 'School bus', 'transport', TAKEN],
    ['FUF', 'Facilities user fee', 'fees', YEARLY],
    ['EXM', 'Examination', 'fees'],
    ['ICT', 'ICT', 'fees'],
    ['BKS', 'Books and stationery', 'fees', { ...YEARLY, ...TAKEN }],
    ['UNI', 'Uniform', 'fees', { ...ONCE, ...TAKEN }],
    ['SPO', 'Sports and culture', 'activities'],
    ['ADM', 'Admission', 'fees', ONCE],
    ['CAU', 'Caution deposit', 'deposit', ONCE],
    ['PTA', 'PTA dues', 'for-others'],
    ['BECE', 'BECE and WASSCE registration', 'for-others', { ...YEARLY, note: 'For candidates' }],
  ] satisfies Line[]
).map(fee);

/** Items that the Independent (“School fees crunch”) and the Daily Monitor (4 May 2023, on section 33 of the UNEB Act, 2021) report. */
export const ugandaFees: readonly UsualFee[] = (
  [
    ['TUI', 'Tuition', 'fees'],
    ['FUN', 'Functional fees', 'fees'],
    ['BRD', 'Boarding', 'boarding', BOARDERS],
    ['LUN', 'Lunch', 'meals', TAKEN],
    ['VAN', 'School van', 'transport', TAKEN],
    ['DEV', 'Development and maintenance', 'fees'],
    ['SCH', 'Scholastic materials', 'fees', TAKEN],
    ['EXM', 'School examinations', 'fees'],
    ['UNI', 'Uniform', 'fees', { ...ONCE, ...TAKEN }],
    ['COC', 'Co-curricular activities', 'activities'],
    ['ADM', 'Admission', 'fees', ONCE],
    ['CAU', 'Caution money', 'deposit', ONCE],
    [
      'UNEB',
      'UNEB registration',
      'for-others',
      { ...YEARLY, note: 'For candidates, no more than the board has set (UNEB Act, 2021, section 33)' },
    ],
  ] satisfies Line[]
).map(fee);

const NOT_PUBLIC = 'Not in a public school: Schools Act, section 39(5)';

/** The Schools Act 84 of 1996, section 39(5), as amended in 2005 (WCED circular 16 of 2007): a public school charges school fees and nothing else. */
export const southAfricaFees: readonly UsualFee[] = (
  [
    ['FEE', 'School fees', 'fees'],
    ['HOS', 'Hostel', 'boarding', BOARDERS],
    ['AFT', 'Aftercare', 'fees', TAKEN],
    ['TRA', 'Transport', 'transport', TAKEN],
    ['MEA', 'Meals', 'meals', TAKEN],
    ['STA', 'Stationery', 'fees', { ...YEARLY, ...TAKEN }],
    ['TOU', 'Tours and camps', 'activities', TAKEN],
    ['REG', 'Registration', 'fees', { ...ONCE, note: NOT_PUBLIC }],
    ['LEV', 'Development levy', 'fees', { ...YEARLY, note: NOT_PUBLIC }],
    ['DEP', 'Deposit', 'deposit', { ...ONCE, note: NOT_PUBLIC }],
  ] satisfies Line[]
).map(fee);
