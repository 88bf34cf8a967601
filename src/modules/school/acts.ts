import type { Acts } from '../../platform/module.js';

/** What this module writes into the audit, in words, under what people look for it. */
export const ACTS: readonly Acts[] = [
  {
    area: 'Settings',
    words: {
      'school.create': 'Opened the school',
      'school.profile.change': 'Changed the profile',
      'school.brand.change': 'Changed the colours',
      'school.asset.add': 'Added a picture',
      'school.asset.retire': 'Retired a picture',
      'school.year.add': 'Added a year',
      'school.year.change': 'Changed a year',
      'school.year.remove': 'Removed a year',
      'school.day-type.save': 'Changed a type of day',
      'school.day.save': 'Changed a day',
      'school.day.remove': 'Removed a day',
      'school.list.add': 'Added to a list',
      'school.list.change': 'Changed a list',
      'school.list.remove': 'Removed from a list',
      'school.scale.add': 'Added a grading scale',
      'school.scale.change': 'Changed a grading scale',
      'school.scale.remove': 'Removed a grading scale',
      'school.numbers.change': 'Changed the number patterns',
      'school.modules.change': 'Switched modules on or off',
      'school.classes.choose': 'Chose the classes',
      'school.setup.finish': 'Finished the set-up',
    },
  },
];
