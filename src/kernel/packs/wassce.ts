import { bands } from './build.js';
import type { Scale } from './types.js';

/** The scale of the West African examinations council, the same in Nigeria and Ghana. Points count down: 1 is best. */
export const wassce: Scale = {
  id: 'wassce',
  name: 'WASSCE A1 to F9',
  basis: 'percent',
  national: true,
  bands: bands([
    ['A1', 75, 1, 'Excellent'],
    ['B2', 70, 2, 'Very good'],
    ['B3', 65, 3, 'Good'],
    ['C4', 60, 4, 'Credit'],
    ['C5', 55, 5, 'Credit'],
    ['C6', 50, 6, 'Credit'],
    ['D7', 45, 7, 'Pass'],
    ['E8', 40, 8, 'Pass'],
    ['F9', 0, 9, 'Fail'],
  ]),
};
