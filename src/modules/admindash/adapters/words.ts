import { progressBar, sparkline } from '../../../platform/charts/small.js';
import type { StatusKind } from '../../../platform/http/pages/row-parts.js';
import { STATE_WORDS } from '../../schools/index.js';
import type { Look } from '../standing.rules.js';
import type { SchoolRow } from '../ports.js';
import { measures, type Say } from './measures.js';

/** What a school's standing is called, and how it is marked. */
export const LOOK_WORDS: Record<Look, { kind: StatusKind; text: string }> = {
  failed: { kind: 'wrong', text: 'A step failed' },
  quiet: { kind: 'watch', text: 'No report for a day' },
  behind: { kind: 'watch', text: 'Older schema' },
  opening: { kind: 'part', text: 'Opening' },
  resting: { kind: 'ended', text: 'Suspended' },
  fine: { kind: 'ok', text: 'All well' },
};

/** What every page of the dashboard draws with. */
export function drawing(now: Date, newestSchema: string) {
  return {
    newestSchema,
    lookWords: LOOK_WORDS,
    stateWords: STATE_WORDS,
    measuresIn: (t: Say, number: (value: number) => string) => measures(t, number, now),
    bar: (part: number) => progressBar([{ part }]),
    spark: (row: SchoolRow, t: Say) => sparkline(row.course, t('Sign-ins of the last seven days')),
  };
}
