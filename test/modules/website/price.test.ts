import assert from 'node:assert/strict';
import { it } from 'node:test';
import { currencyExponent } from '../../../src/kernel/money.js';
import { PACKS } from '../../../src/kernel/packs/index.js';
import { priceFor } from '../../../src/modules/website/price.rules.js';
import { EACH_LEARNER, MOST_LEARNERS, SHARES } from '../../../src/modules/website/prices.rules.js';

const { kenya, uganda } = PACKS;
const southAfrica = PACKS['south-africa'];

it('every country with a pack has a price, in its own currency', () => {
  for (const pack of Object.values(PACKS)) assert.equal(EACH_LEARNER[pack.country].currency, pack.currency);
});

it('no band has a broken minor unit', () => {
  for (const [country, { minor }] of Object.entries(EACH_LEARNER)) {
    for (const { share } of SHARES) assert.ok(Number.isInteger((minor * share) / 100), `${country} at ${share} %`);
  }
});

it('a school pays for what it has, by band', () => {
  const cases: [learners: number, term: number][] = [
    [0, 0],
    [1, 60_00],
    [450, 450 * 60_00],
    [500, 500 * 60_00],
    [501, 500 * 60_00 + 51_00],
    [1_500, 500 * 60_00 + 1_000 * 51_00],
    [1_501, 500 * 60_00 + 1_000 * 51_00 + 42_00],
  ];
  for (const [learners, term] of cases) assert.equal(priceFor(kenya, learners).term, term, `${learners} learners`);
});

it('the lines of a price are its sum and name every learner once', () => {
  const price = priceFor(uganda, 2_345);
  assert.equal(currencyExponent(price.currency), 0);
  assert.equal(
    price.lines.reduce((sum, line) => sum + line.amount, 0),
    price.term,
  );
  assert.equal(
    price.lines.reduce((sum, line) => sum + line.learners, 0),
    2_345,
  );
});

it('nobody pays less by having more learners', () => {
  for (const pack of Object.values(PACKS)) {
    let before = -1;
    for (let learners = 0; learners <= MOST_LEARNERS; learners += 1) {
      const { term } = priceFor(pack, learners);
      assert.ok(term > before, `${pack.name}, ${learners} learners`);
      before = term;
    }
  }
});

it('a year has the terms of the country, and the first term of a new school is free', () => {
  const three = priceFor(kenya, 100);
  assert.deepEqual([three.terms, three.year, three.firstYear], [3, 3 * three.term, 2 * three.term]);
  const four = priceFor(southAfrica, 100);
  assert.deepEqual([four.terms, four.year, four.firstYear], [4, 4 * four.term, 3 * four.term]);
});
