import { compulsory, electives, withPeriods } from './build.js';
import type { SubjectLine } from './build.js';
import type { Pathway, Subject } from './types.js';

// Codes of 112, 241, 456, 535, 545, 553, 612 and S101: the examinations board's notes as reported by updatesug.com (Dec 2023);
// the others could not be compared.
const NURSERY = ['BABY', 'MIDDLE', 'TOP'];
const LOWER = ['P1', 'P2', 'P3'];
const UPPER = ['P4', 'P5', 'P6', 'P7'];
const FIRST = ['S1', 'S2'];
const SECOND = ['S3', 'S4'];
const O_LEVEL = [...FIRST, ...SECOND];
const A_LEVEL = ['S5', 'S6'];

const nursery = compulsory(NURSERY, [
  ['NU-LAN', 'Language development', 'Language', 'Languages'],
  ['NU-MAT', 'Mathematical concepts', 'Maths', 'Mathematics'],
  ['NU-SOC', 'Social development', 'Social', 'Humanities'],
  ['NU-HEA', 'Health habits', 'Health', 'Sciences'],
  ['NU-CRE', 'Creative and physical play', 'Play', 'Creative arts', { practical: true }],
]);

const lowerPrimary = compulsory(LOWER, [
  ['LP-ENG', 'English', 'English', 'Languages'],
  ['LP-LOC', 'Local language', 'Local lang', 'Languages'],
  ['LP-MAT', 'Mathematics', 'Maths', 'Mathematics'],
  ['LP-LI1', 'Literacy I', 'Literacy I', 'Languages'],
  ['LP-LI2', 'Literacy II', 'Literacy II', 'Languages'],
  ['LP-REL', 'Religious Education', 'RE', 'Humanities'],
  ['LP-CPE', 'Creative Arts and Physical Education', 'CAPE', 'Creative arts', { practical: true }],
]);

const upperPrimary = compulsory(UPPER, [
  ['UP-ENG', 'English', 'English', 'Languages'],
  ['UP-MAT', 'Mathematics', 'Maths', 'Mathematics'],
  ['UP-SCI', 'Integrated Science', 'Science', 'Sciences'],
  ['UP-SST', 'Social Studies with Religious Education', 'SST', 'Humanities'],
  ['UP-LOC', 'Local language', 'Local lang', 'Languages'],
  ['UP-CPE', 'Creative Arts and Physical Education', 'CAPE', 'Creative arts', { practical: true }],
]);

const CORE: SubjectLine[] = [
  ['OL-ENG', 'English Language', 'English', 'Languages', { code: '112', papers: 2 }],
  ['OL-MAT', 'Mathematics', 'Maths', 'Mathematics', { code: '456', papers: 2 }],
  ['OL-BIO', 'Biology', 'Biology', 'Sciences', { code: '553', papers: 2, practical: true }],
  ['OL-CHE', 'Chemistry', 'Chemistry', 'Sciences', { code: '545', papers: 2, practical: true }],
  ['OL-PHY', 'Physics', 'Physics', 'Sciences', { code: '535', papers: 2, practical: true }],
  ['OL-GEO', 'Geography', 'Geography', 'Humanities', { code: '273', papers: 2 }],
  ['OL-HIS', 'History and Political Education', 'History', 'Humanities', { code: '241', papers: 2 }],
];

/** Compulsory in Senior 1 and 2, a choice in Senior 3 and 4: the same subject needs a row for each. */
const EARLY_CORE: SubjectLine[] = [
  ['S12-KIS', 'Kiswahili', 'Kiswahili', 'Languages', { code: '336' }],
  ['S12-CRE', 'Christian Religious Education', 'CRE', 'Humanities', { code: '223', choice: 'Religious education' }],
  ['S12-IRE', 'Islamic Religious Education', 'IRE', 'Humanities', { code: '225', choice: 'Religious education' }],
  ['S12-ENT', 'Entrepreneurship Education', 'Entrepreneur', 'Vocational', { code: '845' }],
  ['S12-PED', 'Physical Education', 'PE', 'Vocational', { practical: true }],
];

