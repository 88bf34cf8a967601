import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { renderMarkdown } from '../../../src/modules/guide/adapters/markdown.js';
import type { RoleName } from '../../../src/platform/module.js';
import { projectRoot } from '../../../src/platform/paths.js';
import { aSchool, type SchoolUnderTest } from '../../support/app.js';

const folder = path.join(projectRoot, 'docs/user-guide');
const names = readdirSync(folder).map((file) => file.replace(/\.md$/, ''));

describe('a document of the guide', () => {
  const render = (source: string) =>
    renderMarkdown(source, {
      link: (target) => (target === 'bad' ? null : target),
      image: (target) => (target === 'none.png' ? null : target),
    });

  it('is drawn as headings, paragraphs, lists, tables, links and pictures', () => {
    const cases: [source: string, html: string][] = [
      ['## Two words', '<h2 id="two-words">Two words</h2>'],
      ['one\ntwo', '<p>one two</p>'],
      ['- a\n- **b**\n  goes on', '<ul><li>a</li><li><b>b</b> goes on</li></ul>'],
      ['1. a\n2. b', '<ol><li>a</li><li>b</li></ol>'],
      ['[here](/students)', '<p><a href="/students">here</a></p>'],
      ['[here](bad)', '<p>here</p>'],
      ['press `**N**`', '<p>press <code>**N**</code></p>'],
      ['![A page](a.png)', '<p><img src="a.png" alt="A page" loading="lazy"></p>'],
      ['![A page](none.png)', ''],
    ];
    for (const [source, html] of cases) assert.equal(render(source).html, html);
    assert.match(
      render('| a | b |\n| --- | --- |\n| 1 | 2 |').html,
      /<thead><tr><th scope="col">a<\/th>[^]*<tbody><tr><td>1<\/td><td>2<\/td><\/tr>/,
    );
    assert.deepEqual(render('# The title\n\ntext'), { title: 'The title', html: '<p>text</p>' });
  });

  it('brings no HTML of its own into a page', () => {
    assert.equal(render('<img src=x onerror=alert(1)>').html, '<p>&lt;img src=x onerror=alert(1)&gt;</p>');
    assert.equal(render('[x](a"onclick="y)').html, '<p>[x](a&#34;onclick=&#34;y)</p>');
    assert.equal(render('## <b>x</b>').html.includes('<b>x'), false);
  });
});

describe('the user guide', () => {
  let school: SchoolUnderTest;
  before(async () => {
    school = await aSchool();
  });
  after(() => school.stop());

  it('opens for everybody, signed in or not, with all its documents', async () => {
    const first = await school.stranger().get('/user-guide/');
    assert.equal(first.status, 200);
    assert.match(first.html, /<h1>User guide<\/h1>/);
    for (const name of names.filter((one) => one !== 'README')) {
      assert.match(first.html, new RegExp(`href="/user-guide/${name}"`), `the first page leads to ${name}`);
      const page = await school.stranger().get(`/user-guide/${name}`);
      assert.equal(page.status, 200);
      assert.match(page.html, /data-test="document"[^>]*><(p|h2|ol|ul)/);
      assert.doesNotMatch(page.html.replace(/<code>.*?<\/code>/g, ''), /\*\w|\w\*/, `${name} shows no mark that is not drawn`);
    }
    assert.match((await (await school.as('teacher')).get('/user-guide/teacher')).html, /<h1>For teachers<\/h1>/);
  });

  it('has no page and no picture beside those', async () => {
    for (const where of ['nothing', '..%2f..%2fREADME', 'pictures/..%2fx.png', 'pictures/x.svg']) {
      assert.equal((await school.stranger().get(`/user-guide/${where}`)).status, 404, where);
    }
  });

  it('leads only to pages that the product has', async () => {
    const places = new Set(school.app.declared.filter((route) => route.method === 'get').map((route) => route.path));
    for (const name of names) {
      const source = readFileSync(path.join(folder, `${name}.md`), 'utf8');
      for (const [, target = ''] of source.matchAll(/\]\(([^)]+)\)/g)) {
        const document = /^([\w-]+)\.md$/.exec(target)?.[1];
        assert.ok(
          document ? names.includes(document) : target.startsWith('..') || places.has(target.split('?')[0]!),
          `${name}.md leads to ${target}`,
        );
      }
    }
  });

  it('a page of the product is a link for whom it opens; the others read its name', async () => {
    const isLinked = (html: string): boolean => html.includes('href="/students/documents/kinds"');
    const page = async (role: RoleName | null): Promise<string> =>
      (await (role ? await school.as(role) : school.stranger()).get('/user-guide/family-data')).html;
    assert.equal(isLinked(await page('registrar')), true);
    const teacher = await page('teacher');
    assert.equal(isLinked(teacher), false);
    assert.match(teacher, /Under required documents, list what the school asks/);
    assert.equal(isLinked(await page(null)), true, 'who isn’t signed in is asked to');
  });
});
