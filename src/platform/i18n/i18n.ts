import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import i18next, { type i18n } from 'i18next';
import { dialectOf, type Dialect } from '../../kernel/packs/dialect.js';

/** Translates a sentence; the English sentence is the key. `{{name}}` in it is filled from `vars`. */
export type T = (text: string, vars?: Record<string, string | number>) => string;

export const LANGUAGES = ['en', 'fr', 'sw'] as const;

/** Sentences come from the code; what a person has typed must not fill the memory. */
const MOST_KEPT = 5_000;

export class Texts {
  private readonly i18n: i18n;
  private readonly fixed = new Map<string, T>();

  /** `root` holds `<module>/texts/<language>.json`; `shared` holds what belongs to no module, `<language>.json`. */
  constructor(root: string, shared?: string) {
    this.i18n = i18next.createInstance();
    void this.i18n.init({
      lng: 'en',
      fallbackLng: 'en',
      keySeparator: false,
      nsSeparator: false,
      initAsync: false,
      interpolation: { escapeValue: false },
      resources: readCatalogues(root, shared),
    });
  }

  /** @param country whose schools' words an English sentence is put in */
  in(language: string, country?: string): T {
    const dialect = language === 'en' ? dialectOf(country) : null;
    const key = dialect ? `${language} ${country}` : language;
    const known = this.fixed.get(key);
    if (known) return known;
    const translate = this.i18n.getFixedT(language);
    // English sentences are their own keys; only what its catalogue names (a plural) has to be looked up.
    const named = (text: string): boolean => this.i18n.exists(text, { lng: 'en' });
    const plain = new Map<string, boolean>();
    const isPlain = (text: string): boolean => {
      const known = plain.get(text);
      if (known !== undefined) return known;
      const found = !named(text) && !named(`${text}_one`) && !named(`${text}_other`);
      if (plain.size < MOST_KEPT) plain.set(text, found);
      return found;
    };
    const english: T = (text, vars) => (isPlain(text) ? fill(text, vars) : translate(text, counted(vars)));
    const other: T = (text, vars) =>
      /\d/.test(text) && !this.i18n.exists(text, { lng: language })
        ? translate(shapeOf(text), { ...numbersOf(text), ...vars })
        : translate(text, counted(vars));
    const t = language !== 'en' ? other : dialect ? spoken(english, dialect, isPlain) : english;
    this.fixed.set(key, t);
    return t;
  }

  /** The first of these wishes that we speak, else English. */
  choose(...wishes: (string | null | undefined)[]): string {
    for (const wish of wishes) {
      const short = wish?.slice(0, 2).toLowerCase();
      if (short && (LANGUAGES as readonly string[]).includes(short)) return short;
    }
    return 'en';
  }
}

/** Sentences are put into a country's words before anything is filled in: what a person has typed stays as it is. */
function spoken(english: T, dialect: Dialect, isPlain: (text: string) => boolean): T {
  const said = new Map<string, { text: string; differs: boolean; plain: boolean }>();
  return (text, vars) => {
    let one = said.get(text);
    if (!one) {
      const ours = dialect(text);
      one = { text: ours, differs: ours !== text, plain: isPlain(text) };
      if (said.size < MOST_KEPT) said.set(text, one);
    }
    if (!one.differs) return english(text, vars);
    return fill(one.plain ? one.text : dialect(english(text, unfilled(vars))), vars);
  };
}

/** The numbers, by which the catalogue chooses its form; everything else is a gap yet. */
function unfilled(vars: Record<string, string | number> | undefined): Record<string, string | number> | undefined {
  return (
    vars &&
    Object.fromEntries(
      Object.entries(vars).map(([name, value]) => [name, name === 'n' || name === 'count' ? value : `{{${name}}}`]),
    )
  );
}

/**
 * A sentence about `{{n}}` things has its form for a single one in the catalogue, as `…_one`: in the English one too, so that
 * no page says “1 guardians”.
 */
function counted(vars: Record<string, string | number> | undefined): Record<string, string | number> | undefined {
  return vars !== undefined && vars.count === undefined && String(vars.n) === '1' ? { ...vars, count: 1 } : vars;
}

/** `{{name}}` becomes the value of that name. */
function fill(text: string, vars: Record<string, string | number> | undefined): string {
  return vars === undefined || !text.includes('{{')
    ? text
    : text.replace(/\{\{\s*(\w+)\s*\}\}/g, (all, name: string) => (name in vars ? String(vars[name]) : all));
}

/**
 * Rules speak in whole sentences, some with a number of their own in them (`At most 12 characters`). The catalogue has
 * these once, with `{{1}}` in the number's place.
 */
function shapeOf(text: string): string {
  let count = 0;
  return text.replace(/\d+/g, () => `{{${(count += 1)}}}`);
}

function numbersOf(text: string): Record<string, string> {
  return Object.fromEntries([...text.matchAll(/\d+/g)].map(([number], index) => [String(index + 1), number]));
}

function readCatalogues(root: string, shared?: string): Record<string, { translation: Record<string, string> }> {
  const resources: Record<string, { translation: Record<string, string> }> = Object.fromEntries(
    LANGUAGES.map((language) => [language, { translation: {} }]),
  );
  const folders = [
    ...(shared ? [shared] : []),
    ...(existsSync(root) ? readdirSync(root).map((module) => path.join(root, module, 'texts')) : []),
  ];
  for (const folder of folders) {
    for (const language of LANGUAGES) {
      const file = path.join(folder, `${language}.json`);
      if (existsSync(file)) Object.assign(resources[language]!.translation, JSON.parse(readFileSync(file, 'utf8')));
    }
  }
  return resources;
}
