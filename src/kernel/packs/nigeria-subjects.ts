import { comingIn, compulsory, electives, goingOut } from './build.js';
import type { SubjectLine } from './build.js';
import type { Pathway, Subject } from './types.js';

const NURSERY = ['N1', 'N2', 'N3'];
const LOWER = ['P1', 'P2', 'P3'];
const UPPER = ['P4', 'P5', 'P6'];
const JSS = ['JSS1', 'JSS2', 'JSS3'];
const SSS = ['SSS1', 'SSS2', 'SSS3'];

const LANGUAGE = { choice: 'Nigerian language' };
const RELIGION = { choice: 'Religious studies' };
const TRADE = { choice: 'Trade subject', practical: true };

const languages = (stage: string): SubjectLine[] => [
  [`${stage}-HAU`, 'Hausa', 'Hausa', 'Languages', LANGUAGE],
  [`${stage}-IGB`, 'Igbo', 'Igbo', 'Languages', LANGUAGE],
  [`${stage}-YOR`, 'Yoruba', 'Yoruba', 'Languages', LANGUAGE],
];

const religions = (stage: string): SubjectLine[] => [
  [`${stage}-CRS`, 'Christian Religious Studies', 'CRS', 'Humanities', RELIGION],
  [`${stage}-IS`, 'Islamic Studies', 'IS', 'Humanities', RELIGION],
];

const trades = (stage: string): SubjectLine[] => [
  [`${stage}-SOL`, 'Solar Photovoltaic Installation and Maintenance', 'Solar PV', 'Trades', TRADE],
  [`${stage}-FAS`, 'Fashion Design and Garment Making', 'Fashion', 'Trades', TRADE],
  [`${stage}-LIV`, 'Livestock Farming', 'Livestock', 'Trades', TRADE],
  [`${stage}-BEA`, 'Beauty and Cosmetology', 'Beauty', 'Trades', TRADE],
  [`${stage}-GSM`, 'Computer Hardware and GSM Repairs', 'GSM repairs', 'Trades', TRADE],
  [`${stage}-HOR`, 'Horticulture and Crop Production', 'Horticulture', 'Trades', TRADE],
];

const nursery = compulsory(NURSERY, [
  ['NU-LIT', 'Literacy', 'Literacy', 'Languages'],
  ['NU-NUM', 'Numeracy', 'Numeracy', 'Mathematics'],
  ['NU-SCI', 'Basic Science', 'Science', 'Sciences'],
  ['NU-SOC', 'Social Habits', 'Social', 'Humanities'],
  ['NU-HEA', 'Health Habits', 'Health', 'Sciences'],
  ['NU-CRE', 'Creative Arts and Rhymes', 'Creative', 'Creative arts', { practical: true }],
]);

const lowerPrimary = compulsory(LOWER, [
  ['LP-ENG', 'English Studies', 'English', 'Languages'],
  ['LP-MAT', 'Mathematics', 'Maths', 'Mathematics'],
  ...languages('LP'),
  ...religions('LP'),
  ['LP-HIS', 'Nigerian History', 'History', 'Humanities'],
  ['LP-CCA', 'Cultural and Creative Arts', 'CCA', 'Creative arts', { practical: true }],
]);

const upperPrimary = compulsory(UPPER, [
  ['UP-ENG', 'English Studies', 'English', 'Languages'],
  ['UP-MAT', 'Mathematics', 'Maths', 'Mathematics'],
  ...languages('UP'),
  ['UP-BST', 'Basic Science and Technology', 'BST', 'Sciences', { practical: true }],
  ...religions('UP'),
  ['UP-HIS', 'Nigerian History', 'History', 'Humanities'],
  ['UP-CCA', 'Cultural and Creative Arts', 'CCA', 'Creative arts', { practical: true }],
  ['UP-PVS', 'Pre-Vocational Studies', 'Pre-Voc', 'Technology', { practical: true }],
]);

const junior = compulsory(JSS, [
  ['JS-ENG', 'English Studies', 'English', 'Languages'],
  ['JS-MAT', 'Mathematics', 'Maths', 'Mathematics'],
  ...languages('JS'),
  ...religions('JS'),
  ['JS-HIS', 'Nigerian History', 'History', 'Humanities'],
  ['JS-CCA', 'Cultural and Creative Arts', 'CCA', 'Creative arts', { practical: true }],
  ['JS-BUS', 'Business Studies', 'Business', 'Business'],
]);