const LATER_CHOICE: SubjectLine[] = [
  ['S34-KIS', 'Kiswahili', 'Kiswahili', 'Languages', { code: '336' }],
  ['S34-CRE', 'Christian Religious Education', 'CRE', 'Humanities', { code: '223' }],
  ['S34-IRE', 'Islamic Religious Education', 'IRE', 'Humanities', { code: '225' }],
  ['S34-ENT', 'Entrepreneurship Education', 'Entrepreneur', 'Vocational', { code: '845' }],
  ['S34-PED', 'Physical Education', 'PE', 'Vocational', { practical: true }],
];

const oLevel = [
  ...compulsory(O_LEVEL, CORE),
  ...compulsory(FIRST, EARLY_CORE),
  ...electives(SECOND, LATER_CHOICE),
  ...electives(O_LEVEL, [
    ['OL-LIT', 'Literature in English', 'Literature', 'Languages', { code: '208', papers: 2 }],
    ['OL-LUG', 'Luganda', 'Luganda', 'Languages', { code: '335', papers: 2 }],
    ['OL-LOC', 'Local language', 'Local lang', 'Languages', { papers: 2 }],
    ['OL-FRE', 'French', 'French', 'Languages', { code: '314', papers: 2 }],
    ['OL-GER', 'German', 'German', 'Languages', { code: '309', papers: 2 }],
    ['OL-ARA', 'Arabic', 'Arabic', 'Languages', { code: '337', papers: 2 }],
    ['OL-CHI', 'Chinese', 'Chinese', 'Languages', { papers: 2 }],
    ['OL-ICT', 'Information and Communication Technology', 'ICT', 'Vocational', { code: '840', papers: 2, practical: true }],
    ['OL-AGR', 'Agriculture', 'Agriculture', 'Vocational', { code: '527', papers: 2, practical: true }],
    ['OL-NFT', 'Nutrition and Food Technology', 'Nutrition', 'Vocational', { papers: 2, practical: true }],
    ['OL-ART', 'Art and Design', 'Art', 'Vocational', { code: '612', papers: 2, practical: true }],
    ['OL-PFA', 'Performing Arts', 'Performing', 'Vocational', { code: '621', papers: 2, practical: true }],
    ['OL-TED', 'Technology and Design', 'Tech & Design', 'Vocational', { papers: 2, practical: true }],
  ]),
];

const aLevelCore = compulsory(A_LEVEL, [
  ['AL-GP', 'General Paper', 'GP', 'Subsidiary', { code: 'S101' }],
  ['AL-SMA', 'Subsidiary Mathematics', 'Sub Maths', 'Subsidiary', { code: 'S475', choice: 'Subsidiary' }],
  ['AL-SIC', 'Subsidiary ICT', 'Sub ICT', 'Subsidiary', { code: 'S850', papers: 2, practical: true, choice: 'Subsidiary' }],
]);

const sciences = electives(A_LEVEL, [
  ['AL-MAT', 'Mathematics', 'Maths', 'Sciences', { code: 'P425', papers: 2 }],
  ['AL-PHY', 'Physics', 'Physics', 'Sciences', { code: 'P510', papers: 3, practical: true }],
  ['AL-CHE', 'Chemistry', 'Chemistry', 'Sciences', { code: 'P525', papers: 3, practical: true }],
  ['AL-BIO', 'Biology', 'Biology', 'Sciences', { code: 'P530', papers: 3, practical: true }],
  ['AL-AGR', 'Agriculture', 'Agriculture', 'Sciences', { code: 'P515', papers: 3, practical: true }],
]);

