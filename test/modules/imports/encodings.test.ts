import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { aSchool, type SchoolUnderTest } from '../../support/app.js';
import type { Browser } from '../../support/browser.js';
import { check } from './support.js';

/** The same list with this delimiter, of one child whose name only survives if the letters are read right. */
const listWith = (delimiter: string, surname: string): string =>
  ['Surname,First name,Sex,Class', `${surname},Ann,F,7 East`].join('\r\n').replaceAll(',', delimiter) + '\r\n';
const wide = (text: string): Buffer => Buffer.from(text, 'utf16le');

describe('a list as text', () => {
  let school: SchoolUnderTest;
  let registrar: Browser;

  before(async () => {
    school = await aSchool({ background: true });
    registrar = await school.as('registrar');
  });
  after(() => school.stop());

  it('comes in however it was encoded and cut, with every letter', async () => {
    const files: [how: string, surname: string, body: Buffer][] = [
      ['UTF-8', 'Ọláńrewájú', Buffer.from(listWith(',', 'Ọláńrewájú'))],
      ['UTF-8 with its mark', 'Ọláńrewájú', Buffer.from('\ufeff' + listWith(';', 'Ọláńrewájú'))],
      ['Unicode text of Excel', 'Ọláńrewájú', wide('\ufeff' + listWith('\t', 'Ọláńrewájú'))],
      ['UTF-16 without its mark', 'Ƙofar', wide(listWith('\t', 'Ƙofar'))],
      ['UTF-16, high byte first', 'Ọláńrewájú', wide('\ufeff' + listWith('|', 'Ọláńrewájú')).swap16()],
      ['Windows-1252', 'Sibongilé', Buffer.from(listWith(';', 'Sibongilé'), 'latin1')],
    ];
    for (const [how, surname, body] of files) {
      const { status, text } = await check(registrar, { name: `${how}.csv`, body });
      assert.equal(status, 'checked', how);
      assert.ok(text.includes(surname), `${how}: ${text.slice(0, 500)}`);
    }
  });
});
