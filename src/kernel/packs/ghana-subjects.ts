import { compulsory, electives, withPeriods } from './build.js';
import type { Pathway, Subject } from './types.js';

const KG = ['KG1', 'KG2'];
const LOWER = ['B1', 'B2', 'B3'];
const UPPER = ['B4', 'B5', 'B6'];
const JHS = ['JHS1', 'JHS2', 'JHS3'];
const SHS = ['SHS1', 'SHS2', 'SHS3'];

const kindergarten = compulsory(KG, [
  ['KG-LIT', 'Language and Literacy', 'Literacy', 'Languages'],
  ['KG-NUM', 'Numeracy', 'Numeracy', 'Mathematics'],
  ['KG-OWO', 'Our World and Our People', 'OWOP', 'Humanities'],
  ['KG-CRE', 'Creative Arts', 'Creative', 'Creative arts', { practical: true }],
  ['KG-PED', 'Physical Education', 'PE', 'Physical education', { practical: true }],
]);

const primary = compulsory(
  [...LOWER, ...UPPER],
  [
    ['PR-ENG', 'English Language', 'English', 'Languages'],
    ['PR-GHL', 'Ghanaian Language', 'Gh Language', 'Languages'],
    ['PR-MAT', 'Mathematics', 'Maths', 'Mathematics'],
    ['PR-SCI', 'Science', 'Science', 'Sciences'],
    ['PR-HIS', 'History', 'History', 'Humanities'],
    ['PR-RME', 'Religious and Moral Education', 'RME', 'Humanities'],
    ['PR-CRE', 'Creative Arts', 'Creative', 'Creative arts', { practical: true }],
    ['PR-PED', 'Physical Education', 'PE', 'Physical education', { practical: true }],
  ],
);

const upperPrimary = compulsory(UPPER, [
  ['UP-COM', 'Computing', 'Computing', 'Technology', { practical: true }],
  ['UP-FRE', 'French', 'French', 'Languages'],
]);

const juniorHigh = [
  ...compulsory(JHS, [
    ['JH-ENG', 'English Language', 'English', 'Languages', { papers: 2 }],
    ['JH-GHL', 'Ghanaian Language', 'Gh Language', 'Languages', { papers: 2 }],
    ['JH-MAT', 'Mathematics', 'Maths', 'Mathematics', { papers: 2 }],
    ['JH-SCI', 'Science', 'Science', 'Sciences', { papers: 2, practical: true }],
    ['JH-SST', 'Social Studies', 'Social', 'Humanities', { papers: 2 }],
    ['JH-RME', 'Religious and Moral Education', 'RME', 'Humanities', { papers: 2 }],
    ['JH-COM', 'Computing', 'Computing', 'Technology', { papers: 2, practical: true }],
    ['JH-CTE', 'Career Technology', 'Career Tech', 'Technology', { papers: 2, practical: true }],
    ['JH-CAD', 'Creative Arts and Design', 'CAD', 'Creative arts', { papers: 2, practical: true }],
    ['JH-PHE', 'Physical and Health Education', 'PHE', 'Physical education', { practical: true }],
  ]),
  ...electives(JHS, [
    ['JH-FRE', 'French', 'French', 'Languages', { papers: 2 }],
    ['JH-ARA', 'Arabic', 'Arabic', 'Languages', { papers: 2 }],
  ]),
];

const seniorCore = compulsory(SHS, [
  ['SH-ENG', 'English Language', 'English', 'Core', { papers: 3 }],
  ['SH-MAT', 'Mathematics', 'Maths', 'Core', { papers: 2 }],
  ['SH-SCI', 'General Science', 'Gen Science', 'Core', { papers: 3, practical: true }],
  ['SH-SST', 'Social Studies', 'Social', 'Core', { papers: 2 }],
  ['SH-PEH', 'Physical Education and Health', 'PEH', 'Core', { practical: true }],
]);

const science = electives(SHS, [
  ['SH-BIO', 'Biology', 'Biology', 'Science', { papers: 3, practical: true }],
  ['SH-CHE', 'Chemistry', 'Chemistry', 'Science', { papers: 3, practical: true }],
  ['SH-PHY', 'Physics', 'Physics', 'Science', { papers: 3, practical: true }],
  ['SH-AMA', 'Additional Mathematics', 'Add Maths', 'Science', { papers: 2 }],
  ['SH-BMS', 'Biomedical Science', 'Biomedical', 'Science', { practical: true }],
  ['SH-COM', 'Computing', 'Computing', 'Science', { papers: 3, practical: true }],
]);

const arts = electives(SHS, [
  ['SH-LIT', 'Literature in English', 'Literature', 'Arts', { papers: 3 }],
  ['SH-GHL', 'Ghanaian Language', 'Gh Language', 'Arts', { papers: 2 }],
  ['SH-FRE', 'French', 'French', 'Arts', { papers: 3 }],
  ['SH-ARA', 'Arabic', 'Arabic', 'Arts', { papers: 3 }],
  ['SH-HIS', 'History', 'History', 'Arts', { papers: 2 }],
  ['SH-GOV', 'Government', 'Government', 'Arts', { papers: 2 }],
  ['SH-GEO', 'Geography', 'Geography', 'Arts', { papers: 3, practical: true }],
  ['SH-ECO', 'Economics', 'Economics', 'Arts', { papers: 2 }],
  ['SH-CRS', 'Christian Religious Studies', 'CRS', 'Arts', { papers: 2 }],
  ['SH-IRS', 'Islamic Religious Studies', 'IRS', 'Arts', { papers: 2 }],
  ['SH-MUS', 'Music', 'Music', 'Arts', { papers: 3, practical: true }],
]);

