import assert from 'node:assert/strict';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { ROLE_NAMES } from '../../src/platform/module.js';
import { Views } from '../../src/platform/http/pages/views.js';
import { projectRoot } from '../../src/platform/paths.js';
import { aSchool, type SchoolOptions, type SchoolUnderTest } from '../support/app.js';
import type { Browser } from '../support/browser.js';
import { axe, Chromium, DESK, overflow } from '../support/chromium.js';
import { aCore } from '../support/core.js';
import { admitMany } from '../support/people/learners.js';
import { platformPersonAt } from '../support/people/platform-people.js';
import { Stage } from './stage.js';
import { VISITS } from './visits/visits.js';

const VIEWS = new Views(path.join(projectRoot, 'views'))
  .names()
  .filter((name) => !/^(layouts|shell|shared|fields|forms|lists)\/|(^|\/)_/.test(name));
/** Folders of views that are looked at in files of their own, since all in one take too long; `views.test.ts` has the others. */
const BOOKS = { money: ['fees', 'finance', 'payments'], people: ['hr', 'identity', 'imports', 'students', 'subjects'] } as const;
type Book = keyof typeof BOOKS | 'others';

const SCHOOL: SchoolOptions = {
  background: true,
  settings: { launcher: true },
  years: [2026, 2027],
  classes: [
    { name: 'Grade 9', streams: ['East'] },
    { name: 'Grade 10', streams: ['East', 'West'] },
  ],
  lists: { houses: [{ name: 'Kilimanjaro' }], dorms: [{ name: 'Elgon' }] },
};

/** Every view of these folders, once, at two widths; further tests find what was built. */
export function lookAtViews(book: Book, further?: (built: () => Built) => void): void {
  describe(`views of ${book}, once, at two widths`, () => {
    let built: Built;
    const drawn = new Set<string>();
    const restore = recordViews(drawn);
    before(async () => void (built = await build()));
    after(async () => {
      restore();
      await built?.stop();
    });
    for (const view of viewsOf(book)) it(view, () => look(built.stage, view, drawn));
    further?.(() => built);
  });
}

export interface Built {
  chromium: Chromium;
  school: SchoolUnderTest;
  stage: Stage;
  stop(): Promise<void>;
}

function viewsOf(book: Book): string[] {
  const bookOf = (view: string): Book => {
    const folder = view.split('/')[0]!;
    return (
      (Object.keys(BOOKS) as (keyof typeof BOOKS)[]).find((name) => (BOOKS[name] as readonly string[]).includes(folder)) ??
      'others'
    );
  };
  return VIEWS.filter((view) => bookOf(view) === book);
}

/** What `VISITS` names and no view answers to. */
export function visitsToNothing(): string[] {
  return Object.keys(VISITS).filter((name) => !VIEWS.includes(name));
}

async function build(): Promise<Built> {
  const begun: { stop(): Promise<void> }[] = [];
  const stop = async (): Promise<void> => {
    for (const one of begun.reverse()) await one.stop();
  };
  const begin = async <One extends { stop(): Promise<void> }>(starting: Promise<One>): Promise<One> => {
    const one = await starting;
    begun.push(one);
    return one;
  };
  try {
    const chromium = await begin(Chromium.start());
    const school = await begin(aSchool(SCHOOL));
    const core = await begin(aCore(school));
    const everyone = await fill(school);
    const stage = new Stage(chromium, school, everyone, core.url, await platformPersonAt(core, 'super-admin'));
    begun.push({ stop: () => stage.close() });
    return { chromium, school, stage, stop };
  } catch (error) {
    // What was left open would keep the file from ending.
    await stop();
    throw error;
  }
}

/** Learners, two who may be one, and two of the staff; the answer holds every role of the staff. */
async function fill(school: SchoolUnderTest): Promise<Browser> {
  await admitMany(school, 12);
  await admitMany(school, 2, () => ({ surname: 'Wekesa', firstName: 'Moraa', middleName: null, sex: 'F', bornOn: '2013-08-09' }));
  const everyone = await school.as(...ROLE_NAMES.filter((role) => role !== 'guardian' && role !== 'student'));
  for (const [surname, job] of [
    ['Mwangi', 'Teacher'],
    ['Barasa', 'Cook'],
  ] as const) {
    const category = job === 'Cook' ? 'non-teaching' : 'teaching';
    const person = { surname, firstName: 'Ruth', job, category, email: `${surname}@school.test`, joinedOn: '2020-01-06' };
    const answer = await everyone.submit('/hr/staff', person, '/hr/staff/new');
    assert.equal(answer.status, 303, answer.html.slice(0, 300));
  }
  return everyone;
}

async function look(stage: Stage, view: string, drawn: Set<string>): Promise<void> {
  const visit = VISITS[view];
  assert.ok(
    visit,
    `views/${view}.ejs is visited by nobody: give it a line in the visits of its module, test/browser/…-visits.ts`,
  );
  await stage.be(stage.everyone);
  drawn.clear();
  const address = typeof visit === 'string' ? visit : await visit(stage);
  if (address) await stage.page.goto(address);
  assert.ok(drawn.has(view), `the visit ended at ${stage.page.url()}, which drew ${[...drawn].join(', ') || 'nothing'}`);
  await inspect(stage, 'on a phone');
  await stage.page.setViewportSize(DESK);
  await inspect(stage, 'at a desk');
}

async function inspect(stage: Stage, where: string): Promise<void> {
  const found = {
    troubles: stage.troubles(),
    wider: await overflow(stage.page),
    headings: await stage.page.locator('h1').count(),
    axe: await axe(stage.page),
  };
  assert.deepEqual(found, { troubles: [], wider: 0, headings: 1, axe: [] }, where);
}

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
