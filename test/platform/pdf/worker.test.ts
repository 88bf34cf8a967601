import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { idCardsDrawing } from '../../../src/modules/students/prints/adapters/id-cards.pdf.js';
import { drawInWorker } from '../../../src/platform/pdf/worker.js';
import { context, pagesOf, people } from './samples.js';

describe('drawing thread', () => {
  it('draws what the function itself would draw, and lets the process answer meanwhile', async () => {
    const cards = people(500).map((one) => ({
      ...one,
      className: 'Grade 7',
      checkUrl: `https://a.example/c/${one.admissionNo}`,
      photo: new Uint8Array(2000),
    }));
    let answers = 0;
    const page = setInterval(() => (answers += 1), 5);
    const file = await drawInWorker(idCardsDrawing, { context: context(), cards, phone: '0712 300 400', backs: false });
    clearInterval(page);
    assert.equal((await pagesOf(file)).length, 50);
    // Drawn in this thread it would be none or one.
    assert.ok(answers > 10, `${answers} answers`);
  });

  it('a fault of the drawing reaches the caller, and the next drawing works', async () => {
    const broken = { ...idCardsDrawing, name: 'noSuchExport' };
    const data = { context: context(), cards: [], phone: '', backs: false };
    for (let again = 0; again < 3; again++) await assert.rejects(drawInWorker(broken, data), /exports no noSuchExport/);
    assert.ok((await drawInWorker(idCardsDrawing, data)).length > 500);
  });
});
