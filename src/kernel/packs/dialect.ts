import { packForCountry } from './index.js';
import type { CountryPack, Words } from './types.js';

/** What our English sentences call what a country's schools may call otherwise. */
const OURS = {
  stream: 'stream',
  pathway: 'pathway',
  head: 'head teacher',
  charge: 'vote head',
  region: 'county',
} as const satisfies Partial<Record<keyof Words, string>>;

/** Puts a sentence of ours into the words of a country's schools, before anything is filled in: `Add a stream` is `Add an arm` in Nigeria. */
export type Dialect = (sentence: string) => string;

/** In whose words our sentences are. */
const OWN = 'KE';

const made = new Map<string, Dialect | null>();

/** Null for the country in whose words our sentences are, and where none is known. */
export function dialectOf(country: string | undefined): Dialect | null {
  const pack = country === undefined ? null : packForCountry(country);
  if (!pack || pack.country === OWN) return null;
  const known = made.get(country!);
  if (known !== undefined) return known;
  const dialect = dialectOfPack(pack);
  made.set(country!, dialect);
  return dialect;
}

function dialectOfPack(pack: CountryPack): Dialect | null {
  const [words, examples] = [inWords(pack.words), withExamples(pack)];
  return (sentence) => examples(words(sentence));
}

/** `such as Grade 7` names a class of the country. */
function withExamples(pack: CountryPack): Dialect {
  const [example] = pack.levels.filter((level) => pack.stages.find((stage) => stage.id === level.stage)?.kind === 'junior');
  const alternatives = pack.subjects.find((subject) => subject.choice !== null);
  const named = pack.subjects
    .filter((subject) => subject.choice === alternatives?.choice && subject.levels[0] === alternatives?.levels[0])
    .map((subject) => subject.shortName);
  const theirs: Record<string, string | undefined> = {
    'Madaraka Day': pack.holidays.rules.find((rule) => /^(Independence|Freedom) Day$/.test(rule.name))?.name,
    'Grade 7': example?.name,
    G7: example?.code,
    East: pack.streamNames[0],
    'CRE, IRE or HRE': (named.length > 1
      ? named
      : pack.subjects.filter((one) => one.kind === 'elective').map((one) => one.shortName)
    )
      .slice(0, named.length > 1 ? 3 : 2)
      .join(', ')
      .replace(/, ([^,]+)$/, ' or $1'),
    'STEM or Arts': pack.pathways
      .slice(0, 2)
      .map((one) => one.name)
      .join(' or '),
    STEM: pack.pathways[0]?.name,
  };
  const others = Object.keys(theirs).filter((ours) => theirs[ours]);
  const pattern = new RegExp(`\\b(${others.join('|')})\\b`, 'g');
  return (sentence) => (/(such as|example)/i.test(sentence) ? sentence.replace(pattern, (ours) => theirs[ours]!) : sentence);
}

function inWords(words: Words): Dialect {
  const other = (Object.keys(OURS) as (keyof typeof OURS)[]).filter((key) => words[key].toLowerCase() !== OURS[key]);
  const theirs = new Map(
    other.flatMap((key) => [
      [OURS[key], words[key].toLowerCase()],
      [plural(OURS[key]), plural(words[key].toLowerCase())],
    ]),
  );
  theirs.set('vote book', `${words.charge.toLowerCase()} book`);
  const pattern = new RegExp(
    `(?<!\\{\\{)(?:\\b(an?) )?\\b(${[...theirs.keys()].sort((one, two) => two.length - one.length).join('|')})\\b(?!\\}\\})`,
    'gi',
  );
  return (sentence) =>
    sentence.replace(pattern, (_all, article: string | undefined, ours: string) => {
      const word = theirs.get(ours.toLowerCase())!;
      const begun = /^\p{Lu}/u.test(ours) ? word.charAt(0).toUpperCase() + word.slice(1) : word;
      if (!article) return begun;
      return `${article.charAt(0)}${/^[aeio]/.test(word) ? 'n' : ''} ${begun}`;
    });
}

/** `arms`, `register classes`, `fields of study`. */
export function plural(words: string): string {
  const [head, ...rest] = words.split(/(?= of )/);
  const many = /(s|x|ch|sh)$/.test(head!) ? `${head}es` : /[^aeiou]y$/.test(head!) ? `${head!.slice(0, -1)}ies` : `${head}s`;
  return [many, ...rest].join('');
}
