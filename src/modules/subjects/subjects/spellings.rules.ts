import { fold } from '../../../kernel/people/names.js';

/** What is written in a sheet, as far as it can tell two things apart: no marks, no case, nothing but letters and digits. */
export function plain(text: string): string {
  return fold(text).replace(/[^\p{L}\p{N}]+/gu, '');
}

/** Finds things by what they are called: by the whole of a name first, then by what is usual short for it. */
export class Spellings<Thing> {
  private readonly levels: Map<string, Thing[]>[] = [new Map(), new Map()];

  add(thing: Thing, exact: readonly (string | null)[], loose: readonly (string | null)[] = []): void {
    for (const [level, texts] of [exact, loose].entries()) {
      for (const text of texts) {
        const key = text === null ? '' : plain(text);
        if (key === '') continue;
        const known = this.levels[level]!.get(key) ?? [];
        if (!known.includes(thing)) this.levels[level]!.set(key, [...known, thing]);
      }
    }
  }

  /** One, none, or `several`. */
  find(text: string): Thing | null | 'several' {
    const key = plain(text);
    const found = this.levels[0]!.get(key) ?? this.levels[1]!.get(key) ?? [];
    return found.length > 1 ? 'several' : (found[0] ?? null);
  }
}

interface NamedClass {
  name: string;
  shortName: string;
}

/** `Grade 7`, `G7`, and short for it `7`. */
export function classSpellings(one: NamedClass): { exact: string[]; loose: string[] } {
  const digits = /\d+/.exec(one.name)?.[0];
  const kind = /^\p{L}+/u.exec(fold(one.name))?.[0] ?? '';
  const words = ['grade', 'class', kind.charAt(0), ...(SHORT_FOR[kind] ?? [])];
  return { exact: [one.name, one.shortName], loose: digits ? [digits, ...words.map((word) => `${word} ${digits}`)] : [] };
}

/** What is written for the word that a class begins with: `Gr. 7`, `Std 7`. */
const SHORT_FOR: Readonly<Record<string, readonly string[]>> = {
  grade: ['gr', 'grd', 'std', 'standard', 'year', 'yr', 'cl'],
  class: ['cl', 'cls', 'gr', 'std', 'standard'],
  standard: ['std', 'gr', 'cl'],
  form: ['fm', 'frm', 'senior', 'sen'],
  year: ['yr', 'gr'],
  primary: ['pri', 'pry', 'gr', 'std'],
  basic: ['bs', 'pri', 'pry', 'gr'],
  senior: ['sen', 'snr', 'form'],
};

/** `Grade 7 East`, `G7 East`, and short for it `7E`, `G7E`. */
export function streamSpellings(own: NamedClass, stream: { name: string; label: string }): { exact: string[]; loose: string[] } {
  const { exact, loose } = classSpellings(own);
  if (stream.name === '') return { exact: [stream.label, ...exact], loose };
  const initial = stream.name.charAt(0);
  return {
    exact: [stream.label, ...exact.map((text) => `${text} ${stream.name}`)],
    loose: [...loose.map((text) => `${text} ${stream.name}`), ...[...exact, ...loose].map((text) => `${text} ${initial}`)],
  };
}
