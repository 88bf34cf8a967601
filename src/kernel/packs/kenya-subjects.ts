import { compulsory, electives, withPeriods } from './build.js';
import type { Pathway, Subject } from './types.js';

// Codes of KCSE: list of the examinations council as reported by jitimu.com (Dec 2022), compared in November 2026.
const PRE_PRIMARY = ['PP1', 'PP2'];
const LOWER_PRIMARY = ['G1', 'G2', 'G3'];
const UPPER_PRIMARY = ['G4', 'G5', 'G6'];
const JUNIOR = ['G7', 'G8', 'G9'];
const SENIOR = ['G10', 'G11', 'G12'];
const FORMS = ['F3', 'F4'];

const prePrimary = compulsory(PRE_PRIMARY, [
  ['PP-LAN', 'Language activities', 'Language', 'Languages'],
  ['PP-MAT', 'Mathematical activities', 'Maths', 'Mathematics'],
  ['PP-ENV', 'Environmental activities', 'Environment', 'Sciences'],
  ['PP-CRE', 'Creative activities', 'Creative', 'Creative arts', { practical: true }],
  ['PP-REL', 'Religious activities', 'Religion', 'Humanities'],
]);

const lowerPrimary = compulsory(LOWER_PRIMARY, [
  ['LP-IND', 'Indigenous language activities', 'Indigenous', 'Languages'],
  ['LP-ENG', 'English language activities', 'English', 'Languages'],
  ['LP-KIS', 'Kiswahili language activities', 'Kiswahili', 'Languages', { choice: 'Kiswahili or sign language' }],
  ['LP-KSL', 'Kenyan Sign Language activities', 'KSL', 'Languages', { choice: 'Kiswahili or sign language' }],
  ['LP-MAT', 'Mathematical activities', 'Maths', 'Mathematics'],
  ['LP-ENV', 'Environmental activities', 'Environment', 'Sciences'],
  ['LP-CRE', 'Christian religious education activities', 'CRE', 'Humanities', { choice: 'Religious education' }],
  ['LP-IRE', 'Islamic religious education activities', 'IRE', 'Humanities', { choice: 'Religious education' }],
  ['LP-HRE', 'Hindu religious education activities', 'HRE', 'Humanities', { choice: 'Religious education' }],
  ['LP-CAR', 'Creative activities', 'Creative', 'Creative arts', { practical: true }],
]);

const upperPrimary = compulsory(UPPER_PRIMARY, [
  ['UP-ENG', 'English', 'English', 'Languages'],
  ['UP-KIS', 'Kiswahili', 'Kiswahili', 'Languages', { choice: 'Kiswahili or sign language' }],
  ['UP-KSL', 'Kenyan Sign Language', 'KSL', 'Languages', { choice: 'Kiswahili or sign language' }],
  ['UP-MAT', 'Mathematics', 'Maths', 'Mathematics'],
  ['UP-SCI', 'Science and Technology', 'Sci & Tech', 'Sciences', { practical: true }],
  ['UP-AGR', 'Agriculture and Nutrition', 'Agriculture', 'Sciences', { practical: true }],
  ['UP-SST', 'Social Studies', 'Social', 'Humanities'],
  ['UP-CRE', 'Christian Religious Education', 'CRE', 'Humanities', { choice: 'Religious education' }],
  ['UP-IRE', 'Islamic Religious Education', 'IRE', 'Humanities', { choice: 'Religious education' }],
  ['UP-HRE', 'Hindu Religious Education', 'HRE', 'Humanities', { choice: 'Religious education' }],
  ['UP-CAR', 'Creative Arts', 'Creative', 'Creative arts', { practical: true }],
]);