const arts = electives(A_LEVEL, [
  ['AL-HIS', 'History', 'History', 'Humanities', { code: 'P210', papers: 2 }],
  ['AL-ECO', 'Economics', 'Economics', 'Humanities', { code: 'P220', papers: 2 }],
  ['AL-ENT', 'Entrepreneurship Education', 'Entrepreneur', 'Humanities', { code: 'P230', papers: 2 }],
  ['AL-IRE', 'Islamic Religious Education', 'IRE', 'Humanities', { code: 'P235', papers: 2 }],
  ['AL-CRE', 'Christian Religious Education', 'CRE', 'Humanities', { code: 'P245', papers: 2 }],
  ['AL-GEO', 'Geography', 'Geography', 'Humanities', { code: 'P250', papers: 3 }],
  ['AL-LIT', 'Literature in English', 'Literature', 'Languages', { code: 'P310', papers: 3 }],
  ['AL-KIS', 'Kiswahili', 'Kiswahili', 'Languages', { papers: 3 }],
  ['AL-FRE', 'French', 'French', 'Languages', { papers: 3 }],
  ['AL-LUG', 'Luganda', 'Luganda', 'Languages', { code: 'P360', papers: 3 }],
  ['AL-ART', 'Art', 'Art', 'Creative arts', { code: 'P615', papers: 3, practical: true }],
  ['AL-MUS', 'Music', 'Music', 'Creative arts', { papers: 3, practical: true }],
]);

/**
 * Lessons a week in Senior 1 and 2 by the curriculum centre's sample timetable (ictteachersug.net), and of history in all four
 * years. Of other subjects it says something else for Senior 3 and 4, and of primary classes and A level nothing was found.
 */
const WEEKLY = { 'S12-KIS': 2, 'S12-CRE': 2, 'S12-IRE': 2, 'S12-ENT': 2, 'S12-PED': 2, 'OL-HIS': 3 };

export const ugandaSubjects: Subject[] = [
  ...nursery,
  ...lowerPrimary,
  ...upperPrimary,
  ...withPeriods(oLevel, WEEKLY),
  ...aLevelCore,
  ...sciences,
  ...arts,
];

const codes = (subjects: readonly Subject[]) => subjects.map((subject) => subject.code);

/** Letters of the combinations; D is divinity, as Christian religious education is called in them. */
const LETTERS: Record<string, string> = {
  P: 'AL-PHY',
  C: 'AL-CHE',
  B: 'AL-BIO',
  M: 'AL-MAT',
  E: 'AL-ECO',
  G: 'AL-GEO',
  H: 'AL-HIS',
  L: 'AL-LIT',
  D: 'AL-CRE',
  A: 'AL-ART',
};
/** Those that most schools offer (ugfacts.net; nyabikoniss.ac.ug, Sept 2024); a school adds its own. */
const COMBINATIONS = ['PCM', 'PCB', 'BCM', 'PEM', 'MEG', 'HEG', 'HEL', 'HED', 'HEA', 'HGL', 'HLD', 'LEG', 'DEG'];
const RULE = 'Three principal subjects with General Paper, and Subsidiary Mathematics or Subsidiary ICT.';

function combination(letters: string): Pathway {
  const own = [...letters].map((letter) => [...sciences, ...arts].find((one) => one.code === LETTERS[letter])!);
  return {
    id: letters.toLowerCase(),
    name: `${letters} (${own.map((one) => one.shortName).join(', ')})`,
    levels: A_LEVEL,
    subjects: codes(own),
  };
}

export const ugandaPathways: Pathway[] = [
  {
    id: 'sciences',
    name: 'Sciences',
    levels: A_LEVEL,
    subjects: [...codes(sciences), 'AL-ECO', 'AL-GEO', 'AL-ENT', 'AL-ART'],
    rule: RULE,
  },
  { id: 'arts', name: 'Arts', levels: A_LEVEL, subjects: [...codes(arts), 'AL-MAT'], rule: RULE },
  ...COMBINATIONS.map(combination),
];
