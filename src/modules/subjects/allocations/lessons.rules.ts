import { runsOn, type Allocation } from './allocation.rules.js';
import { followsStream, type Subject, type SubjectException } from '../subjects/subject.rules.js';

export interface TaughtSubject {
  subjectId: string;
  streamId: string;
  staffIds: string[];
  periods: number;
  everybody: boolean;
  exceptions: ReadonlyMap<string, boolean>;
}

/**
 * What is taught on a day, stream by stream, and who of the stream takes it.
 * @param history every allocation, also those that are over, the oldest first
 * @param exceptions those that run on the day
 */
export function lessonsOn(
  day: string,
  subjects: readonly Subject[],
  history: readonly Allocation[],
  exceptions: readonly SubjectException[],
): TaughtSubject[] {
  const ofStream = grouped(history, (one) => one.streamId);
  const running = grouped(
    history.filter((one) => runsOn(one, day)),
    (one) => `${one.streamId} ${one.subjectId}`,
  );
  const unlike = new Map<string, Map<string, boolean>>();
  for (const one of exceptions) {
    const known = unlike.get(one.subjectId) ?? new Map<string, boolean>();
    unlike.set(one.subjectId, known.set(one.studentId, one.takes));
  }
  return [...running.values()].flatMap((lines): TaughtSubject[] => {
    const { subjectId, streamId } = lines[0]!;
    const subject = subjects.find((one) => one.id === subjectId);
    if (!subject) return [];
    return [
      {
        subjectId,
        streamId,
        staffIds: [...new Set(lines.map((one) => one.staffId))],
        periods: lines.reduce((sum, one) => sum + one.periods, 0),
        everybody: followsStream(subject, subjects, ofStream.get(streamId)!, day),
        exceptions: unlike.get(subjectId) ?? new Map(),
      },
    ];
  });
}

function grouped<Item>(items: readonly Item[], keyOf: (item: Item) => string): Map<string, Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group) group.push(item);
    else groups.set(keyOf(item), [item]);
  }
  return groups;
}
