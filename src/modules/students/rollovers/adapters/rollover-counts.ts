import type { Rollover } from '../rollover.rules.js';
import type { NamedStudent, RolloverCount, RolloverStore } from '../../ports.js';
import type { SubjectsApi } from '../../../subjects/index.js';

/** One line of the counts: a stream of the old year and where it goes. */
export interface CountLine extends RolloverCount {
  label: string;
}

/** One class or stream of the new year as it will be. */
export interface SizeLine {
  label: string;
  promoted: number;
  expected: number;
  total: number;
  capacity: number | null;
}

export interface RolloverSums {
  lines: CountLine[];
  sums: Omit<RolloverCount, 'classId' | 'streamId'>;
  sizes: SizeLine[];
  intake: number;
  unplaced: NamedStudent[];
}

export async function countRows(
  pages: { rolloverStore: RolloverStore; subjects: SubjectsApi },
  rollover: Rollover,
): Promise<RolloverSums> {
  const { classes, streams } = await pages.subjects.classList();
  const store = pages.rolloverStore;
  const [counts, sizes, intake, unplaced] = await Promise.all([
    store.counts(rollover.id),
    store.sizes(rollover.id),
    store.intake(),
    store.unplaced(),
  ]);
  const places = placesInOrder(classes, streams);
  const at = <Row extends { classId: string | null; streamId: string | null }>(
    rows: readonly Row[],
    place: Place,
  ): Row | undefined => rows.find((row) => row.streamId === place.streamId && row.classId === place.classId);
  return {
    lines: places.flatMap((place) => {
      const count = at(counts, place);
      return count ? [{ ...count, label: place.label }] : [];
    }),
    sums: {
      total: sum(counts, 'total'),
      promoted: sum(counts, 'promoted'),
      repeating: sum(counts, 'repeating'),
      leaving: sum(counts, 'leaving'),
      review: sum(counts, 'review'),
      byHand: sum(counts, 'byHand'),
    },
    sizes: places.flatMap((place) => {
      const promoted = at(sizes, place)?.count ?? 0;
      const expected = at(intake, place)?.count ?? 0;
      return promoted + expected > 0
        ? [{ label: place.label, promoted, expected, total: promoted + expected, capacity: place.capacity }]
        : [];
    }),
    intake: intake.reduce((all, one) => all + one.count, 0),
    unplaced,
  };
}

interface Place {
  classId: string;
  streamId: string | null;
  label: string;
  capacity: number | null;
}

/** In the order of classes; learners of a class without a stream stand before its streams. */
function placesInOrder(
  classes: readonly { id: string; name: string; order: number }[],
  streams: readonly { id: string; classId: string; label: string; order: number; capacity: number | null }[],
): Place[] {
  return [...classes]
    .sort((a, b) => a.order - b.order)
    .flatMap((one) => [
      { classId: one.id, streamId: null, label: one.name, capacity: null },
      ...streams
        .filter((stream) => stream.classId === one.id)
        .map((stream) => ({ classId: one.id, streamId: stream.id, label: stream.label, capacity: stream.capacity })),
    ]);
}

function sum<Key extends string>(rows: readonly Record<Key, number>[], key: Key): number {
  return rows.reduce((all, row) => all + row[key], 0);
}
