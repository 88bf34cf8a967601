import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { classList } from '../../../src/modules/students/prints/adapters/class-list.pdf.js';
import { idCards } from '../../../src/modules/students/prints/adapters/id-cards.pdf.js';
import { letters } from '../../../src/modules/students/letters/adapters/letters.pdf.js';
import { report } from '../../../src/platform/pdf/kit.js';
import { context, people, structureOf } from './samples.js';

const LEAVER = {
  surname: 'Hassan',
  otherNames: 'Amina',
  admissionNo: 'MH1',
  sex: 'F' as const,
  leftOn: '2026-11-20',
  leftClass: 'Grade 8',
};
const LETTER = {
  kind: 'transfer' as const,
  reference: 'TL/2026/0001',
  issuedOn: '2026-11-20',
  student: LEAVER,
  checkUrl: 'https://mwangaza.example/check/abc',
};

/** `  H1 (block)` and what follows, without the words for how each is laid out. */
const kindsOf = (elements: string): string[] =>
  elements.split('\n').flatMap((line) => /^\s*(Document|Sect|H1|H2|P|Table|TR|TH|TD|Figure)\b/.exec(line)?.[1] ?? []);

describe('what a print says to those who hear it', () => {
  it('a letter has its title, its language, headings, paragraphs in order and a code that says where it leads', async () => {
    const file = await letters({ context: context({ language: 'fr' }), letters: [LETTER] });
    const { facts, elements } = await structureOf(file);
    assert.match(facts, /Tagged:\s+yes/);
    assert.match(facts, /Title:\s+\S+/);
    assert.deepEqual(kindsOf(elements)[0], 'Document');
    assert.ok(kindsOf(elements).includes('H1') && kindsOf(elements).includes('Figure'));
    assert.match(file.toString('latin1'), /\/Alt \(https:\/\/mwangaza\.example\/check\/abc\)/);
    const order = ['TL/2026/0001', 'Amina Hassan', 'Grace Njeri Kamau'].map((words) => elements.indexOf(words));
    assert.ok(
      order.every((at, index) => at > (order[index - 1] ?? 0)),
      elements,
    );
    assert.doesNotMatch(elements, /Page 1|Printed by|Joseph Kiptoo Rono/, 'the foot is decoration');
  });

  it('the language stands in the file', async () => {
    for (const language of ['en', 'fr', 'sw'])
      assert.match(
        (await letters({ context: context({ language }), letters: [LETTER] })).toString('latin1'),
        new RegExp(`/Lang \\(${language}\\)`),
      );
  });

  it('a paragraph is one, also over the end of a page; the head of a table is said once, and of which cells it is the head', async () => {
    const rows = Array.from({ length: 90 }, (_, index) => ({ cells: [`name ${index}`, String(index)] }));
    const file = await report({ context: context(), title: 'Long' }, (kit) => {
      kit.space(kit.left - 12);
      kit.paragraph(`begins ${'word '.repeat(120)}ends`);
      kit.heading('Everybody');
      kit.table({ columns: [{ head: 'Name' }, { head: 'Number', align: 'right' }], rows });
    });
    const { elements } = await structureOf(file);
    assert.equal(elements.match(/begins/g)?.length, 1);
    const kinds = kindsOf(elements);
    const paragraph = elements.slice(elements.indexOf('begins'), elements.indexOf('ends'));
    assert.doesNotMatch(paragraph, /^\s*P\b/m);
    assert.deepEqual(
      [
        kinds.filter((kind) => kind === 'Table').length,
        kinds.filter((kind) => kind === 'TR').length,
        kinds.filter((kind) => kind === 'TH').length,
      ],
      [1, 91, 2],
    );
    assert.equal(kinds.filter((kind) => kind === 'TD').length, 180);
    assert.ok(kinds.includes('H2'));
  });

  it('a class list is read row by row, a card as one thing', async () => {
    const classes = [{ name: 'Grade 7', students: people(60).filter((one) => one.surname === 'Hassan') }];
    const list = await classList({ context: context(), term: 'Term 3', classes, blankColumns: ['', ''] });
    assert.match(list.toString('latin1'), /\/ActualText \(1, Hassan Amina Wanjiku, MH220001, Girl\)/);
    const { elements } = await structureOf(list);
    assert.equal(
      elements.match(/^\s+"\d+Hassan Amina Wanjiku/gm)?.length,
      classes[0]!.students.length,
      'one paragraph for each row',
    );
    const card = { ...people(1)[0]!, className: 'Grade 7', checkUrl: 'https://mwangaza.example/check/abc' };
    const sheet = await idCards({
      context: context(),
      cards: [card, { ...card, admissionNo: 'MH9' }],
      phone: '0712',
      backs: false,
    });
    const cards = await structureOf(sheet);
    assert.match(cards.facts, /Tagged:\s+yes/);
    assert.match(sheet.toString('latin1'), /\/ActualText \(Amina Wanjiku Hassan, Adm no MH220001, Class Grade 7\)/);
    assert.equal(kindsOf(cards.elements).filter((kind) => kind === 'P').length, 2);
  });
});