const business = electives(SHS, [
  ['SH-ACC', 'Accounting', 'Accounting', 'Business', { papers: 2 }],
  ['SH-COS', 'Cost Accounting', 'Costing', 'Business', { papers: 2 }],
  ['SH-BMA', 'Business Management', 'Business Mgt', 'Business', { papers: 2 }],
]);

const visualArts = electives(SHS, [
  ['SH-ADS', 'Art and Design Studio', 'Studio', 'Visual Arts', { papers: 3, practical: true }],
  ['SH-ADF', 'Art and Design Foundation', 'Foundation', 'Visual Arts', { papers: 2, practical: true }],
]);

const homeEconomics = electives(SHS, [
  ['SH-FNU', 'Food and Nutrition', 'Foods', 'Home Economics', { papers: 3, practical: true }],
  ['SH-MIL', 'Management in Living', 'Mgt in Living', 'Home Economics', { papers: 3, practical: true }],
  ['SH-CLT', 'Clothing and Textiles', 'Clothing', 'Home Economics', { papers: 3, practical: true }],
]);

const agriculture = electives(SHS, [
  ['SH-AGR', 'Agriculture', 'Agriculture', 'Agriculture', { papers: 3, practical: true }],
  ['SH-AGS', 'Agricultural Science', 'Agric Science', 'Agriculture', { papers: 3, practical: true }],
]);

const technical = electives(SHS, [
  ['SH-DCT', 'Design and Communication Technology', 'Design Tech', 'Technical', { papers: 3, practical: true }],
  ['SH-ATE', 'Applied Technology', 'Applied Tech', 'Technical', { papers: 3, practical: true }],
  ['SH-EGR', 'Engineering', 'Engineering', 'Technical', { papers: 3, practical: true }],
  ['SH-ROB', 'Robotics', 'Robotics', 'Technical', { papers: 2, practical: true }],
]);

/**
 * Lessons a week: of 30 minutes in primary school by the curriculum of 2019 (counselling-gh.blogspot.com, Apr 2019), where
 * English and the Ghanaian language have 15 between them, which nobody splits; of 50 minutes in junior high by the proposal
 * of the Ghana Education Service (coverghana.com.gh). Our World and Our People is no subject of primary school any more since
 * 2025/26 (nacca.gov.gh; gna.org.gh, 9 July 2024).
 */
const WEEKLY = {
  'PR-MAT': 10,
  'PR-SCI': 4,
  'PR-CRE': 4,
  'PR-HIS': 4,
  'PR-RME': 2,
  'PR-PED': 2,
  'UP-COM': 2,
  'UP-FRE': 2,
  'JH-ENG': 4,
  'JH-GHL': 3,
  'JH-MAT': 4,
  'JH-SCI': 4,
  'JH-SST': 3,
  'JH-RME': 3,
  'JH-COM': 3,
  'JH-CTE': 4,
  'JH-CAD': 4,
  'JH-PHE': 3,
  'JH-FRE': 3,
  'JH-ARA': 3,
};

export const ghanaSubjects: Subject[] = [
  ...kindergarten,
  ...withPeriods([...primary, ...upperPrimary, ...juniorHigh], WEEKLY),
  ...seniorCore,
  ...science,
  ...arts,
  ...business,
  ...visualArts,
  ...homeEconomics,
  ...agriculture,
  ...technical,
];

const codes = (subjects: readonly Subject[]) => subjects.map((subject) => subject.code);
const programme = (id: string, name: string, subjects: string[]): Pathway => ({ id, name, levels: SHS, subjects });

export const ghanaPathways: Pathway[] = [
  programme('science', 'Science', [...codes(science), 'SH-GEO', 'SH-FRE', 'SH-ROB']),
  programme('general-arts', 'General Arts', [...codes(arts), 'SH-AMA', 'SH-COM']),
  programme('business', 'Business', [...codes(business), 'SH-ECO', 'SH-AMA', 'SH-COM', 'SH-FRE']),
  programme('visual-arts', 'Visual Arts', [...codes(visualArts), 'SH-LIT', 'SH-ECO', 'SH-GHL', 'SH-FRE', 'SH-MUS']),
  programme('home-economics', 'Home Economics', [...codes(homeEconomics), 'SH-BIO', 'SH-CHE', 'SH-ECO', 'SH-FRE', 'SH-ADF']),
  programme('agriculture', 'Agriculture', [...codes(agriculture), 'SH-BIO', 'SH-CHE', 'SH-PHY', 'SH-AMA', 'SH-GEO']),
  programme('technical', 'Technical', [...codes(technical), 'SH-PHY', 'SH-CHE', 'SH-AMA', 'SH-COM']),
];
