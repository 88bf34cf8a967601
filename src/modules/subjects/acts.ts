import type { Acts } from '../../platform/module.js';

/** What this module writes into the audit, in words, under what people look for it. */
export const ACTS: readonly Acts[] = [
  {
    area: 'Imports',
    words: {
      'classes.import': 'Imported classes',
      'classes.import-undo': 'Undid an import',
      'classes.import-discard': 'Discarded an import',
      'subjects.import': 'Imported subjects',
      'subjects.import-undo': 'Undid an import',
      'subjects.import-discard': 'Discarded an import',
      'allocations.import': 'Imported allocations',
      'allocations.import-undo': 'Undid an import',
      'allocations.import-discard': 'Discarded an import',
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
      'subjects.seed': 'Created the country’s classes',
      'subjects.turn': 'Changed subjects with the new curriculum',
      'subjects.set-takers': 'Changed who takes a subject',
      'subjects.allocate': 'Allocated a teacher',
      'subjects.end-allocation': 'Ended an allocation',
      'subjects.take-back-allocation': 'Undid an allocation',
    },
  },
];
