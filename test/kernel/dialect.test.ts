import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { dialectOf } from '../../src/kernel/packs/dialect.js';
import { PACKS } from '../../src/kernel/packs/index.js';
import { Texts } from '../../src/platform/i18n/i18n.js';
import { projectRoot } from '../../src/platform/paths.js';

const inWords = (country: string, sentence: string): string => (dialectOf(country) ?? ((text: string) => text))(sentence);
const texts = new Texts(path.join(projectRoot, 'src/modules'), path.join(projectRoot, 'src/platform/i18n/texts'));

describe('sentences in the words of a country’s schools', () => {
  it('say arm in Nigeria, register class and principal in South Africa, combination in Uganda, programme in Ghana', () => {
    for (const [country, sentence, said] of [
      ['KE', 'Add a stream to {{stream}}', 'Add a stream to {{stream}}'],
      ['NG', 'Add a stream to {{stream}}', 'Add an arm to {{stream}}'],
      ['NG', 'Classes with their streams', 'Classes with their arms'],
      ['NG', 'Streams', 'Arms'],
      [
        'NG',
        'A senior stream on a pathway takes the compulsory subjects and that pathway’s electives only.',
        'A senior arm on a field of study takes the compulsory subjects and that field of study’s electives only.',
      ],
      ['NG', 'Pathways', 'Fields of study'],
      ['ZA', 'New stream', 'New register class'],
      ['ZA', 'Streams', 'Register classes'],
      ['ZA', 'Head teacher', 'Principal'],
      ['UG', 'Pathways', 'Combinations'],
      ['GH', 'Pathway', 'Programme'],
      ['NG', 'Home county', 'Home state'],
      ['ZA', 'Home county', 'Home province'],
      ['UG', 'Enter the name of the class, such as Grade 7', 'Enter the name of the class, such as Senior 1'],
      ['NG', 'Such as G7', 'Such as JSS1'],
      ['ZA', 'For example Madaraka Day', 'For example Freedom Day'],
      ['UG', 'For example Madaraka Day', 'For example Independence Day'],
      [
        'GH',
        'For example East; leave empty if the class has only one stream',
        'For example A; leave empty if the class has only one stream',
      ],
      [
        'NG',
        'A student takes one of them, such as CRE, IRE or HRE',
        'A student takes one of them, such as Hausa, Igbo or Yoruba',
      ],
      ['UG', 'A student takes one of them, such as CRE, IRE or HRE', 'A student takes one of them, such as CRE or IRE'],
      [
        'UG',
        'Link its streams to sets of electives, such as STEM or Arts.',
        'Link its streams to sets of electives, such as Sciences or Arts.',
      ],
      ['KE', 'Add a vote head', 'Add a vote head'],
      ['UG', 'Vote heads', 'Fee items'],
      ['NG', 'Vote book', 'Fee item book'],
      ['KE', 'Vote book', 'Vote book'],
    ] as const)
      assert.equal(inWords(country, sentence), said, `${country}: ${sentence}`);
  });

  it('leave what a person has typed as it is, and other languages', () => {
    const t = texts.in('en', 'NG');
    assert.equal(t('Stream of {{name}}', { name: 'Stream Valley' }), 'Arm of Stream Valley');
    assert.equal(t('{{n}} periods in {{streams}} streams', { n: 2, streams: 3 }), '2 periods in 3 arms');
    assert.equal(t('{{n}} periods in {{streams}} streams', { n: 1, streams: 'Stream Valley' }), '1 period in Stream Valley arms');
    assert.equal(texts.in('fr', 'NG')('Streams'), texts.in('fr')('Streams'));
    assert.equal(texts.in('en')('Stream of {{name}}', { name: 'Abu' }), 'Stream of Abu');
  });

  it('keep every gap of every sentence, in every country', () => {
    const sentences = ['src', 'views'].flatMap((root) =>
      readdirSync(path.join(projectRoot, root), { recursive: true, encoding: 'utf8' })
        .filter((name) => /\.(ts|ejs)$/.test(name))
        .flatMap((name) =>
          [...readFileSync(path.join(projectRoot, root, name), 'utf8').matchAll(/\bt\('((?:\\.|[^'])*)'/g)].map(
            (match) => match[1]!,
          ),
        ),
    );
    const gaps = (text: string): string =>
      [...text.matchAll(/\{\{(\w+)\}\}/g)]
        .map((match) => match[1])
        .sort()
        .join();
    assert.ok(sentences.length > 1_000);
    for (const { country } of Object.values(PACKS)) {
      if (country !== 'KE')
        assert.deepEqual(
          sentences.filter(
            (one) => /(such as|example).*\b(CRE, IRE or HRE|Grade 7|G7|STEM)\b/i.test(inWords(country, one)) && country !== 'ZA',
          ),
          [],
          country,
        );
      for (const sentence of sentences) {
        const said = inWords(country, sentence);
        assert.equal(gaps(said), gaps(sentence), `${country}: ${sentence}`);
        assert.doesNotMatch(said, /\ba arm|\ban (register|field|combination|programme|stream)/i, said);
      }
    }
  });
});