const junior = compulsory(JUNIOR, [
  ['JS-ENG', 'English', 'English', 'Languages', { code: '901', papers: 2 }],
  ['JS-KIS', 'Kiswahili', 'Kiswahili', 'Languages', { code: '902', papers: 2, choice: 'Kiswahili or sign language' }],
  ['JS-KSL', 'Kenyan Sign Language', 'KSL', 'Languages', { code: '904', papers: 2, choice: 'Kiswahili or sign language' }],
  ['JS-MAT', 'Mathematics', 'Maths', 'Mathematics', { code: '903' }],
  ['JS-SCI', 'Integrated Science', 'Int Science', 'Sciences', { code: '905', papers: 2, practical: true }],
  ['JS-AGR', 'Agriculture', 'Agriculture', 'Sciences', { code: '906', papers: 2, practical: true }],
  ['JS-PTS', 'Pre-Technical Studies', 'Pre-Tech', 'Technical and applied', { code: '912', papers: 2, practical: true }],
  ['JS-SST', 'Social Studies', 'Social', 'Humanities', { code: '907' }],
  ['JS-CRE', 'Christian Religious Education', 'CRE', 'Humanities', { code: '908', choice: 'Religious education' }],
  ['JS-IRE', 'Islamic Religious Education', 'IRE', 'Humanities', { code: '909', choice: 'Religious education' }],
  ['JS-HRE', 'Hindu Religious Education', 'HRE', 'Humanities', { code: '910', choice: 'Religious education' }],
  ['JS-CAS', 'Creative Arts and Sports', 'Arts & Sports', 'Creative arts', { code: '911', papers: 2, practical: true }],
]);

const seniorCore = compulsory(SENIOR, [
  ['SS-ENG', 'English', 'English', 'Languages'],
  ['SS-KIS', 'Kiswahili', 'Kiswahili', 'Languages', { choice: 'Kiswahili or sign language' }],
  ['SS-KSL', 'Kenyan Sign Language', 'KSL', 'Languages', { choice: 'Kiswahili or sign language' }],
  ['SS-CMA', 'Core Mathematics', 'Core Maths', 'Mathematics', { choice: 'Mathematics' }],
  ['SS-EMA', 'Essential Mathematics', 'Ess Maths', 'Mathematics', { choice: 'Mathematics' }],
  ['SS-CSL', 'Community Service Learning', 'CSL', 'Humanities', { practical: true }],
  ['SS-PED', 'Physical Education', 'PE', 'Creative arts', { practical: true }],
  ['SS-ICT', 'ICT Skills', 'ICT', 'Technical and applied', { practical: true }],
]);

const seniorStem = electives(SENIOR, [
  ['SS-BIO', 'Biology', 'Biology', 'Sciences', { practical: true }],
  ['SS-CHE', 'Chemistry', 'Chemistry', 'Sciences', { practical: true }],
  ['SS-PHY', 'Physics', 'Physics', 'Sciences', { practical: true }],
  ['SS-GSC', 'General Science', 'Gen Science', 'Sciences', { practical: true }],
  ['SS-AGR', 'Agriculture', 'Agriculture', 'Technical and applied', { practical: true }],
  ['SS-COM', 'Computer Studies', 'Computer', 'Technical and applied', { practical: true }],
  ['SS-HSC', 'Home Science', 'Home Sci', 'Technical and applied', { practical: true }],
  ['SS-AVI', 'Aviation', 'Aviation', 'Technical and applied', { practical: true }],
  ['SS-BUI', 'Building and Construction', 'Building', 'Technical and applied', { practical: true }],
  ['SS-ELE', 'Electricity', 'Electricity', 'Technical and applied', { practical: true }],
  ['SS-MET', 'Metalwork', 'Metalwork', 'Technical and applied', { practical: true }],
  ['SS-POW', 'Power Mechanics', 'Power Mech', 'Technical and applied', { practical: true }],
  ['SS-WOO', 'Woodwork', 'Woodwork', 'Technical and applied', { practical: true }],
  ['SS-MED', 'Media Technology', 'Media', 'Technical and applied', { practical: true }],
  ['SS-MAR', 'Marine and Fisheries Technology', 'Marine', 'Technical and applied', { practical: true }],
]);

const seniorSocial = electives(SENIOR, [
  ['SS-LIT', 'Literature in English', 'Literature', 'Languages'],
  ['SS-FAS', 'Fasihi ya Kiswahili', 'Fasihi', 'Languages'],
  ['SS-IND', 'Indigenous Language', 'Indigenous', 'Languages'],
  ['SS-ARA', 'Arabic', 'Arabic', 'Languages'],
  ['SS-FRE', 'French', 'French', 'Languages'],
  ['SS-GER', 'German', 'German', 'Languages'],
  ['SS-MAN', 'Mandarin Chinese', 'Mandarin', 'Languages'],
  ['SS-CRE', 'Christian Religious Education', 'CRE', 'Humanities'],
  ['SS-IRE', 'Islamic Religious Education', 'IRE', 'Humanities'],
  ['SS-HRE', 'Hindu Religious Education', 'HRE', 'Humanities'],
  ['SS-HIS', 'History and Citizenship', 'History', 'Humanities'],
  ['SS-GEO', 'Geography', 'Geography', 'Humanities'],
  ['SS-BUS', 'Business Studies', 'Business', 'Humanities'],
]);

