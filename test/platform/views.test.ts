import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, describe, it } from 'node:test';
import { escapeHtml, ViewFailed, Views } from '../../src/platform/http/pages/views.js';

const root = mkdtempSync(join(tmpdir(), 'views-'));
after(() => rmSync(root, { recursive: true, force: true }));

function view(name: string, text: string): void {
  const file = join(root, `${name}.ejs`);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

function page(model: object, helpers: object = { t: (text: string) => text.toUpperCase() }): object {
  return Object.assign(Object.create(helpers) as object, model);
}

describe('views', () => {
  it('show what a person typed as text', () => {
    view('name', '<b title="<%= it.name %>"><%= it.name %></b>');
    const html = new Views(root).render('name', page({ name: `<i>"O'Neil" & co</i>` }));
    assert.equal(
      html,
      '<b title="&lt;i&gt;&#34;O&#39;Neil&#34; &amp; co&lt;/i&gt;">&lt;i&gt;&#34;O&#39;Neil&#34; &amp; co&lt;/i&gt;</b>',
    );
    assert.equal(escapeHtml(null) + escapeHtml(undefined) + escapeHtml(0), '0');
  });

  it('give a part its own locals and the page’s helpers, but not the page’s data', () => {
    view('shared/word', '<%= it.t(it.word) %>-<%= it.secret %>');
    view('whole', '<%- it.part("shared/word", { word: "yes" }) %>');
    assert.equal(new Views(root).render('whole', page({ secret: 'x' })), 'YES-');
  });

  it('wrap a page in the layout it names, with its title', () => {
    view('layouts/school', '<title><%= it.page.title %></title><%- it.body %>');
    view('layouts/print', 'paper <%- it.body %>');
    view('a', '<% it.head({ title: it.title }) %>body');
    view('b', '<% it.head({ title: "b", layout: "print" }) %>body');
    const views = new Views(root);
    assert.equal(views.renderPage('a', page({ title: 'A & B' })), '<title>A &amp; B</title>body');
    assert.equal(views.renderPage('b', page({})), 'paper body');
  });

  it('keep the heads of two pages of one request apart', () => {
    const helpers = { t: String };
    const [first, second] = [page({ title: 'one' }, helpers), page({ title: 'two' }, helpers)];
    const views = new Views(root);
    views.render('a', first);
    views.render('a', second);
    assert.equal(views.headOf(first)?.title, 'one');
  });

  it('name the template that fails, also from inside a part', () => {
    view('shared/broken', '<%= it.missing.field %>');
    view('outer', '<%- it.part("shared/broken") %>');
    view('syntax', '<% if ( { %>');
    const views = new Views(root);
    assert.throws(() => views.render('outer', page({})), /views\/shared\/broken\.ejs/);
    assert.throws(() => views.render('syntax', page({})), /views\/syntax\.ejs/);
    assert.throws(() => views.render('nowhere', page({})), ViewFailed);
    assert.throws(() => views.render('../../etc/passwd', page({})), /outside/);
    assert.throws(() => views.renderPage('name', page({})), /it\.head/);
  });

  it('refuse a page without helpers', () => {
    assert.throws(() => new Views(root).render('name', { name: 'x' }), TypeError);
  });

  it('are read again only when asked to', () => {
    view('fresh', 'old');
    const [kept, live] = [new Views(root), new Views(root, { reload: true })];
    assert.equal(kept.render('fresh', page({})) + live.render('fresh', page({})), 'oldold');
    view('fresh', 'new');
    assert.equal(kept.render('fresh', page({})) + live.render('fresh', page({})), 'oldnew');
  });

  it('are all listed by their path', () => {
    assert.ok(new Views(root).names().includes('shared/word'));
  });
});
