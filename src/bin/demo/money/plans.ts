import type { SchoolStart } from '../../../modules/school/index.js';
import type { DemoCountry } from '../countries/country.js';
import { ghana } from '../countries/ghana.js';
import { kenya } from '../countries/kenya.js';

/** What is particular to one demo school. */
export interface DemoPlan {
  subdomain: string;
  seed: number;
  country: DemoCountry;
  start: Omit<SchoolStart, 'years' | 'ready'>;
  streams: readonly string[];
  /** Learners in class today. */
  present: number;
  /** Learners who have left in the years that the register knows. */
  left: number;
  /** Teachers beyond the class teachers, and others who work there. */
  moreTeachers: number;
  others: number;
  /** First month of the school year. */
  yearBegins: number;
  /** Who joined this year came through the admission form, one by one; else all are in the lists. */
  admitsByForm: boolean;
}

const kilimani: DemoPlan = {
  subdomain: 'kilimani',
  seed: 20_240_108,
  country: kenya,
  start: {
    name: 'Kilimani Academy',
    shortName: 'Kilimani',
    motto: 'Elimu ni mwanga',
    country: 'KE',
    town: 'Nairobi',
    region: 'Nairobi City',
    address: 'Kindaruma Road, Kilimani',
    phones: ['+254700099001', '+254700099002'],
    email: 'office@kilimani.example',
    website: 'www.kilimani.example',
    type: 'day-and-boarding',
    code: '20400001',
    prefix: 'KA',
    colours: { first: '#0f5c43', second: '#f2b705' },
    lists: {
      houses: ['Elgon', 'Kenya', 'Longonot', 'Marsabit'].map((name) => ({ name })),
      dorms: [
        { name: 'Amani (girls)', capacity: 48 },
        { name: 'Upendo (girls)', capacity: 40 },
        { name: 'Tumaini (boys)', capacity: 48 },
        { name: 'Umoja (boys)', capacity: 40 },
      ],
      routes: [
        'Kawangware and Riruta',
        'Lang’ata and Karen',
        'Westlands and Parklands',
        'South B and South C',
        'Ngong and Rongai',
      ].map((name) => ({ name, capacity: 33 })),
      'meal-plans': ['Lunch', 'Tea and lunch', 'Full board'].map((name) => ({ name })),
    },
  },
  streams: ['East', 'West'],
  present: 600,
  left: 48,
  moreTeachers: 6,
  others: 11,
  yearBegins: 1,
  admitsByForm: true,
};

const accra: DemoPlan = {
  subdomain: 'accra-demo',
  seed: 20_240_910,
  country: ghana,
  start: {
    name: 'Accra Demo School',
    shortName: 'Accra Demo',
    motto: 'Knowledge with character',
    country: 'GH',
    town: 'Accra',
    region: 'Greater Accra',
    address: 'Ring Road East',
    phones: ['+233200099001'],
    email: 'office@accra-demo.example',
    type: 'day',
    prefix: 'AD',
    stages: ['kindergarten', 'lower-primary', 'upper-primary', 'jhs'],
    colours: { first: '#7a1f2b', second: '#e0a526' },
    lists: {
      houses: ['Volta', 'Pra', 'Densu'].map((name) => ({ name })),
      routes: ['Osu and Labone', 'Nima and Kanda', 'Teshie'].map((name) => ({ name, capacity: 18 })),
      'meal-plans': ['Canteen lunch'].map((name) => ({ name })),
    },
  },
  streams: ['A'],
  present: 120,
  left: 9,
  moreTeachers: 3,
  others: 6,
  yearBegins: 9,
  admitsByForm: true,
};

export const DEMO_PLANS: Readonly<Record<string, DemoPlan>> = { kilimani, 'accra-demo': accra };