const seniorArts = electives(SENIOR, [
  ['SS-MUS', 'Music and Dance', 'Music', 'Creative arts', { practical: true }],
  ['SS-THE', 'Theatre and Film', 'Theatre', 'Creative arts', { practical: true }],
  ['SS-FIN', 'Fine Arts', 'Fine Arts', 'Creative arts', { practical: true }],
  ['SS-SPO', 'Sports and Recreation', 'Sports', 'Creative arts', { practical: true }],
]);

const formsCore = compulsory(FORMS, [
  ['ENG', 'English', 'English', 'Languages', { code: '101', papers: 3 }],
  ['KIS', 'Kiswahili', 'Kiswahili', 'Languages', { code: '102', papers: 3, choice: 'Kiswahili or sign language' }],
  [
    'KSL',
    'Kenyan Sign Language',
    'KSL',
    'Languages',
    { code: '504', papers: 3, practical: true, choice: 'Kiswahili or sign language' },
  ],
  ['MAT', 'Mathematics Alternative A', 'Maths', 'Mathematics', { code: '121', papers: 2, choice: 'Mathematics' }],
  ['MAB', 'Mathematics Alternative B', 'Maths B', 'Mathematics', { code: '122', papers: 2, choice: 'Mathematics' }],
]);

const formsElective = electives(FORMS, [
  ['BIO', 'Biology', 'Biology', 'Sciences', { code: '231', papers: 3, practical: true }],
  ['PHY', 'Physics', 'Physics', 'Sciences', { code: '232', papers: 3, practical: true }],
  ['CHE', 'Chemistry', 'Chemistry', 'Sciences', { code: '233', papers: 3, practical: true }],
  ['GSC', 'General Science', 'Gen Science', 'Sciences', { code: '237', papers: 2, practical: true }],
  ['HIS', 'History and Government', 'History', 'Humanities', { code: '311', papers: 2 }],
  ['GEO', 'Geography', 'Geography', 'Humanities', { code: '312', papers: 2 }],
  ['CRE', 'Christian Religious Education', 'CRE', 'Humanities', { code: '313', papers: 2 }],
  ['IRE', 'Islamic Religious Education', 'IRE', 'Humanities', { code: '314', papers: 2 }],
  ['HRE', 'Hindu Religious Education', 'HRE', 'Humanities', { code: '315', papers: 2 }],
  ['HSC', 'Home Science', 'Home Sci', 'Technical and applied', { code: '441', papers: 3, practical: true }],
  ['ART', 'Art and Design', 'Art', 'Creative arts', { code: '442', papers: 3, practical: true }],
  ['AGR', 'Agriculture', 'Agriculture', 'Technical and applied', { code: '443', papers: 3, practical: true }],
  ['WOO', 'Woodwork', 'Woodwork', 'Technical and applied', { code: '444', papers: 2, practical: true }],
  ['MET', 'Metalwork', 'Metalwork', 'Technical and applied', { code: '445', papers: 2, practical: true }],
  ['BUI', 'Building Construction', 'Building', 'Technical and applied', { code: '446', papers: 2, practical: true }],
  ['POW', 'Power Mechanics', 'Power Mech', 'Technical and applied', { code: '447', papers: 2, practical: true }],
  ['ELE', 'Electricity', 'Electricity', 'Technical and applied', { code: '448', papers: 2, practical: true }],
  ['DRA', 'Drawing and Design', 'Drawing', 'Technical and applied', { code: '449', papers: 2, practical: true }],
  ['AVI', 'Aviation Technology', 'Aviation', 'Technical and applied', { code: '450', papers: 2, practical: true }],
  ['COM', 'Computer Studies', 'Computer', 'Technical and applied', { code: '451', papers: 3, practical: true }],
  ['FRE', 'French', 'French', 'Languages', { code: '501', papers: 3 }],
  ['GER', 'German', 'German', 'Languages', { code: '502', papers: 3 }],
  ['ARA', 'Arabic', 'Arabic', 'Languages', { code: '503', papers: 3 }],
  ['MUS', 'Music', 'Music', 'Creative arts', { code: '511', papers: 3, practical: true }],
  ['BUS', 'Business Studies', 'Business', 'Humanities', { code: '565', papers: 2 }],
]);