const optional = [
  ...electives([...LOWER, ...UPPER, ...JSS], [['BE-ARA', 'Arabic Language', 'Arabic', 'Languages']]),
  ...electives([...UPPER, ...JSS], [['BE-FRE', 'French', 'French', 'Languages']]),
];

const seniorCore = compulsory(SSS, [
  ['SS-ENG', 'English Language', 'English', 'Languages', { papers: 3 }],
  ['SS-MAT', 'General Mathematics', 'Maths', 'Mathematics', { papers: 2 }],
]);

/**
 * The revised curriculum began in 2025/26 with Primary 1, Primary 4, JSS 1 and SSS 1 and goes up a class each year (NERDC's
 * statement of 8 Sept 2025; thecable.ng, westafricanpilotnews.com, 9 Sept 2025). What older classes have until then: NERDC's
 * structure of the nine years (nerdc.org.ng/ecurriculum), and for the senior classes WAEC's statement of February 2014.
 * History is taught beside both. Of lessons a week no source was found.
 */
const REVISED = 2025;

const revised = comingIn(
  [
    ...compulsory(LOWER, [
      ['LP-SCI', 'Basic Science', 'Science', 'Sciences'],
      ['LP-PHE', 'Physical and Health Education', 'PHE', 'Sciences', { practical: true }],
      ['LP-SCS', 'Social and Citizenship Studies', 'Social', 'Humanities'],
    ]),
    ...compulsory(UPPER, [
      ['UP-PHE', 'Physical and Health Education', 'PHE', 'Sciences', { practical: true }],
      ['UP-BDL', 'Basic Digital Literacy', 'Digital', 'Technology', { practical: true }],
      ['UP-SCS', 'Social and Citizenship Studies', 'Social', 'Humanities'],
    ]),
    ...compulsory(JSS, [
      ['JS-SCI', 'Intermediate Science', 'Science', 'Sciences', { practical: true }],
      ['JS-PHE', 'Physical and Health Education', 'PHE', 'Sciences', { practical: true }],
      ['JS-DIG', 'Digital Technologies', 'Digital', 'Technology', { practical: true }],
      ['JS-SCS', 'Social and Citizenship Studies', 'Social', 'Humanities'],
      ...trades('JS'),
    ]),
    ...compulsory(SSS, [
      ['SS-CHS', 'Citizenship and Heritage Studies', 'Citizenship', 'Humanities'],
      ['SS-DIG', 'Digital Technologies', 'Digital', 'Technology', { practical: true }],
      ...trades('SS'),
    ]),
  ],
  REVISED,
);

const before = goingOut(
  [
    ...compulsory(LOWER, [
      ['LP-BST', 'Basic Science and Technology', 'BST', 'Sciences', { practical: true }],
      ['LP-NVE', 'National Values Education', 'Nat Values', 'Humanities'],
    ]),
    ...compulsory(UPPER, [['UP-NVE', 'National Values Education', 'Nat Values', 'Humanities']]),
    ...compulsory(JSS, [
      ['JS-BST', 'Basic Science and Technology', 'BST', 'Sciences', { practical: true }],
      ['JS-NVE', 'National Values Education', 'Nat Values', 'Humanities'],
      ['JS-PVS', 'Pre-Vocational Studies', 'Pre-Voc', 'Technology', { practical: true }],
    ]),
    ...compulsory(SSS, [
      ['SS-CIV', 'Civic Education', 'Civic', 'Humanities'],
      ['SS-DPR', 'Data Processing', 'Data Proc', 'Trades', TRADE],
      ['SS-AHU', 'Animal Husbandry', 'Animal Husb', 'Trades', TRADE],
      ['SS-PAI', 'Painting and Decorating', 'Painting', 'Trades', TRADE],
      ['SS-PHO', 'Photography', 'Photography', 'Trades', TRADE],
      ['SS-PLU', 'Plumbing and Pipe Fitting', 'Plumbing', 'Trades', TRADE],
      ['SS-SAL', 'Salesmanship', 'Salesmanship', 'Trades', TRADE],
    ]),
    ...electives(SSS, [['SS-CPS', 'Computer Studies', 'Computer', 'Technology', { papers: 3, practical: true }]]),
  ],
  REVISED,
);

