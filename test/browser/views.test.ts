import assert from 'node:assert/strict';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { ROLE_NAMES } from '../../src/platform/module.js';
import { Views } from '../../src/platform/http/views.js';
import { projectRoot } from '../../src/platform/paths.js';
import { aSchool, type SchoolUnderTest } from '../support/app.js';
import { axe, Chromium, DESK, overflow, type Window } from '../support/chromium.js';
import { aCore } from '../support/core.js';
import { admitMany } from '../support/learners.js';
import { platformPersonAt } from '../support/platform-people.js';
import { Stage } from './stage.js';
import { VISITS } from './visits.js';

const VIEWS = new Views(path.join(projectRoot, 'views')).names().filter((name) => !/^(layouts|shared)\/|(^|\/)_/.test(name));
/** Pages on which colours are looked at in the dark too. */
const DARK = ['/login', '/', '/students', '/students/new', '/school', '/dev/gallery?theme=dark'];

describe('every view, once, at two widths', () => {
  let chromium: Chromium;
  let school: SchoolUnderTest;
  let core: Awaited<ReturnType<typeof aCore>>;
  let stage: Stage;
  const drawn = new Set<string>();
  const restore = recordViews(drawn);
  before(async () => {
    chromium = await Chromium.start();
    school = await aSchool({
      background: true,
      settings: { launcher: true },
      years: [2026, 2027],
      classes: [{ name: 'Grade 9', streams: ['East'] }, { name: 'Grade 10', streams: ['East', 'West'] }],
      lists: { houses: [{ name: 'Kilimanjaro' }], dorms: [{ name: 'Elgon' }] },
    });
    core = await aCore(school);
    await admitMany(school, 12);
    await admitMany(school, 2, () => ({ surname: 'Wekesa', firstName: 'Moraa', middleName: null, sex: 'F', bornOn: '2013-08-09' }));
    const everyone = await school.as(...ROLE_NAMES.filter((role) => role !== 'guardian' && role !== 'student'));
    for (const [surname, job] of [['Mwangi', 'Teacher'], ['Barasa', 'Cook']] as const) {
      const answer = await everyone.submit('/hr/staff', { surname, firstName: 'Ruth', job, category: job === 'Cook' ? 'non-teaching' : 'teaching', email: `${surname}@school.test`, joinedOn: '2020-01-06' }, '/hr/staff/new');
      assert.equal(answer.status, 303, answer.html.slice(0, 300));
    }
    stage = new Stage(chromium, school, everyone, core.url, await platformPersonAt(core, 'super-admin'));
  });
  after(async () => {
    restore();
    await stage?.close();
    await chromium?.stop();
    await core?.stop();
    await school?.stop();
  });

  for (const view of VIEWS) {
    it(view, async () => {
      const visit = VISITS[view];
      assert.ok(visit, `views/${view}.ejs is visited by nobody: give it a line in the visits of its module, test/browser/…-visits.ts`);
      await stage.be(stage.everyone);
      drawn.clear();
      const address = typeof visit === 'string' ? visit : await visit(stage);
      if (address) await stage.page.goto(address);
      assert.ok(drawn.has(view), `the visit ended at ${stage.page.url()}, which drew ${[...drawn].join(', ') || 'nothing'}`);
      await inspect('on a phone');
      await stage.page.setViewportSize(DESK);
      await inspect('at a desk');
    });
  }

  it('every visit leads to a view that is there', () => {
    assert.deepEqual(Object.keys(VISITS).filter((name) => !VIEWS.includes(name)), []);
  });

  for (const address of ['/', '/students', '/students/new', '/login']) {
    for (const colours of ['light', 'dark'] as const) {
      it(`${address} with more contrast (${colours}): every text stands out by 7 to 1, every field of a form has an edge in ink`, async () => {
        const window = await chromium.open(school.url, { colours, contrast: 'more', ...(address === '/login' ? {} : { person: stage.everyone }) });
        await window.page.goto(address);
        assert.deepEqual(await axe(window.page, ['color-contrast-enhanced']), []);
        if (address === '/students/new') {
          const [edge, ink] = await window.page.evaluate<string[]>(`[getComputedStyle(document.querySelector('.in')).borderTopColor, getComputedStyle(document.querySelector('h1')).color]`);
          assert.equal(edge, ink);
        }
        await window.close();
      });
    }
  }

  it('with the person’s own colours, drawings and grounds take them too, and what is chosen is marked without a shadow', async () => {
    const window = await chromium.open(school.url, { contrast: 'forced', person: stage.everyone });
    await window.page.goto('/');
    const of = (selector: string, property: string): Promise<string> => window.page.evaluate(`getComputedStyle(document.querySelector(${JSON.stringify(selector)})).${property}`);
    const system = await window.page.evaluate<string[]>(`['Canvas', 'CanvasText', 'Highlight'].map((color) => { const probe = document.body.appendChild(document.createElement('i')); probe.style.color = color; const seen = getComputedStyle(probe).color; probe.remove(); return seen; })`);
    assert.equal(await of('body', 'backgroundColor'), system[0]);
    assert.equal(await of('.plot .b1', 'fill'), system[2]);
    assert.equal(await of('.plot .b2', 'fill'), system[1]);
    assert.equal(await of('.nav a[aria-current]', 'outlineStyle'), 'solid');
    await window.close();
  });

  for (const address of DARK) {
    it(`${address} in the dark: every text can be read`, async () => {
      const window: Window = await chromium.open(school.url, { colours: 'dark', ...(address === '/login' ? {} : { person: stage.everyone }) });
      await window.page.goto(address);
      assert.deepEqual(await axe(window.page, ['color-contrast', 'link-in-text-block']), []);
      assert.deepEqual(window.troubles(), []);
      await window.close();
    });
  }

  async function inspect(where: string): Promise<void> {
    const found = {
      troubles: stage.troubles(),
      wider: await overflow(stage.page),
      headings: await stage.page.locator('h1').count(),
      axe: await axe(stage.page),
    };
    assert.deepEqual(found, { troubles: [], wider: 0, headings: 1, axe: [] }, where);
  }
});

/** Notes which views the application draws, so that a visit can't end on another page unseen. */
function recordViews(drawn: Set<string>): () => void {
  const { render, renderPage } = Views.prototype;
  Views.prototype.render = function (name, it) {
    drawn.add(name);
    return render.call(this, name, it);
  };
  Views.prototype.renderPage = function (name, it) {
    drawn.add(name);
    return renderPage.call(this, name, it);
  };
  return () => Object.assign(Views.prototype, { render, renderPage });
}
