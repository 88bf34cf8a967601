import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { Texts } from '../../../src/platform/i18n/i18n.js';
import { projectRoot } from '../../../src/platform/paths.js';

const root = path.join(projectRoot, 'src/modules');
const shared = path.join(projectRoot, 'src/platform/i18n/texts');
/** Words after a number that end in s and are no plural. */
const NO_PLURAL = new Set(['is', 'as', 'has', 'was', 'this', 'its', 's', 'per']);

describe('a sentence about one thing', () => {
  const texts = new Texts(root, shared);
  const english = texts.in('en');

  it('is said in the singular, whether the number comes as a number or as it is written', () => {
    assert.equal(english('{{n}} guardians', { n: 1 }), '1 guardian');
    assert.equal(english('{{n}} pairs to check', { n: '1' }), '1 pair to check');
    assert.equal(
      english('{{n}} families were asked. Each link works for 14 days.', { n: 1 }),
      '1 family was asked. The link works for 14 days.',
    );
    for (const n of [0, 2, '11', '1,001']) assert.equal(english('{{n}} guardians', { n }), `${n} guardians`);
  });

  it('keeps to its language where that has no form for one', () => {
    assert.equal(texts.in('fr')('{{n}} other sessions were ended.', { n: 1 }), '1 autre session a été fermée.');
    assert.match(texts.in('sw')('{{n}} other sessions were ended.', { n: 1 }), /^(?!.*sessions)/);
  });

  it('has its form wherever a page or a handler counts', () => {
    const forms = JSON.parse(readFileSync(path.join(shared, 'en.json'), 'utf8')) as Record<string, string>;
    const missing = new Set<string>();
    for (const folder of ['src', 'views']) {
      for (const name of readdirSync(path.join(projectRoot, folder), { recursive: true, encoding: 'utf8' })) {
        if (!/\.(ts|ejs)$/.test(name)) continue;
        const source = readFileSync(path.join(projectRoot, folder, name), 'utf8');
        for (const [, text] of source.matchAll(/\bt\('((?:[^'\\\n]|\\.)*\{\{n\}\}(?:[^'\\\n]|\\.)*)'/g)) {
          const word = /\{\{n\}\} (?:more |other |text )?([a-z-]+)/.exec(text!)?.[1];
          const plural =
            word &&
            ((word.endsWith('s') && !NO_PLURAL.has(word)) || ['children', 'people', 'are', 'have', 'were'].includes(word));
          if (plural && !forms[`${text!}_one`] && !text!.includes('of {{n}} receipts')) missing.add(text!);
        }
      }
    }
    assert.deepEqual([...missing].sort(), []);
  });
});
