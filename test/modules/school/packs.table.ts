/**
 * What a school of each country starts with, written out. A changed pack must change this table too.
 * Subjects: the national code first where there is one; `?` marks an elective.
 */
const LANGUAGES = [
  'Afrikaans',
  'English',
  'isiNdebele',
  'isiXhosa',
  'isiZulu',
  'Sepedi',
  'Sesotho',
  'Setswana',
  'South African Sign Language',
  'siSwati',
  'Tshivenda',
  'Xitsonga',
];
const HOME = LANGUAGES.map((language) => `${language} Home Language`).join(' | ');
const SECOND = LANGUAGES.filter((language) => !language.includes('Sign'))
  .map((language) => `${language} Second Additional Language?`)
  .join(' | ');
const ADDITIONAL = LANGUAGES.map((language) => `${language} First Additional Language`).join(' | ');

export interface PackTable {
  /** Classes of each stage in 2026. */
  levels: Record<string, string>;
  /** Subjects of each group of classes in the year that begins in 2026, those of classes of coming years too. */
  subjects: Record<string, string>;
  /** Grade, lowest mark and points. */
  scales: Record<string, string>;
  terms: string[];
}

export const PACK_TABLES: Record<string, PackTable> = {
  KE: {
    levels: {
      'Pre-primary': 'PP1, PP2',
      'Lower primary': 'Grade 1, Grade 2, Grade 3',
      'Upper primary': 'Grade 4, Grade 5, Grade 6',
      'Junior school': 'Grade 7, Grade 8, Grade 9',
      'Senior school': 'Grade 10',
      'Secondary (8-4-4)': 'Form 3, Form 4',
    },
    subjects: {
      'PP1, PP2': `Language activities | Mathematical activities | Environmental activities | Creative activities | Religious activities`,
      'Grade 1, Grade 2, Grade 3': `Indigenous language activities | English language activities | Kiswahili language activities | Kenyan Sign Language activities | Mathematical activities | Environmental activities | Christian religious education activities | Islamic religious education activities | Hindu religious education activities | Creative activities`,
      'Grade 4, Grade 5, Grade 6': `English | Kiswahili | Kenyan Sign Language | Mathematics | Science and Technology | Agriculture and Nutrition | Social Studies | Christian Religious Education | Islamic Religious Education | Hindu Religious Education | Creative Arts`,
      'Grade 7, Grade 8, Grade 9': `901 English | 902 Kiswahili | 904 Kenyan Sign Language | 903 Mathematics | 905 Integrated Science | 906 Agriculture | 912 Pre-Technical Studies | 907 Social Studies | 908 Christian Religious Education | 909 Islamic Religious Education | 910 Hindu Religious Education | 911 Creative Arts and Sports`,
      'Grade 10, Grade 11, Grade 12': `English | Kiswahili | Kenyan Sign Language | Core Mathematics | Essential Mathematics | Community Service Learning | Physical Education | ICT Skills | Biology? | Chemistry? | Physics? | General Science? | Agriculture? | Computer Studies? | Home Science? | Aviation? | Building and Construction? | Electricity? | Metalwork? | Power Mechanics? | Woodwork? | Media Technology? | Marine and Fisheries Technology? | Literature in English? | Fasihi ya Kiswahili? | Indigenous Language? | Arabic? | French? | German? | Mandarin Chinese? | Christian Religious Education? | Islamic Religious Education? | Hindu Religious Education? | History and Citizenship? | Geography? | Business Studies? | Music and Dance? | Theatre and Film? | Fine Arts? | Sports and Recreation?`,
      'Form 3, Form 4': `101 English | 102 Kiswahili | 504 Kenyan Sign Language | 121 Mathematics Alternative A | 122 Mathematics Alternative B | 231 Biology? | 232 Physics? | 233 Chemistry? | 237 General Science? | 311 History and Government? | 312 Geography? | 313 Christian Religious Education? | 314 Islamic Religious Education? | 315 Hindu Religious Education? | 441 Home Science? | 442 Art and Design? | 443 Agriculture? | 444 Woodwork? | 445 Metalwork? | 446 Building Construction? | 447 Power Mechanics? | 448 Electricity? | 449 Drawing and Design? | 450 Aviation Technology? | 451 Computer Studies? | 501 French? | 502 German? | 503 Arabic? | 511 Music? | 565 Business Studies?`,
    },
    scales: {
      'KJSEA eight levels': 'EE1 90 (8), EE2 75 (7), ME1 58 (6), ME2 41 (5), AE1 31 (4), AE2 21 (3), BE1 11 (2), BE2 0 (1)',
      'CBC four levels': 'EE 80 (4), ME 60 (3), AE 30 (2), BE 0 (1)',
      '8-4-4 grades':
        'A 80 (12), A- 75 (11), B+ 70 (10), B 65 (9), B- 60 (8), C+ 55 (7), C 50 (6), C- 45 (5), D+ 40 (4), D 35 (3), D- 30 (2), E 0 (1)',
      'KCSE mean grade, seven subjects':
        'A 81 (12), A- 74 (11), B+ 67 (10), B 60 (9), B- 53 (8), C+ 46 (7), C 39 (6), C- 32 (5), D+ 25 (4), D 18 (3), D- 11 (2), E 7 (1)',
    },
    terms: ['Term 1 2026-01-05 2026-04-02', 'Term 2 2026-04-27 2026-07-31', 'Term 3 2026-08-24 2026-10-23'],
  },
  NG: {
    levels: {
      Nursery: 'Nursery 1, Nursery 2, Nursery 3',
      'Lower primary': 'Primary 1, Primary 2, Primary 3',
      'Upper primary': 'Primary 4, Primary 5, Primary 6',
      'Junior secondary': 'JSS 1, JSS 2, JSS 3',
      'Senior secondary': 'SSS 1, SSS 2, SSS 3',
    },
    subjects: {
      'Nursery 1, Nursery 2, Nursery 3': `Literacy | Numeracy | Basic Science | Social Habits | Health Habits | Creative Arts and Rhymes`,
      'Primary 1, Primary 2': `English Studies | Mathematics | Hausa | Igbo | Yoruba | Christian Religious Studies | Islamic Studies | Nigerian History | Cultural and Creative Arts | Arabic Language? | Basic Science | Physical and Health Education | Social and Citizenship Studies`,
      'Primary 3': `English Studies | Mathematics | Hausa | Igbo | Yoruba | Christian Religious Studies | Islamic Studies | Nigerian History | Cultural and Creative Arts | Arabic Language? | Basic Science and Technology | National Values Education`,
      'Primary 4, Primary 5': `English Studies | Mathematics | Hausa | Igbo | Yoruba | Basic Science and Technology | Christian Religious Studies | Islamic Studies | Nigerian History | Cultural and Creative Arts | Pre-Vocational Studies | Arabic Language? | French? | Physical and Health Education | Basic Digital Literacy | Social and Citizenship Studies`,
      'Primary 6': `English Studies | Mathematics | Hausa | Igbo | Yoruba | Basic Science and Technology | Christian Religious Studies | Islamic Studies | Nigerian History | Cultural and Creative Arts | Pre-Vocational Studies | Arabic Language? | French? | National Values Education`,
      'JSS 1, JSS 2': `English Studies | Mathematics | Hausa | Igbo | Yoruba | Christian Religious Studies | Islamic Studies | Nigerian History | Cultural and Creative Arts | Business Studies | Arabic Language? | French? | Intermediate Science | Physical and Health Education | Digital Technologies | Social and Citizenship Studies | Solar Photovoltaic Installation and Maintenance | Fashion Design and Garment Making | Livestock Farming | Beauty and Cosmetology | Computer Hardware and GSM Repairs | Horticulture and Crop Production`,
      'JSS 3': `English Studies | Mathematics | Hausa | Igbo | Yoruba | Christian Religious Studies | Islamic Studies | Nigerian History | Cultural and Creative Arts | Business Studies | Arabic Language? | French? | Basic Science and Technology | National Values Education | Pre-Vocational Studies`,
      'SSS 1, SSS 2': `English Language | General Mathematics | Citizenship and Heritage Studies | Digital Technologies | Solar Photovoltaic Installation and Maintenance | Fashion Design and Garment Making | Livestock Farming | Beauty and Cosmetology | Computer Hardware and GSM Repairs | Horticulture and Crop Production | Biology? | Chemistry? | Physics? | Agriculture? | Further Mathematics? | Physical Education? | Health Education? | Foods and Nutrition? | Geography? | Technical Drawing? | Nigerian History? | Government? | Christian Religious Studies? | Islamic Studies? | Hausa? | Igbo? | Yoruba? | French? | Arabic? | Literature in English? | Visual Arts? | Music? | Home Management? | Catering Craft? | Accounting? | Commerce? | Marketing? | Economics?`,
      'SSS 3': `English Language | General Mathematics | Civic Education | Data Processing | Animal Husbandry | Painting and Decorating | Photography | Plumbing and Pipe Fitting | Salesmanship | Computer Studies? | Biology? | Chemistry? | Physics? | Agriculture? | Further Mathematics? | Physical Education? | Health Education? | Foods and Nutrition? | Geography? | Technical Drawing? | Nigerian History? | Government? | Christian Religious Studies? | Islamic Studies? | Hausa? | Igbo? | Yoruba? | French? | Arabic? | Literature in English? | Visual Arts? | Music? | Home Management? | Catering Craft? | Accounting? | Commerce? | Marketing? | Economics?`,
    },
    scales: {
      'School scale A to F': 'A 70 (5), B 60 (4), C 50 (3), D 45 (2), E 40 (1), F 0 (0)',
      'WASSCE A1 to F9': 'A1 75 (1), B2 70 (2), B3 65 (3), C4 60 (4), C5 55 (5), C6 50 (6), D7 45 (7), E8 40 (8), F9 0 (9)',
    },
    terms: ['First term 2026-09-14 2026-12-18', 'Second term 2027-01-11 2027-04-16', 'Third term 2027-05-03 2027-07-23'],
  },
  GH: {
    levels: {
      Kindergarten: 'KG 1, KG 2',
      'Lower primary': 'Basic 1, Basic 2, Basic 3',
      'Upper primary': 'Basic 4, Basic 5, Basic 6',
      'Junior high school': 'JHS 1, JHS 2, JHS 3',
      'Senior high school': 'SHS 1, SHS 2, SHS 3',
    },
    subjects: {
      'KG 1, KG 2': `Language and Literacy | Numeracy | Our World and Our People | Creative Arts | Physical Education`,
      'Basic 1, Basic 2, Basic 3': `English Language | Ghanaian Language | Mathematics | Science | History | Religious and Moral Education | Creative Arts | Physical Education`,
      'Basic 4, Basic 5, Basic 6': `English Language | Ghanaian Language | Mathematics | Science | History | Religious and Moral Education | Creative Arts | Physical Education | Computing | French`,
      'JHS 1, JHS 2, JHS 3': `English Language | Ghanaian Language | Mathematics | Science | Social Studies | Religious and Moral Education | Computing | Career Technology | Creative Arts and Design | Physical and Health Education | French? | Arabic?`,
      'SHS 1, SHS 2, SHS 3': `English Language | Mathematics | General Science | Social Studies | Physical Education and Health | Biology? | Chemistry? | Physics? | Additional Mathematics? | Biomedical Science? | Computing? | Literature in English? | Ghanaian Language? | French? | Arabic? | History? | Government? | Geography? | Economics? | Christian Religious Studies? | Islamic Religious Studies? | Music? | Accounting? | Cost Accounting? | Business Management? | Art and Design Studio? | Art and Design Foundation? | Food and Nutrition? | Management in Living? | Clothing and Textiles? | Agriculture? | Agricultural Science? | Design and Communication Technology? | Applied Technology? | Engineering? | Robotics?`,
    },
    scales: {
      'BECE grades 1 to 9': '1 90 (1), 2 80 (2), 3 70 (3), 4 60 (4), 5 55 (5), 6 50 (6), 7 40 (7), 8 35 (8), 9 0 (9)',
      'WASSCE A1 to F9': 'A1 75 (1), B2 70 (2), B3 65 (3), C4 60 (4), C5 55 (5), C6 50 (6), D7 45 (7), E8 40 (8), F9 0 (9)',
    },
    terms: ['Term 1 2026-09-01 2026-12-17', 'Term 2 2027-01-07 2027-03-31', 'Term 3 2027-04-20 2027-07-22'],
  },
  UG: {
    levels: {
      Nursery: 'Baby class, Middle class, Top class',
      'Lower primary': 'Primary 1, Primary 2, Primary 3',
      'Upper primary': 'Primary 4, Primary 5, Primary 6, Primary 7',
      'Lower secondary': 'Senior 1, Senior 2, Senior 3, Senior 4',
      'Advanced level': 'Senior 5, Senior 6',
    },
    subjects: {
      'Baby class, Middle class, Top class': `Language development | Mathematical concepts | Social development | Health habits | Creative and physical play`,
      'Primary 1, Primary 2, Primary 3': `English | Local language | Mathematics | Literacy I | Literacy II | Religious Education | Creative Arts and Physical Education`,
      'Primary 4, Primary 5, Primary 6, Primary 7': `English | Mathematics | Integrated Science | Social Studies with Religious Education | Local language | Creative Arts and Physical Education`,
      'Senior 1, Senior 2': `112 English Language | 456 Mathematics | 553 Biology | 545 Chemistry | 535 Physics | 273 Geography | 241 History and Political Education | 336 Kiswahili | 223 Christian Religious Education | 225 Islamic Religious Education | 845 Entrepreneurship Education | Physical Education | 208 Literature in English? | 335 Luganda? | Local language? | 314 French? | 309 German? | 337 Arabic? | Chinese? | 840 Information and Communication Technology? | 527 Agriculture? | Nutrition and Food Technology? | 612 Art and Design? | 621 Performing Arts? | Technology and Design?`,
      'Senior 3, Senior 4': `112 English Language | 456 Mathematics | 553 Biology | 545 Chemistry | 535 Physics | 273 Geography | 241 History and Political Education | 336 Kiswahili? | 223 Christian Religious Education? | 225 Islamic Religious Education? | 845 Entrepreneurship Education? | Physical Education? | 208 Literature in English? | 335 Luganda? | Local language? | 314 French? | 309 German? | 337 Arabic? | Chinese? | 840 Information and Communication Technology? | 527 Agriculture? | Nutrition and Food Technology? | 612 Art and Design? | 621 Performing Arts? | Technology and Design?`,
      'Senior 5, Senior 6': `S101 General Paper | S475 Subsidiary Mathematics | S850 Subsidiary ICT | P425 Mathematics? | P510 Physics? | P525 Chemistry? | P530 Biology? | P515 Agriculture? | P210 History? | P220 Economics? | P230 Entrepreneurship Education? | P235 Islamic Religious Education? | P245 Christian Religious Education? | P250 Geography? | P310 Literature in English? | Kiswahili? | French? | P360 Luganda? | P615 Art? | Music?`,
    },
    scales: {
      'PLE grades 1 to 9': 'D1 90 (1), D2 80 (2), C3 70 (3), C4 60 (4), C5 55 (5), C6 50 (6), P7 45 (7), P8 40 (8), F9 0 (9)',
      'PLE divisions, four subjects': 'U 35, 4 30, 3 24, 2 13, 1 4',
      'UCE A to E': 'A 80, B 70, C 60, D 50, E 0',
      'UACE principal subjects': 'A 80 (6), B 70 (5), C 60 (4), D 50 (3), E 40 (2), O 35 (1), F 0 (0)',
    },
    terms: ['Term I 2026-02-10 2026-05-01', 'Term II 2026-05-25 2026-08-21', 'Term III 2026-09-14 2026-12-04'],
  },
  ZA: {
    levels: {
      Reception: 'Grade R',
      'Foundation phase': 'Grade 1, Grade 2, Grade 3',
      'Intermediate phase': 'Grade 4, Grade 5, Grade 6',
      'Senior phase': 'Grade 7, Grade 8, Grade 9',
      'Further education (FET)': 'Grade 10, Grade 11, Grade 12',
    },
    subjects: {
      'Grade R': `${HOME} | Mathematics | Life Skills`,
      'Grade 1, Grade 2, Grade 3': `${HOME} | ${ADDITIONAL} | Mathematics | Life Skills`,
      'Grade 4, Grade 5, Grade 6': `${HOME} | ${ADDITIONAL} | Mathematics | Natural Sciences and Technology | Social Sciences | Life Skills`,
      'Grade 7, Grade 8, Grade 9': `${HOME} | ${ADDITIONAL} | Mathematics | Natural Sciences | Social Sciences | Technology | Economic and Management Sciences | Life Orientation | Creative Arts`,
      'Grade 10, Grade 11, Grade 12': `${HOME} | ${ADDITIONAL} | Mathematics | Mathematical Literacy | Technical Mathematics | Life Orientation | Accounting? | Business Studies? | Economics? | Physical Sciences? | Life Sciences? | Technical Sciences? | Agricultural Sciences? | Agricultural Management Practices? | Agricultural Technology? | Geography? | History? | Religion Studies? | Tourism? | Consumer Studies? | Hospitality Studies? | Computer Applications Technology? | Information Technology? | Engineering Graphics and Design? | Civil Technology? | Electrical Technology? | Mechanical Technology? | Visual Arts? | Dramatic Arts? | Music? | Dance Studies? | Design? | ${SECOND}`,
    },
    scales: {
      'Seven levels of achievement': '7 80 (7), 6 70 (6), 5 60 (5), 4 50 (4), 3 40 (3), 2 30 (2), 1 0 (1)',
    },
    terms: [
      'Term 1 2026-01-14 2026-03-27',
      'Term 2 2026-04-08 2026-06-26',
      'Term 3 2026-07-21 2026-09-23',
      'Term 4 2026-10-06 2026-12-09',
    ],
  },
};