const science = electives(SSS, [
  ['SS-BIO', 'Biology', 'Biology', 'Sciences', { papers: 3, practical: true }],
  ['SS-CHE', 'Chemistry', 'Chemistry', 'Sciences', { papers: 3, practical: true }],
  ['SS-PHY', 'Physics', 'Physics', 'Sciences', { papers: 3, practical: true }],
  ['SS-AGR', 'Agriculture', 'Agric', 'Sciences', { papers: 3, practical: true }],
  ['SS-FMA', 'Further Mathematics', 'Further Maths', 'Mathematics', { papers: 2 }],
  ['SS-PHE', 'Physical Education', 'PE', 'Sciences', { practical: true }],
  ['SS-HED', 'Health Education', 'Health', 'Sciences'],
  ['SS-FNU', 'Foods and Nutrition', 'Foods', 'Sciences', { papers: 3, practical: true }],
  ['SS-GEO', 'Geography', 'Geography', 'Sciences', { papers: 3, practical: true }],
  ['SS-TDR', 'Technical Drawing', 'Tech Drawing', 'Technology', { papers: 3, practical: true }],
]);

const humanities = electives(SSS, [
  ['SS-HIS', 'Nigerian History', 'History', 'Humanities', { papers: 2 }],
  ['SS-GOV', 'Government', 'Government', 'Humanities', { papers: 2 }],
  ['SS-CRS', 'Christian Religious Studies', 'CRS', 'Humanities', { papers: 2 }],
  ['SS-IS', 'Islamic Studies', 'IS', 'Humanities', { papers: 2 }],
  ['SS-HAU', 'Hausa', 'Hausa', 'Languages', { papers: 2 }],
  ['SS-IGB', 'Igbo', 'Igbo', 'Languages', { papers: 2 }],
  ['SS-YOR', 'Yoruba', 'Yoruba', 'Languages', { papers: 2 }],
  ['SS-FRE', 'French', 'French', 'Languages', { papers: 3 }],
  ['SS-ARA', 'Arabic', 'Arabic', 'Languages', { papers: 3 }],
  ['SS-LIT', 'Literature in English', 'Literature', 'Languages', { papers: 3 }],
  ['SS-VAR', 'Visual Arts', 'Visual Arts', 'Creative arts', { papers: 3, practical: true }],
  ['SS-MUS', 'Music', 'Music', 'Creative arts', { papers: 3, practical: true }],
  ['SS-HMA', 'Home Management', 'Home Mgt', 'Humanities', { papers: 3, practical: true }],
  ['SS-CAT', 'Catering Craft', 'Catering', 'Humanities', { papers: 2, practical: true }],
]);

const business = electives(SSS, [
  ['SS-ACC', 'Accounting', 'Accounting', 'Business', { papers: 2 }],
  ['SS-COM', 'Commerce', 'Commerce', 'Business', { papers: 2 }],
  ['SS-MAR', 'Marketing', 'Marketing', 'Business', { papers: 2 }],
  ['SS-ECO', 'Economics', 'Economics', 'Business', { papers: 2 }],
]);

/**
 * Lessons a week are left open. The council's structure of the curriculum (nerdc.org.ng) and its subject list of 2025
 * (thecable.ng, westafricanpilotnews.com, 9 Sept 2025) say how many subjects a class has, and none how many periods; looked
 * for on 2 December 2026.
 */
export const nigeriaSubjects: Subject[] = [
  ...nursery,
  ...lowerPrimary,
  ...upperPrimary,
  ...junior,
  ...optional,
  ...seniorCore,
  ...revised,
  ...before,
  ...science,
  ...humanities,
  ...business,
];

const codes = (subjects: readonly Subject[]) => subjects.map((subject) => subject.code);

export const nigeriaPathways: Pathway[] = [
  { id: 'science', name: 'Science', levels: SSS, subjects: [...codes(science), 'SS-ECO', 'SS-CPS'] },
  { id: 'arts', name: 'Arts (humanities)', levels: SSS, subjects: [...codes(humanities), 'SS-GEO', 'SS-ECO'] },
  {
    id: 'commercial',
    name: 'Commercial (business)',
    levels: SSS,
    subjects: [...codes(business), 'SS-GOV', 'SS-GEO', 'SS-LIT', 'SS-CPS'],
  },
];
