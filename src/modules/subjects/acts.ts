import type { Acts } from '../../platform/module.js';

/** What this module writes into the audit, in words, under what people look for it. */
export const ACTS: readonly Acts[] = [
  {
    area: 'Imports',
    words: {
      'classes.import': 'Imported classes',
      'classes.import-undo': 'Took an import back',
      'classes.import-discard': 'Threw an import away',
      'subjects.import': 'Imported subjects',
      'subjects.import-undo': 'Took an import back',
      'subjects.import-discard': 'Threw an import away',
      'allocations.import': 'Imported allocations',
      'allocations.import-undo': 'Took an import back',
      'allocations.import-discard': 'Threw an import away',
    },
  },
  {
    area: 'Classes and subjects',
    words: {
      'subjects.add': 'Added a subject',
      'subjects.change': 'Changed a subject',
      'subjects.open': 'Switched a subject on',
      'subjects.close': 'Switched a subject off',
      'subjects.add-class': 'Added a class',
      'subjects.change-class': 'Changed a class',
      'subjects.open-class': 'Switched a class on',
      'subjects.close-class': 'Switched a class off',
      'subjects.add-stream': 'Added a stream',
      'subjects.change-stream': 'Changed a stream',
      'subjects.open-stream': 'Switched a stream on',
      'subjects.close-stream': 'Switched a stream off',
      'subjects.add-pathway': 'Added a pathway',
      'subjects.change-pathway': 'Changed a pathway',
      'subjects.seed': 'Made the classes of the country',
      'subjects.set-takers': 'Changed who takes a subject',
      'subjects.allocate': 'Allocated a teacher',
      'subjects.end-allocation': 'Ended an allocation',
      'subjects.take-back-allocation': 'Took an allocation back',
    },
  },
];
