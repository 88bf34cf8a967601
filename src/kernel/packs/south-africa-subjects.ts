import { compulsory, electives } from './build.js';
import type { SubjectLine } from './build.js';
import type { Subject } from './types.js';

const FOUNDATION = ['GR', 'G1', 'G2', 'G3'];
const INTERMEDIATE = ['G4', 'G5', 'G6'];
const SENIOR = ['G7', 'G8', 'G9'];
const FET = ['G10', 'G11', 'G12'];
const FROM_GRADE_1 = ['G1', 'G2', 'G3', ...INTERMEDIATE, ...SENIOR, ...FET];

/**
 * The policy (Gazette 36465 of 2013) gives each subject hours a week, not lessons, and schools divide them as they like: no lessons
 * are filled in here.
 *
 * The official languages, in which every learner has a home language and a first additional language.
 */
const LANGUAGES: [string, string, string][] = [
  ['AFR', 'Afrikaans', 'Afr'],
  ['ENG', 'English', 'Eng'],
  ['NDE', 'isiNdebele', 'Nde'],
  ['XHO', 'isiXhosa', 'Xho'],
  ['ZUL', 'isiZulu', 'Zul'],
  ['SEP', 'Sepedi', 'Sep'],
  ['SOT', 'Sesotho', 'Sot'],
  ['TSW', 'Setswana', 'Tsw'],
  ['SAS', 'South African Sign Language', 'SASL'],
  ['SWA', 'siSwati', 'Swa'],
  ['VEN', 'Tshivenda', 'Ven'],
  ['TSO', 'Xitsonga', 'Tso'],
];

const language = (suffix: 'HL' | 'FAL' | 'SAL', name: string): SubjectLine[] =>
  LANGUAGES.map(([code, label, short]) => [
    `${code}-${suffix}`,
    `${label} ${name}`,
    `${short} ${suffix}`,
    'Languages',
    { papers: 3, choice: name },
  ]);

const languages = [
  ...compulsory(['GR', ...FROM_GRADE_1], language('HL', 'Home Language')),
  ...compulsory(FROM_GRADE_1, language('FAL', 'First Additional Language')),
];

/**
 * A third language, as a subject of choice beside the four that everybody has: of Grades 10 to 12 in the policy on the
 * programme and promotion requirements (Gazette 36465 of 2013) and in the Western Cape's circulars. Sign language isn't offered at this level.
 */
const secondAdditional = electives(
  FET,
  language('SAL', 'Second Additional Language')
    .filter(([code]) => code !== 'SAS-SAL')
    .map(([code, name, short, department]): SubjectLine => [code, name, short, department, { papers: 2 }]),
);

const foundation = compulsory(FOUNDATION, [
  ['FP-MAT', 'Mathematics', 'Maths', 'Mathematics'],
  ['FP-LSK', 'Life Skills', 'Life Skills', 'Life skills', { practical: true }],
]);

const intermediate = compulsory(INTERMEDIATE, [
  ['IP-MAT', 'Mathematics', 'Maths', 'Mathematics'],
  ['IP-NST', 'Natural Sciences and Technology', 'NS Tech', 'Sciences', { practical: true }],
  ['IP-SSC', 'Social Sciences', 'Social', 'Humanities', { papers: 2 }],
  ['IP-LSK', 'Life Skills', 'Life Skills', 'Life skills', { practical: true }],
]);

const senior = compulsory(SENIOR, [
  ['SP-MAT', 'Mathematics', 'Maths', 'Mathematics', { papers: 2 }],
  ['SP-NSC', 'Natural Sciences', 'Nat Science', 'Sciences', { practical: true }],
  ['SP-SSC', 'Social Sciences', 'Social', 'Humanities', { papers: 2 }],
  ['SP-TEC', 'Technology', 'Technology', 'Technology', { practical: true }],
  ['SP-EMS', 'Economic and Management Sciences', 'EMS', 'Business'],
  ['SP-LOR', 'Life Orientation', 'LO', 'Life skills', { practical: true }],
  ['SP-CRA', 'Creative Arts', 'Creative', 'Creative arts', { practical: true }],
]);

