import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { RuleBroken } from '../../../src/kernel/errors.js';
import { contrast } from '../../../src/modules/school/brand/colour.rules.js';
import { makeTheme, themeCss } from '../../../src/modules/school/brand/theme.rules.js';

const css = (name: string): string => readFileSync(join(process.cwd(), 'public/css', name), 'utf8');

/** Drawn and judged by hand for five pairs of colours; `accent` null means as given. */
const SCHOOLS = [
  {
    school: 'bottle green, gold',
    given: ['#0f5c43', '#e3a62b'],
    accent: '#0f5c43',
    reads: 8.0,
    dark: '#6aaf92',
    on: 7.2,
    mark: '#bb8505',
  },
  {
    school: 'maroon, sky',
    given: ['#7b1e3a', '#8ec5e8'],
    accent: '#7b1e3a',
    reads: 10.1,
    dark: '#e67f95',
    on: 7.0,
    mark: '#5f94b5',
  },
  {
    school: 'royal blue, yellow',
    given: ['#1d3fa5', '#f2c230'],
    accent: '#1d3fa5',
    reads: 9.1,
    dark: '#779cef',
    on: 7.0,
    mark: '#af8901',
  },
  {
    school: 'yellow, black',
    given: ['#f5c518', '#111111'],
    accent: '#111111',
    reads: 18.9,
    dark: '#9e9e9e',
    on: 7.0,
    mark: '#ad8a00',
  },
  {
    school: 'the platform',
    given: ['#143a52', '#e2562f'],
    accent: '#143a52',
    reads: 12.0,
    dark: '#7ca4c0',
    on: 7.1,
    mark: '#e2562f',
  },
] as const;

describe('a school’s theme', () => {
  for (const { school, given, accent, reads, dark, on, mark } of SCHOOLS) {
    it(`for ${school} is the one that was drawn`, () => {
      const theme = makeTheme(given[0], given[1]);
      assert.equal(theme.light['accent'], accent);
      assert.equal(theme.judged[0]?.words, `Reads well, ${reads.toFixed(1)} to 1`);
      assert.equal(theme.dark['accent'], dark);
      assert.equal(contrast(theme.dark['on-accent']!, dark).toFixed(1), on.toFixed(1));
      assert.equal(theme.light['trim-mark'], mark);
      assert.deepEqual([theme.light['brand'], theme.light['trim']], given, 'the stripe keeps the colours in the given order');
    });
  }

  it('says which colour had to move, and keeps the given one beside it', () => {
    const { judged } = makeTheme('#0F5C43', '#e3a62b');
    assert.deepEqual(judged, [
      { use: 'acting', given: '#0f5c43', used: '#0f5c43', moved: false, ratio: 8, words: 'Reads well, 8.0 to 1' },
      { use: 'trim', given: '#e3a62b', used: '#bb8505', moved: true, ratio: 3.2, words: 'Shows as a line, 3.2 to 1' },
    ]);
  });

  it('is refused when both colours are the same, or are no colours', () => {
    assert.throws(
      () => makeTheme('#0f5c43', ' #0F5C43 '),
      (error) => error instanceof RuleBroken && error.code === 'school.same-colours',
    );
    assert.throws(
      () => makeTheme('green', '#e3a62b'),
      (error) => error instanceof RuleBroken && error.code === 'school.not-a-colour',
    );
  });

  it('can be read whatever two colours a school has', () => {
    const colour = fc.integer({ min: 0, max: 0xffffff }).map((n) => `#${n.toString(16).padStart(6, '0')}`);
    fc.assert(
      fc.property(colour, colour, (first, second) => {
        fc.pre(first !== second);
        const { light, dark } = makeTheme(first, second);
        for (const theme of [light, dark]) {
          const on = (ink: string, paper: string): number => contrast(theme[ink]!, theme[paper]!);
          for (const paper of ['paper', 'desk', 'inset', 'hover']) {
            for (const ink of ['ink', 'ink-2', 'ink-3', 'accent-ink', 'ok-ink', 'warn-ink', 'bad-ink', 'info-ink']) {
              assert.ok(on(ink, paper) >= 4.5, `${ink} on ${paper} for ${first} ${second}: ${on(ink, paper)}`);
            }
          }
          assert.ok(on('on-accent', 'accent') >= 4.5, `button of ${first} ${second}`);
          assert.ok(on('on-accent', 'accent-hover') >= 4.5, `hovered button of ${first} ${second}`);
          assert.ok(on('on-brand', 'brand') >= 4.5, `sign-in panel of ${first} ${second}`);
          assert.ok(on('accent-ink', 'accent-tint') >= 4.5 && on('line-2', 'paper') >= 3 && on('trim-mark', 'paper') >= 3);
        }
      }),
      {
        numRuns: 150,
        examples: [
          ['#000010', '#ffffff'],
          ['#ff00ff', '#000000'],
          ['#7d5ff5', '#b1b6f0'],
          ['#ffffff', '#fffffe'],
        ],
      },
    );
  });

  it('of the platform is what the style sheet starts from', () => {
    const sheet = css('parts/tokens.css');
    const { light, dark } = makeTheme('#143a52', '#e2562f');
    for (const [name, hex] of [...Object.entries(light), ...Object.entries(dark)]) {
      assert.ok(sheet.includes(`--${name}: ${hex};`), `--${name}: ${hex}`);
    }
  });

  it('for a part of a page redefines the tokens there only', () => {
    const bare = (text: string): string => text.replace(/[\s'"]/g, '').replaceAll(';}', '}');
    for (const [name, first, second] of [
      ['mwangaza', '#0f5c43', '#e3a62b'],
      ['maroon', '#7b1e3a', '#8ec5e8'],
      ['royal', '#1d3fa5', '#f2c230'],
      ['sun', '#f5c518', '#111111'],
    ] as const) {
      const sheet = bare(css(`gallery/gallery-${name}.css`));
      for (const block of themeCss(makeTheme(first, second), name).trim().split('\n'))
        assert.ok(sheet.includes(bare(block)), block);
    }
    assert.match(makeTheme('#0f5c43', '#e3a62b').css, /^:root\{--paper:#ffffff;/);
  });
});
