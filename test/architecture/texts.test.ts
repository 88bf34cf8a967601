import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { LANGUAGES } from '../../src/platform/i18n/i18n.js';
import { projectRoot } from '../../src/platform/paths.js';
import { bareTexts, readSource, readView, type Found, type Reading } from '../support/reading/texts.js';
import { ALSO_SAID, KEPT, SURFACES } from './surfaces.js';

const OTHERS = LANGUAGES.filter((language) => language !== 'en');
const catalogues = new Map<string, Record<string, string>>(
  [...new Set([...Object.keys(SURFACES), ...modulesWithTexts()])].flatMap((owner) =>
    OTHERS.map((language) => [`${owner} ${language}`, catalogue(owner, language)] as const),
  ),
);

describe('what visitors, owners-to-be, guardians and students see', () => {
  for (const [owner, paths] of Object.entries(SURFACES)) {
    const readings = paths.flatMap(filesOf).map(read);

    it(`${owner}: goes through t(), as a sentence that can be looked up`, () => {
      assert.deepEqual(readings.flatMap((reading) => reading.strays).map(shown), []);
    });

    for (const language of OTHERS) {
      it(`${owner}: nothing is missing in ${language}`, () => {
        const known = new Set([...Object.keys(of(owner, language)), ...Object.keys(of('platform', language))]);
        const said = [
          ...readings.flatMap((reading) => reading.texts),
          ...(ALSO_SAID[owner] ?? []).map((text) => ({ text, file: 'surfaces.ts', line: 0 })),
        ];
        const missing = new Map(
          said.filter(({ text }) => !known.has(text) && !known.has(`${text}_other`)).map((found) => [found.text, shown(found)]),
        );
        assert.deepEqual([...missing.values()], []);
      });
    }
  }
});

describe('catalogues', () => {
  const readings = ['src', 'views'].flatMap(filesOf).map((file) => ({ file, ...read(file) }));

  for (const [name, entries] of catalogues) {
    const [owner] = name.split(' ') as [string];

    it(`${name}: every entry is used`, () => {
      const own = readings.filter(
        ({ file }) =>
          owner === 'platform' ||
          file.includes(`src/modules/${owner}/`) ||
          file.includes(`views/${owner}/`) ||
          /views\/(layouts|shell|shared|fields|forms|lists)\//.test(file),
      );
      const used = new Set([...own.flatMap((reading) => [...reading.literals]), ...Object.values(ALSO_SAID).flat()]);
      assert.deepEqual(
        Object.keys(entries).filter((key) => !used.has(key) && !used.has(key.replace(/_(zero|one|two|few|many|other)$/, ''))),
        [],
      );
    });

    it(`${name}: every entry has the gaps of its sentence, and says something`, () => {
      const gaps = (text: string): string =>
        [...new Set([...text.matchAll(/\{\{(\w+)\}\}/g)].map((match) => match[1]))].sort().join();
      const wrong = Object.entries(entries).filter(
        ([key, text]) => text.trim() === '' || (/_(zero|one|two|few|many|other)$/.test(key) ? false : gaps(key) !== gaps(text)),
      );
      assert.deepEqual(wrong, []);
    });
  }

  it('one sentence is said in one way, whoever says it', () => {
    const ways = new Map<string, Set<string>>();
    for (const [name, entries] of catalogues) {
      for (const [key, text] of Object.entries(entries)) {
        const place = `${name.split(' ')[1]}: ${key}`;
        ways.set(place, (ways.get(place) ?? new Set()).add(text));
      }
    }
    assert.deepEqual(
      [...ways].filter(([, texts]) => texts.size > 1).map(([place, texts]) => [place, ...texts]),
      [],
    );
  });

  it('French has a space that does not break before : ; ? ! and inside of « »', () => {
    const loose = [...catalogues]
      .filter(([name]) => name.endsWith(' fr'))
      .flatMap(([name, entries]) =>
        Object.values(entries)
          .filter((text) => / [:;?!»]|« /.test(text))
          .map((text) => `${name}: ${text}`),
      );
    assert.deepEqual(loose, []);
  });

  it('school fees are "karo" in Kiswahili, as docs/words.md says', () => {
    const ada = [...catalogues]
      .filter(([name]) => name.endsWith(' sw'))
      .flatMap(([, entries]) =>
        Object.entries(entries).filter(([key, text]) => /\bfees?\b/i.test(key) && !/exit fee/.test(key) && /\bada\b/i.test(text)),
      );
    assert.deepEqual(ada, []);
  });

  it('French and Kiswahili have the same entries', () => {
    for (const owner of new Set([...catalogues.keys()].map((name) => name.split(' ')[0]!))) {
      assert.deepEqual(Object.keys(of(owner, 'sw')).sort(), Object.keys(of(owner, 'fr')).sort(), owner);
    }
  });
});

describe('the reader of texts', () => {
  it('finds words between tags and in the attributes that people hear or see', () => {
    const view =
      '<p title="Old one"><%= it.t("New") %> Plain words &amp; <b>bold</b></p>\n<input placeholder="<%= it.t("x") %>" aria-label="Say it"><img alt="">';
    assert.deepEqual(
      bareTexts(view)
        .map(({ text }) => text)
        .sort(),
      ['Old one', 'Plain words &amp;', 'Say it', 'bold'],
    );
  });
});

function of(owner: string, language: string): Record<string, string> {
  return catalogues.get(`${owner} ${language}`) ?? {};
}

function catalogue(owner: string, language: string): Record<string, string> {
  const folder = owner === 'platform' ? 'src/platform/i18n/texts' : `src/modules/${owner}/texts`;
  const file = path.join(projectRoot, folder, `${language}.json`);
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>) : {};
}

function modulesWithTexts(): string[] {
  const root = path.join(projectRoot, 'src/modules');
  return readdirSync(root).filter((module) => existsSync(path.join(root, module, 'texts')));
}

function filesOf(place: string): string[] {
  const whole = path.join(projectRoot, place);
  if (!statSync(whole).isDirectory()) return [whole];
  return readdirSync(whole, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(ts|ejs)$/.test(name))
    .map((name) => path.join(whole, name));
}

function read(file: string): Reading {
  return file.endsWith('.ejs') ? readView(file, KEPT) : readSource(file, KEPT);
}

function shown({ text, file, line }: Found): string {
  return `${path.relative(projectRoot, file)}:${line}: ${text}`;
}
