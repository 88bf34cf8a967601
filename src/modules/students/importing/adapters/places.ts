import { fold } from '../../../../kernel/people/names.js';
import { classSpellings, type ClassList, type SchoolClass, type Stream } from '../../../subjects/index.js';

export interface FoundPlace {
  classId: string;
  streamId: string | null;
}

export type PlaceAnswer =
  | { place: FoundPlace; streamless?: true }
  /** `streams` are those of the class that was meant, when that much is clear. */
  | { wrong: 'unknown' | 'ambiguous'; written: string; streams: string[] };

/** Finds a class by any usual spelling: `Grade 7 East`, `7 East`, `G7E`, `7E`, or class and stream in two columns. */
export class Places {
  private readonly streams = new Spellings<FoundPlace>();
  private readonly classes = new Spellings<SchoolClass>();
  private readonly ofClass = new Map<string, Stream[]>();

  constructor({ classes, streams }: ClassList) {
    for (const one of classes.filter((each) => each.active)) {
      this.ofClass.set(
        one.id,
        streams.filter((stream) => stream.classId === one.id && stream.active),
      );
      const { exact, loose } = classSpellings(one);
      this.classes.add(one, exact, loose);
    }
    for (const one of classes.filter((each) => each.active)) {
      const { exact, loose } = classSpellings(one);
      for (const stream of this.ofClass.get(one.id)!) {
        const place = { classId: one.id, streamId: stream.id };
        this.streams.add(place, [stream.label, ...withStream(exact, stream)], withStream([...exact, ...loose], stream, true));
      }
    }
  }

  find(classText: string, streamText: string | null): PlaceAnswer {
    const written = streamText ? `${classText} ${streamText}` : classText;
    const whole = this.streams.find(written);
    if (whole.length > 1) return { wrong: 'ambiguous', written, streams: [] };
    if (whole[0]) return { place: whole[0] };
    // A class column that says it all, and a stream column that says the second half again.
    const again = streamText ? this.streams.find(classText) : [];
    if (again.length === 1 && this.nameOf(again[0]!) === plain(streamText!)) return { place: again[0]! };
    return this.classAlone(classText, streamText, written);
  }

  /** The class that a text means, with or without the name of a stream behind it; null where that is not clear. */
  classOf(text: string): string | null {
    const found = this.classes.find(text);
    return found.length === 1 ? found[0]!.id : (this.classWithin(text)?.id ?? null);
  }

  private classAlone(classText: string, streamText: string | null, written: string): PlaceAnswer {
    const found = this.classes.find(classText);
    if (found.length > 1) return { wrong: 'ambiguous', written, streams: [] };
    const one = found[0] ?? this.classWithin(classText);
    if (!one) return { wrong: 'unknown', written, streams: [] };
    const streams = this.ofClass.get(one.id)!;
    if (streamText || !found[0]) return { wrong: 'unknown', written, streams: streams.map((stream) => stream.label) };
    if (streams.length === 1) return { place: { classId: one.id, streamId: streams[0]!.id } };
    return { place: { classId: one.id, streamId: null }, ...(streams.length > 1 && { streamless: true as const }) };
  }

  /** `Grade 7 North`: the class is clear, the stream is not. */
  private classWithin(text: string): SchoolClass | null {
    const words = text.trim().split(/\s+/);
    const found = words.length > 1 ? this.classes.find(words.slice(0, -1).join(' ')) : [];
    return found.length === 1 ? found[0]! : null;
  }

  private nameOf(place: FoundPlace): string {
    return plain(this.ofClass.get(place.classId)!.find((stream) => stream.id === place.streamId)!.name);
  }
}

/** What is written out wins over what is only a usual short form of it. */
class Spellings<Value> {
  private readonly exact = new Map<string, Value[]>();
  private readonly loose = new Map<string, Value[]>();

  add(value: Value, exact: readonly string[], loose: readonly string[]): void {
    for (const text of exact) push(this.exact, plain(text), value);
    for (const text of loose) push(this.loose, plain(text), value);
  }

  find(text: string): readonly Value[] {
    const key = plain(text);
    return this.exact.get(key) ?? this.loose.get(key) ?? [];
  }
}

function push<Value>(map: Map<string, Value[]>, key: string, value: Value): void {
  const known = map.get(key);
  if (!known) map.set(key, [value]);
  else if (!known.includes(value)) known.push(value);
}

function withStream(classes: readonly string[], stream: Stream, initial = false): string[] {
  const name = initial ? plain(stream.name).charAt(0) : stream.name;
  const both = initial ? [name, stream.name] : [name];
  return both.filter((one) => plain(one) !== '').flatMap((one) => classes.map((text) => `${text} ${one}`));
}

function plain(text: string): string {
  return fold(text).replace(/[^\p{L}\p{N}]+/gu, '');
}
