import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { barChart, lineChart, numbers, type ChartData } from '../../src/platform/charts/charts.js';
import { linesOf, roundScale } from '../../src/platform/charts/scale.js';
import { heatStrip, meter, progressBar, sparkline, tally } from '../../src/platform/charts/small.js';

const fees: ChartData = {
  labels: ['Wk 1', '2', '3'],
  series: [
    { label: 'Collected', values: [4, 20, null], kind: 'main' },
    { label: 'Plan', values: [5, 25, 46], kind: 'plan' },
  ],
  finding: 'Collected 20 million by week 2, plan was 25',
  format: (value) => `${value} m`,
  t: (text) => text,
};

const count = (html: string, part: string): number => html.split(part).length - 1;

describe('charts', () => {
  it('start at zero and have at most four lines above it', () => {
    for (const [highest, top, step] of [
      [46.1, 60, 20],
      [38, 40, 10],
      [40, 40, 10],
      [0, 1, 1],
      [0.7, 0.8, 0.2],
      [1219, 1500, 500],
      [100, 100, 25],
      [2, 2, 1],
      [7, 8, 2],
      [10, 10, 5],
    ] as const) {
      const scale = roundScale(highest);
      assert.deepEqual(
        [scale.top, scale.step].map((value) => Math.round(value * 1e6) / 1e6),
        [top, step],
        `highest ${highest}`,
      );
      assert.ok(linesOf(scale).length <= 5 && linesOf(scale).at(-1) === 0);
    }
  });

  it('draw no line where there is no value', () => {
    const html = lineChart(fees);
    assert.match(html, /<polyline class="l1" points="0,[\d.]+ 300,[\d.]+"\/>/);
    assert.equal(count(html, 'class="l1"'), 1);
    const gap = lineChart({ ...fees, series: [{ label: 'a', values: [1, null, 2], kind: 'main' }] });
    assert.equal(count(gap, 'class="l1"'), 2, 'a gap in the values is a gap in the line');
  });

  it('say their finding, and give every number in a table', () => {
    const html = lineChart(fees);
    assert.match(html, /role="img" aria-label="Collected 20 million by week 2, plan was 25"/);
    assert.match(html, /<th scope="row">2<\/th><td class="n">20 m<\/td><td class="n">25 m<\/td>/);
    assert.match(html, /<th scope="row">3<\/th><td class="n"><\/td><td class="n">46 m<\/td>/);
  });

  it('write the last value at its point without any style in the page', () => {
    const html = lineChart({ ...fees, mark: { strong: '20 m', note: 'in week 2' } });
    assert.match(html, /<svg class="along" width="50%"/);
    assert.doesNotMatch(html, /style=/);
  });

  it('show labels from outside as text', () => {
    const html = barChart({ ...fees, labels: ['<b>', 'b', 'c'], finding: '"x"' });
    assert.ok(html.includes('&lt;b&gt;') && html.includes('aria-label="&#34;x&#34;"') && !html.includes('<span><b>'));
  });

  it('draw a bar for each value above zero, and bad news in its own colour', () => {
    const html = barChart({ ...fees, series: [{ label: 'a', values: [3, 0, 7], kind: 'main' }], bad: new Set([2]) });
    assert.equal(count(html, '<rect'), 2);
    assert.equal(count(html, 'class="b3"'), 1);
  });

  it('can be drawn of nothing', () => {
    const empty = { ...fees, labels: [], series: [] };
    assert.doesNotMatch(
      lineChart(empty) + barChart(empty) + numbers(empty) + heatStrip([], '') + sparkline([], ''),
      /NaN|Infinity/,
    );
    assert.doesNotMatch(
      lineChart({ ...fees, labels: ['a'], series: [{ label: 'a', values: [0], kind: 'main' }] }),
      /NaN|Infinity/,
    );
  });
});

describe('a tally', () => {
  it('has one stroke for each learner away, in fives, late ones half as high', () => {
    const html = tally(6, 2);
    assert.equal(count(html, '<rect'), 8);
    assert.equal(count(html, 'class="t"'), 2);
    assert.match(html, /x="28" width="4" height="16"\/><rect x="39"/);
  });
  it('is nothing when nobody is away', () => assert.equal(tally(0, 0), ''));
});

describe('small drawings', () => {
  it('stay inside their box', () => {
    assert.match(meter(120, 100, 60), /class="hi" y="37%" width="100%"/);
    assert.match(
      progressBar(
        [
          { kind: 'ok', part: 0.6 },
          { kind: 'bad', part: 0.2 },
        ],
        true,
      ),
      /x="60%" width="20%" height="100%" class="bad"/,
    );
    assert.match(sparkline([0, 0, 0], 'No sign-ins'), /points="0,19 50,19 100,19"/);
  });
  it('tell late and away apart by height', () => {
    assert.match(heatStrip(['full', 'late', 'away'], 'x'), /class="late" x="10" y="12".*class="away" x="20" y="0"/);
  });
});