const fetCore = compulsory(FET, [
  ['FE-MAT', 'Mathematics', 'Maths', 'Mathematics', { papers: 2, choice: 'Mathematics' }],
  ['FE-MLI', 'Mathematical Literacy', 'Maths Lit', 'Mathematics', { papers: 2, choice: 'Mathematics' }],
  ['FE-TMA', 'Technical Mathematics', 'Tech Maths', 'Mathematics', { papers: 2, choice: 'Mathematics' }],
  ['FE-LOR', 'Life Orientation', 'LO', 'Life skills', { practical: true }],
]);

const fetElective = electives(FET, [
  ['FE-ACC', 'Accounting', 'Accounting', 'Business', { papers: 2 }],
  ['FE-BUS', 'Business Studies', 'Business', 'Business', { papers: 2 }],
  ['FE-ECO', 'Economics', 'Economics', 'Business', { papers: 2 }],
  ['FE-PSC', 'Physical Sciences', 'Physical Sci', 'Sciences', { papers: 2, practical: true }],
  ['FE-LSC', 'Life Sciences', 'Life Sci', 'Sciences', { papers: 2, practical: true }],
  ['FE-TSC', 'Technical Sciences', 'Tech Sci', 'Sciences', { papers: 2, practical: true }],
  ['FE-AGS', 'Agricultural Sciences', 'Agri Sci', 'Agriculture', { papers: 2, practical: true }],
  ['FE-AGM', 'Agricultural Management Practices', 'Agri Mgt', 'Agriculture', { papers: 2, practical: true }],
  ['FE-AGT', 'Agricultural Technology', 'Agri Tech', 'Agriculture', { papers: 2, practical: true }],
  ['FE-GEO', 'Geography', 'Geography', 'Humanities', { papers: 2 }],
  ['FE-HIS', 'History', 'History', 'Humanities', { papers: 2 }],
  ['FE-REL', 'Religion Studies', 'Religion', 'Humanities', { papers: 2 }],
  ['FE-TOU', 'Tourism', 'Tourism', 'Services', { practical: true }],
  ['FE-CON', 'Consumer Studies', 'Consumer', 'Services', { practical: true }],
  ['FE-HOS', 'Hospitality Studies', 'Hospitality', 'Services', { practical: true }],
  ['FE-CAT', 'Computer Applications Technology', 'CAT', 'Technology', { papers: 2, practical: true }],
  ['FE-ITE', 'Information Technology', 'IT', 'Technology', { papers: 2, practical: true }],
  ['FE-EGD', 'Engineering Graphics and Design', 'EGD', 'Technology', { papers: 2, practical: true }],
  ['FE-CIV', 'Civil Technology', 'Civil Tech', 'Technology', { practical: true }],
  ['FE-ELE', 'Electrical Technology', 'Electrical', 'Technology', { practical: true }],
  ['FE-MEC', 'Mechanical Technology', 'Mechanical', 'Technology', { practical: true }],
  ['FE-VAR', 'Visual Arts', 'Visual Arts', 'Creative arts', { papers: 2, practical: true }],
  ['FE-DRA', 'Dramatic Arts', 'Drama', 'Creative arts', { practical: true }],
  ['FE-MUS', 'Music', 'Music', 'Creative arts', { papers: 2, practical: true }],
  ['FE-DAN', 'Dance Studies', 'Dance', 'Creative arts', { practical: true }],
  ['FE-DES', 'Design', 'Design', 'Creative arts', { papers: 2, practical: true }],
]);

export const southAfricaSubjects: Subject[] = [
  ...languages,
  ...foundation,
  ...intermediate,
  ...senior,
  ...fetCore,
  ...fetElective,
  ...secondAdditional,
];