/**
 * Lessons a week since the subjects were merged, as arena.co.ke and kalahari.co.ke have them (2024); one lesson of the
 * pastoral programme comes on top of each. Senior school by the curriculum institute's guidelines (hivileo.co.ke, 30 Dec
 * 2025; educationnews.co.ke and newspro.co.ke alike): 40 lessons, with three electives, one of the pastoral programme and one of study.
 */
const WEEKLY = {
  'LP-IND': 2,
  'LP-KIS': 4,
  'LP-KSL': 4,
  'LP-ENG': 5,
  'LP-MAT': 5,
  'LP-CRE': 3,
  'LP-IRE': 3,
  'LP-HRE': 3,
  'LP-ENV': 4,
  'LP-CAR': 7,
  'UP-ENG': 5,
  'UP-KIS': 4,
  'UP-KSL': 4,
  'UP-MAT': 5,
  'UP-CRE': 3,
  'UP-IRE': 3,
  'UP-HRE': 3,
  'UP-SCI': 4,
  'UP-AGR': 4,
  'UP-SST': 3,
  'UP-CAR': 6,
  'JS-ENG': 5,
  'JS-KIS': 4,
  'JS-KSL': 4,
  'JS-MAT': 5,
  'JS-CRE': 4,
  'JS-IRE': 4,
  'JS-HRE': 4,
  'JS-SST': 4,
  'JS-SCI': 5,
  'JS-PTS': 4,
  'JS-AGR': 4,
  'JS-CAS': 5,
  'SS-ENG': 5,
  'SS-KIS': 5,
  'SS-KSL': 5,
  'SS-CMA': 5,
  'SS-EMA': 5,
  'SS-CSL': 3,
  'SS-PED': 3,
  'SS-ICT': 2,
};
/** Of each elective of senior school. */
const WEEKLY_ELECTIVE = 5;
const weekly = (subjects: readonly Subject[]) =>
  withPeriods(subjects, Object.fromEntries(subjects.map((one) => [one.code, WEEKLY_ELECTIVE])));

export const kenyaSubjects: Subject[] = [
  ...prePrimary,
  ...withPeriods([...lowerPrimary, ...upperPrimary, ...junior, ...seniorCore], WEEKLY),
  ...weekly([...seniorStem, ...seniorSocial, ...seniorArts]),
  ...formsCore,
  ...formsElective,
];

const codes = (subjects: readonly Subject[]) => subjects.map((subject) => subject.code);

/** The third elective may come from elsewhere. */
const OPEN_TO_ALL = [
  'SS-BIO',
  'SS-BUS',
  'SS-COM',
  'SS-GEO',
  'SS-GSC',
  'SS-HIS',
  'SS-CRE',
  'SS-IRE',
  'SS-HRE',
  'SS-LIT',
  'SS-FAS',
  'SS-ARA',
  'SS-FRE',
  'SS-GER',
  'SS-MAN',
  'SS-SPO',
];

const THREE = 'A learner takes three electives, at least two of them from the pathway.';
const ESSENTIAL = `Essential Mathematics, or Core Mathematics where junior school results allow it. ${THREE}`;

const pathway = (id: string, name: string, own: readonly Subject[], tracks: readonly string[], rule: string): Pathway => ({
  id,
  name,
  levels: SENIOR,
  subjects: [...new Set([...codes(own), ...OPEN_TO_ALL])],
  tracks,
  rule,
});

/**
 * Mathematics and the three electives by the permanent secretary's framework for senior school (getembetv.co.ke) and the
 * curriculum institute (flashnews.co.ke); tracks by the ministry's list of schools (tengele.com) and kenyans.co.ke.
 */
export const kenyaPathways: Pathway[] = [
  pathway(
    'stem',
    'STEM',
    seniorStem,
    ['Pure Sciences', 'Applied Sciences', 'Technical Studies'],
    `Core Mathematics is compulsory. ${THREE}`,
  ),
  pathway(
    'social-sciences',
    'Social Sciences',
    seniorSocial,
    ['Languages and Literature', 'Humanities and Business Studies'],
    ESSENTIAL,
  ),
  pathway('arts-sports', 'Arts and Sports Science', seniorArts, ['Arts', 'Sports Science'], ESSENTIAL),
];
