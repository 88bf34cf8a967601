import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, describe, it } from 'node:test';
import { formatAmount, formatMoney, numbersIn } from '../../src/kernel/money.js';
import { Texts } from '../../src/platform/i18n/i18n.js';

describe('texts', () => {
  const root = mkdtempSync(path.join(tmpdir(), 'aims-texts-'));
  mkdirSync(path.join(root, 'hr/texts'), { recursive: true });
  writeFileSync(
    path.join(root, 'hr/texts/fr.json'),
    JSON.stringify({
      'At most {{1}} of {{2}}': 'Au plus {{1}} sur {{2}}',
      'Save {{name}}': 'Enregistrer {{name}}',
      'Room 12': 'Salle douze',
      learners_one: '{{count}} élève',
      learners_other: '{{count}} élèves',
    }),
  );
  writeFileSync(
    path.join(root, 'hr/texts/en.json'),
    JSON.stringify({ learners_one: '{{count}} learner', learners_other: '{{count}} learners' }),
  );
  after(() => rmSync(root, { recursive: true }));
  const texts = new Texts(root);
  const [fr, en] = [texts.in('fr'), texts.in('en')];

  it('a sentence with numbers of its own is found by its shape, unless it is there as it stands', () => {
    assert.equal(fr('At most 12 of 40'), 'Au plus 12 sur 40');
    assert.equal(fr('Room 12'), 'Salle douze');
  });

  it('what nobody has translated stays English, whole', () => {
    assert.equal(fr('Grade 9 has 3 streams'), 'Grade 9 has 3 streams');
    assert.equal(fr('Print {{n}} of 5', { n: 2 }), 'Print 2 of 5');
  });

  it('gaps are filled in every language, and plurals follow the number', () => {
    assert.equal(fr('Save {{name}}', { name: '<b>' }), 'Enregistrer <b>');
    assert.deepEqual(
      [fr('learners', { count: 1 }), fr('learners', { count: 2 }), en('learners', { count: 1 })],
      ['1 élève', '2 élèves', '1 learner'],
    );
  });

  it('the first wish that we speak is taken', () => {
    assert.equal(texts.choose(null, 'de-DE', 'sw', 'fr'), 'sw');
    assert.equal(texts.choose(undefined, 'xx'), 'en');
  });
});

describe('numbers and money', () => {
  it('are written as each language writes them', () => {
    assert.equal(formatMoney(12_000_00, 'KES'), 'KES 12,000');
    assert.equal(formatAmount(1_250_50, 'GHS', 'fr'), '1\u202f250,50');
    assert.equal(formatMoney(-350_000, 'UGX', 'sw'), 'UGX −350,000');
    assert.equal(numbersIn('en').format(1234.5), '1,234.5');
  });
});
