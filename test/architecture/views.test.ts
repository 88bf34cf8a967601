import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { HtmlValidate, type ConfigData } from 'html-validate';
import { Views } from '../../src/platform/http/pages/views.js';
import { projectRoot } from '../../src/platform/paths.js';
import { aSchool, type SchoolUnderTest } from '../support/app.js';
import type { Browser } from '../support/browser.js';
import type { Student } from '../../src/modules/students/index.js';
import { admitMany } from '../support/people/learners.js';

const root = path.join(projectRoot, 'views');

/** What our policy forbids, or what only a text editor would accept. */
const FORBIDDEN: [name: string, pattern: RegExp][] = [
  ['a script in the page', /<script(?![^>]*\bsrc=)/i],
  ['a style sheet in the page', /<style\b/i],
  ['a style attribute', /<[a-z][^<>]*\sstyle\s*=\s*["']/i],
  ['an event attribute', /<[a-z][^<>]*\son[a-z]+\s*=\s*["']/i],
  ['hx-on, which needs eval', /\bhx-on\b/],
  ['a value that htmx would evaluate', /["'\s](?:js|javascript):/i],
  ['a trigger filter, which needs eval', /hx-trigger="[^"]*\[/],
  [
    'text that is not escaped by the engine',
    /<%-\s*it\.(?!part|body|icon|input|st\b|tag|photo|initials|draw|more|right|actions|aside|state|facts|chart|spark|bar\b|fields|html|head|attrs|control|key|page\.(?:aside|state))/,
  ],
  ['include, which finds nothing here', /\binclude\s*\(/],
  ['an address of another site', /(?:src|href|action)="https?:/i],
];

/** The standard as it is; what is a matter of taste or decided elsewhere (axe looks at access) is left out. */
const RULES: ConfigData = {
  extends: ['html-validate:standard'],
  rules: {
    'require-sri': 'off',
    // `autocomplete="off"` on search boxes.
    'valid-autocomplete': 'error',
    'no-inline-style': 'error',
    'no-dup-id': 'error',
    'no-dup-attr': 'error',
    'close-order': 'error',
    'element-permitted-content': 'error',
    'script-type': 'error',
    'button-type': 'off',
  },
};

describe('templates', () => {
  const names = new Views(root).names();

  it('every one compiles', () => {
    new Views(root).compileAll();
    assert.ok(names.length > 100);
  });

  for (const [name, pattern] of FORBIDDEN) {
    it(`none has ${name}`, () => {
      const found = names.flatMap((view) =>
        readFileSync(path.join(root, `${view}.ejs`), 'utf8')
          .split('\n')
          .flatMap((line, index) =>
            pattern.test(line) ? [`views/${view}.ejs:${index + 1}: ${line.match(pattern)![0].slice(0, 120)}`] : [],
          ),
      );
      assert.deepEqual(found, []);
    });
  }

  it('what a page shows to people goes through t()', () => {
    const found = names
      .filter((view) => !view.startsWith('dev/'))
      .flatMap((view) =>
        bareTexts(readFileSync(path.join(root, `${view}.ejs`), 'utf8')).map((text) => `views/${view}.ejs: ${text}`),
      );
    assert.deepEqual(found, []);
  });
});

describe('pages as they are sent', () => {
  let school: SchoolUnderTest;
  let person: Browser;
  let id: string;
  before(async () => {
    school = await aSchool({ lists: { houses: [{ name: 'Kilimanjaro' }] } });
    [{ id }] = (await admitMany(school, 5, (index) =>
      index === 0 ? { surname: `O'Neil & <b>Sons</b> "x"`, specialNeeds: '<script>alert(1)</script>' } : {},
    )) as [Student];
    person = await school.as('owner', 'administrator', 'registrar', 'auditor');
  });
  after(() => school?.stop());

  it('are valid HTML', async () => {
    const validator = new HtmlValidate(RULES);
    const plain = school.app.declared
      .filter((route) => route.method === 'get' && route.kind === 'page' && !/:|\/prints\/./.test(route.path))
      .map((route) => route.path);
    const ofOne = [
      '',
      '/edit',
      '/moves/new',
      '/letters',
      '/guardians/new',
      '/photo',
      '/consents/edit',
      '/status-changes/new',
      '/aside',
    ].map((rest) => `/students/${id}${rest}`);
    const wrong = new Map<string, string>();
    let pages = 0;
    for (const address of [...plain, ...ofOne, '/no-such-page', '/students?q=nobody-at-all']) {
      const answer = await person.get(address);
      if (!String(answer.headers['content-type']).startsWith('text/html') || answer.html === '') continue;
      pages += 1;
      assert.ok(!answer.html.includes('<script>alert'), `${address} shows what was typed as text`);
      const { results } = await validator.validateString(answer.html, address);
      for (const message of results.flatMap((result) => result.messages)) {
        wrong.set(
          `${message.ruleId}: ${message.message} (${message.selector ?? ''})`.slice(0, 220),
          `${address}:${message.line}:${message.column}`,
        );
      }
    }
    assert.deepEqual(
      [...wrong].map(([message, where]) => `${message} at ${where}`),
      [],
    );
    assert.ok(pages > 50, `${pages} pages`);
  });
});

/** Words between tags that no call of t() has made. */
function bareTexts(source: string): string[] {
  const without = source
    .replace(/<%#[\s\S]*?%>/g, '')
    .replace(/<%[\s\S]*?%>/g, '\u0000')
    .replace(/<[^<>]*>/g, '\u0001');
  return without
    .split(/[\u0000\u0001]/)
    .map((text) => text.trim())
    .filter((text) => /\p{L}{3,}/u.test(text) && !/^(&\w+;|\{.*\})$/.test(text) && !KEPT.has(text));
}

/** Names of keys and of things that are the same in every language. */
const KEPT = new Set(['Enter', 'Ctrl Enter', 'AIMS', 'CSV', 'Excel', 'XLSX', 'OpenAPI']);
