import assert from 'node:assert/strict';
import { it } from 'node:test';
import { axe, type Window } from '../support/chromium.js';
import { lookAtViews, visitsToNothing } from './looking.js';

/** Pages on which colours are looked at in the dark too. */
const DARK = ['/login', '/', '/students', '/students/new', '/school', '/dev/gallery?theme=dark'];

lookAtViews('others', (built) => {
  it('every visit leads to a view that is there', () => {
    assert.deepEqual(visitsToNothing(), []);
  });

  for (const address of ['/', '/students', '/students/new', '/login']) {
    for (const colours of ['light', 'dark'] as const) {
      it(`${address} with more contrast (${colours}): every text stands out by 7 to 1, every field of a form has an edge in ink`, async () => {
        const window = await built().chromium.open(built().school.url, {
          colours,
          contrast: 'more',
          ...(address === '/login' ? {} : { person: built().stage.everyone }),
        });
        await window.page.goto(address);
        assert.deepEqual(await axe(window.page, ['color-contrast-enhanced']), []);
        if (address === '/students/new') {
          const [edge, ink] = await window.page.evaluate<string[]>(
            `[getComputedStyle(document.querySelector('.in')).borderTopColor, getComputedStyle(document.querySelector('h1')).color]`,
          );
          assert.equal(edge, ink);
        }
        await window.close();
      });
    }
  }

  it('with the person’s own colours, drawings and grounds take them too, and what is chosen is marked without a shadow', async () => {
    const window = await built().chromium.open(built().school.url, { contrast: 'forced', person: built().stage.everyone });
    await window.page.goto('/');
    const of = (selector: string, property: string): Promise<string> =>
      window.page.evaluate(`getComputedStyle(document.querySelector(${JSON.stringify(selector)})).${property}`);
    const system = await window.page.evaluate<string[]>(
      `['Canvas', 'CanvasText', 'Highlight'].map((color) => { const probe = document.body.appendChild(document.createElement('i')); probe.style.color = color; const seen = getComputedStyle(probe).color; probe.remove(); return seen; })`,
    );
    assert.equal(await of('body', 'backgroundColor'), system[0]);
    assert.equal(await of('.plot .b1', 'fill'), system[2]);
    assert.equal(await of('.plot .b2', 'fill'), system[1]);
    assert.equal(await of('.nav a[aria-current]', 'outlineStyle'), 'solid');
    await window.close();
  });

  for (const address of DARK) {
    it(`${address} in the dark: every text can be read`, async () => {
      const window: Window = await built().chromium.open(built().school.url, {
        colours: 'dark',
        ...(address === '/login' ? {} : { person: built().stage.everyone }),
      });
      await window.page.goto(address);
      assert.deepEqual(await axe(window.page, ['color-contrast', 'link-in-text-block']), []);
      assert.deepEqual(window.troubles(), []);
      await window.close();
    });
  }
});
