import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { clearlyMeant, suggest, type Candidate } from '../../../../src/modules/payments/suspense/suggestion.rules.js';

const child = (id: string, admissionNo: string, name: string): Candidate => {
  const [firstName = '', middleName = '', surname = ''] = name.split(' ');
  return { id, admissionNo, paymentNo: `9${id}`, firstName, middleName, surname };
};
const AMINA = child('1', 'KA/0417', 'Amina Wanjiru Otieno');
const BRIAN = child('2', 'KA/0418', 'Brian Kamau Otieno');
const TWIN = child('3', 'KA/0419', 'Amina Wanjiru Otieno');
const meant = (billRef: string, children: Candidate[], payerName = '') =>
  clearlyMeant(suggest({ billRef, payerName }, children))?.studentId ?? null;

describe('whom money in suspense is clearly meant for', () => {
  it('a number but for its zeros, its digits where one child has them, two words of a name alone', () => {
    assert.equal(meant('KA 417', [AMINA, BRIAN]), '1');
    assert.equal(meant('417 FEES', [AMINA, BRIAN]), '1');
    assert.equal(meant('AMINA OTIENO', [AMINA, BRIAN]), '1');
  });

  it('nobody, where two are as like, a name has other words beside it, or nothing is like it', () => {
    assert.equal(meant('AMINA OTIENO', [AMINA, BRIAN, TWIN]), null);
    assert.equal(meant('AMINA OTIENO GRADE FOUR', [AMINA, BRIAN]), null);
    assert.equal(meant('CHURCH', [AMINA, BRIAN]), null);
  });
});
