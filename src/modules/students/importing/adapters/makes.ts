import { can, demand, type Actor } from '../../../../kernel/actor.js';
import { fold } from '../../../../kernel/people/names.js';
import type { Question } from '../../../imports/index.js';
import type { Level, ListKind, SchoolApi, SchoolLists } from '../../../school/index.js';
import { classSpellings, type SeedClass, type SubjectsApi } from '../../../subjects/index.js';
import type { CustomFields } from '../../custom-fields/custom-fields.js';

export const MAKE_LISTS = 'make-lists';
export const MAKE_CLASSES = 'make-classes';
export const MAKE_FIELDS = 'make-fields';
export const MAKE = 'make';

const LIST_WORDS: Record<ListKind, string> = {
  houses: 'House',
  dorms: 'Dormitory',
  routes: 'Transport route',
  'meal-plans': 'Meal plan',
};
/** So many at once that a person looks through them. */
const MOST = 40;
const SHOWN = 8;
/** Columns that count the rows of a sheet. */
const COUNTING = /^(?:s ?\/ ?n|s\.? ?no\.?|no\.?|nr\.?|#|sr\.?|sl\.?|serial(?: n(?:o|umber)\.?)?|n°)$/i;

export interface MakerDeps {
  school: SchoolApi;
  subjects: SubjectsApi;
  lists: SchoolLists;
  fields: CustomFields;
}

/** What a file names and the school doesn't have yet. */
export class Unknowns {
  private readonly items = new Map<string, { kind: ListKind; name: string }>();
  private readonly places = new Map<string, SeedClass & { label: string }>();

  constructor(
    private readonly actor: Actor,
    private readonly levels: readonly Level[],
    private readonly leftOut: readonly string[],
  ) {}

  item(kind: ListKind, name: string): void {
    if (this.items.size < MOST) this.items.set(`${kind} ${fold(name)}`, { kind, name: name.slice(0, 60) });
  }

  /** A class that the country's schools have; any other is written by hand, since only a person knows what comes after it. */
  place(written: string): void {
    const text = written.trim().replace(/\s+/g, ' ');
    const words = text.split(' ');
    for (let length = words.length; length > 0 && this.places.size < MOST; length -= 1) {
      const level = this.levelCalled(words.slice(0, length).join(' '));
      if (!level) continue;
      const stream = words.slice(length).join(' ').slice(0, 30);
      const label = `${level.name} ${stream}`.trim();
      this.places.set(fold(label), { name: level.name, streams: [stream], label });
      return;
    }
  }

  questions(): Question[] {
    const items = [...this.items.values()];
    const places = [...this.places.values()];
    const headings = this.leftOut
      .filter((heading) => heading.trim() !== '' && heading.length <= 60 && !COUNTING.test(heading.trim()))
      .slice(0, MOST);
    return [
      ...(places.length > 0 && can(this.actor, 'subjects.change')
        ? [
            asked(
              MAKE_CLASSES,
              'The school does not have these classes yet. Create them?',
              places.map((one) => one.label),
              places.map(({ name, streams }) => ({ name, streams })),
            ),
          ]
        : []),
      ...(items.length > 0 && can(this.actor, 'school.lists.change')
        ? [
            asked(
              MAKE_LISTS,
              'These are not in the school’s lists yet. Add them?',
              items.map((one) => `${LIST_WORDS[one.kind]}: ${one.name}`),
              items,
            ),
          ]
        : []),
      ...(headings.length > 0 && can(this.actor, 'students.custom-fields')
        ? [asked(MAKE_FIELDS, 'AIMS has no field for these columns. Create custom fields for them?', headings, headings)]
        : []),
    ];
  }

  private levelCalled(text: string): Level | null {
    const key = plain(text);
    const named = this.levels.find((one) => plain(one.name) === key || plain(one.code) === key);
    if (named) return named;
    const short = this.levels.filter((one) =>
      classSpellings({ name: one.name, shortName: one.code }).loose.some((spelling) => plain(spelling) === key),
    );
    return short.length === 1 ? short[0]! : null;
  }
}

const plain = (text: string): string => fold(text).replace(/[^\p{L}\p{N}]+/gu, '');

export function asked(key: string, text: string, names: readonly string[], about: unknown): Question {
  const shown = names.slice(0, SHOWN).map((to) => ({ from: null, to }));
  const more = names.length > SHOWN ? [{ from: null, to: `+ ${names.length - SHOWN}` }] : [];
  return {
    key,
    text,
    needed: false,
    standing: 'leave',
    about,
    choices: [
      { value: MAKE, label: 'Yes, create them', examples: [...shown, ...more] },
      { value: 'leave', label: 'No', examples: [] },
    ],
  };
}

/** Makes what a person has said yes to, at once and by the rules of each list; it stays when the import is taken back. */
export async function makeAnswered(actor: Actor, { key, about }: Question, answer: string, deps: MakerDeps): Promise<void> {
  if (answer !== MAKE) return;
  if (key === MAKE_LISTS)
    for (const { kind, name } of about as { kind: ListKind; name: string }[]) await deps.lists.addItem(actor, kind, name);
  if (key === MAKE_CLASSES) {
    demand(actor, 'subjects.change');
    await deps.subjects.seedFromPack(actor, (await deps.school.pack()).id, joined(about as SeedClass[]));
  }
  if (key === MAKE_FIELDS) {
    for (const label of about as string[]) {
      const position = (await deps.fields.all()).length + 1;
      await deps.fields.add(actor, {
        label,
        hint: '',
        type: 'text',
        choices: [],
        required: false,
        section: 'background',
        position,
        visibleTo: [],
        editableBy: [],
        active: true,
      });
    }
  }
}

/** One class with all of its streams. */
function joined(classes: readonly SeedClass[]): SeedClass[] {
  const streams = new Map<string, string[]>();
  for (const one of classes) streams.set(one.name, [...(streams.get(one.name) ?? []), ...one.streams]);
  return [...streams].map(([name, own]) => ({ name, streams: own }));
}
