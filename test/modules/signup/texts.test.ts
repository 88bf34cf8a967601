import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { projectRoot } from '../../../src/platform/paths.js';

const views = readdirSync(path.join(projectRoot, 'views/signup')).map((name) =>
  readFileSync(path.join(projectRoot, 'views/signup', name), 'utf8'),
);
const said = [...views.join('\n').matchAll(/it\.t\('((?:[^'\\]|\\.)+)'/g)].map((match) => match[1]!.replaceAll("\\'", "'"));

for (const language of ['fr', 'sw']) {
  describe(`opening a school in ${language}`, () => {
    const catalogue = (folder: string) =>
      JSON.parse(readFileSync(path.join(projectRoot, folder, 'texts', `${language}.json`), 'utf8')) as Record<string, string>;
    const texts = catalogue('src/modules/signup');
    const everybodys = catalogue('src/platform/i18n');
    const own = said.filter((sentence) => !/^(Ghana|Kenya|Nigeria|South Africa|Uganda)$/.test(sentence));

    it('has every sentence of the pages', () =>
      assert.deepEqual(
        own.filter((sentence) => !(sentence in texts) && !(sentence in everybodys)),
        [],
      ));

    it('fills the same gaps', () => {
      const gaps = (text: string) => [...text.matchAll(/\{\{(\w+)\}\}/g)].map((match) => match[1]).sort();
      for (const [english, text] of Object.entries(texts)) assert.deepEqual(gaps(text), gaps(english), english);
    });
  });
}
