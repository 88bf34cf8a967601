import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import i18next, { type i18n } from 'i18next';

/** Translates a sentence; the English sentence is the key. `{{name}}` in it is filled from `vars`. */
export type T = (text: string, vars?: Record<string, string | number>) => string;

export const LANGUAGES = ['en', 'fr', 'sw'] as const;

/** Sentences come from the code; what a person has typed must not fill the memory. */
const MOST_KEPT = 5_000;

export class Texts {
  private readonly i18n: i18n;
  private readonly fixed = new Map<string, T>();

  /** `root` holds `<module>/texts/<language>.json`. */
  constructor(root: string) {
    this.i18n = i18next.createInstance();
    void this.i18n.init({
      lng: 'en',
      fallbackLng: 'en',
      keySeparator: false,
      nsSeparator: false,
      initAsync: false,
      interpolation: { escapeValue: false },
      resources: readCatalogues(root),
    });
  }

  in(language: string): T {
    const known = this.fixed.get(language);
    if (known) return known;
    const translate = this.i18n.getFixedT(language);
    // English sentences are their own keys; only what its catalogue names (a plural) has to be looked up.
    const named = (text: string): boolean => this.i18n.exists(text, { lng: 'en' });
    const plain = new Map<string, boolean>();
    const isPlain = (text: string): boolean => {
      const known = plain.get(text);
      if (known !== undefined) return known;
      const found = !named(text) && !named(`${text}_other`);
      if (plain.size < MOST_KEPT) plain.set(text, found);
      return found;
    };
    const t: T = language === 'en' ? (text, vars) => (isPlain(text) ? fill(text, vars) : translate(text, vars)) : (text, vars) => translate(text, vars);
    this.fixed.set(language, t);
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

/** `{{name}}` becomes the value of that name. */
function fill(text: string, vars: Record<string, string | number> | undefined): string {
  return vars === undefined || !text.includes('{{') ? text : text.replace(/\{\{\s*(\w+)\s*\}\}/g, (all, name: string) => (name in vars ? String(vars[name]) : all));
}

function readCatalogues(root: string): Record<string, { translation: Record<string, string> }> {
  const resources: Record<string, { translation: Record<string, string> }> = { en: { translation: {} } };
  for (const module of existsSync(root) ? readdirSync(root) : []) {
    for (const language of LANGUAGES) {
      const file = path.join(root, module, 'texts', `${language}.json`);
      if (!existsSync(file)) continue;
      const entries = JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>;
      resources[language] = { translation: { ...resources[language]?.translation, ...entries } };
    }
  }
  return resources;
}
