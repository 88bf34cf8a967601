/**
 * The templates under views/, compiled once to plain functions.
 *
 * A page is rendered with `it`: the page's own data, over a prototype that carries the request's helpers.
 * What layouts and shared parts need from those helpers:
 *
 *   t(text, vars?)  icon(name)  asset(name)  date  dateLong  time  money  phone  url(changes)  can(permission)
 *   lang, dir      `en`, `ltr`
 *   languages      this page in each language: [{ code, label, href, current }]; empty for people who are signed in
 *   origin         scheme and authority of our own address
 *   csrf           the token, '' where nobody is signed in
 *   school         { name, shortName, place, termLine, today, logoUrl, themeUrl, … } or null in core
 *   actor          { name, roles, … } or null; actorTitle: what is written under the name (`Registrar`)
 *   menu           [{ group: '' | 'People' …, items: [{ label, href, icon, current, count? }] }]
 *   places         the four items of the bottom bar on phones, same shape as a menu item
 *   path, now      the current path; when the page was made
 *   flash          { kind: 'ok' | 'info' | 'warn' | 'bad', text, links?: [{ label, href }], undo?: { label, action } } or null
 *   find           { href, label } of the search box, or null; alerts? { href, label } of the bell
 *   theme          'light' or 'dark' where a person chose; else the device decides
 *
 * Added here:
 *
 *   head({ title, layout?, … })     what the page says about itself; a layout finds it as `it.page`, the page as `it.body`
 *   part(name, locals)              another template, with the same helpers and these locals only
 *   st(kind, word)                  a status: ok, part, none, watch, wrong, ended
 *   tag(word, tone?)  photo({ url, sex, size })  initials(name)  draw(id, class)
 *   weekday(day)                    `Tue`
 *   esc(text)                       for HTML that is put together in a template
 *   input(locals), fieldId(name)    for the parts that draw a field
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import ejs from 'ejs';
import { escapeHtml } from './escape.js';
import { fieldId, RowParts, weekday } from './row-parts.js';

export { escapeHtml };

export interface PageHead {
  title: string;
  /** A file under views/layouts. */
  layout?: string;
  /** Names of own scripts (`js/marks.js`) that have to be there before the page wakes up. */
  scripts?: string[];
  /** What a form with mistakes puts before the title. */
  wrong?: boolean;
  /** For layouts `app` and `core`: name of the app, its address and its tabs. */
  app?: { name: string; href: string; tabs?: { label: string; href: string; current?: boolean; count?: number }[] };
  /** For layout `app`: the state of the session (till, shift), ready HTML. */
  state?: string;
  /** For layouts `school`, `app` and `print`: style sheets of this page alone. */
  sheets?: string[];
  /** For layout `app`: the class of its middle where that isn't a column. */
  style?: string;
  /** For layout `wizard`: what has been told so far is kept in this browser. */
  kept?: boolean;
  /** For layout `plain`: without the common script, for pages that are opened once and over a slow line. */
  still?: boolean;
  /** For layout `plain`: what stands in the coloured panel beside the form, ready HTML. */
  aside?: string;
  /** For layout `site`: the sentence under the title in a list of search results; a page without one is left out of them. */
  about?: string;
  /** For the gallery: `dark` or `light`, and another school's colours. */
  theme?: string;
  school?: string;
  /** Replaces the letterhead's name on paper, where the sheet is not the school's. */
  printTitle?: string;
}

type Template = (it: object) => string;
type Helpers = Record<string, unknown> & { asset(name: string): string };

/**
 * Helpers that bring their own way to make an object for a part or a layout. All such objects then have the same
 * prototype, and the templates' look-ups stay quick; with one prototype a request each look-up is a search.
 */
export interface OwnHelpers {
  beside(locals: object | undefined): object;
}

/** Says which template failed; the fault itself is the cause. */
export class ViewFailed extends Error {
  constructor(view: string, cause: unknown) {
    super(`views/${view}.ejs: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
    this.name = 'ViewFailed';
  }
}

export class Views {
  readonly #templates = new Map<string, Template>();
  readonly #heads = new WeakMap<object, PageHead>();

  constructor(
    private readonly root: string,
    private readonly options: { reload?: boolean; layout?: string } = {},
  ) {}

  /** The view alone, without a layout: what a fragment request gets. `it` is an object over the request's helpers. */
  render(name: string, it: object): string {
    this.#helpersOf(it);
    return this.#run(name, it);
  }

  /** The view in the layout that it asked for, else in the usual one of this process. */
  renderPage(name: string, it: object): string {
    const helpers = this.#helpersOf(it);
    const body = this.#run(name, it);
    const page = this.headOf(it);
    if (!page) throw new ViewFailed(name, new Error('it.head({ title }) is missing'));
    return this.#run(`layouts/${page.layout ?? this.options.layout ?? 'school'}`, beside(it, helpers, { page, body }));
  }

  /** Another template on an object of its own, from inside a template. */
  part(name: string, it: object): string {
    return this.#run(name, it);
  }

  setHead(it: object, head: PageHead): void {
    this.#heads.set(it, head);
  }

  /** What the view said about itself while it was rendered with this `it`. */
  headOf(it: object): PageHead | undefined {
    return this.#heads.get(it);
  }

  /** Every template, as `students/index`. */
  names(): string[] {
    return readdirSync(this.root, { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.ejs'))
      .map((path) => path.slice(0, -'.ejs'.length).split(sep).join('/'))
      .sort();
  }

  /** Compiles all, so that a template that can't be read stops the boot and not a visitor. */
  compileAll(): void {
    for (const name of this.names()) this.#template(name);
  }

  #run(name: string, it: object): string {
    const template = this.#template(name);
    try {
      return template(it);
    } catch (cause) {
      if (cause instanceof ViewFailed) throw cause;
      throw new ViewFailed(name, cause);
    }
  }

  #template(name: string): Template {
    const known = this.#templates.get(name);
    if (known && !this.options.reload) return known;
    const template = this.#compile(name);
    this.#templates.set(name, template);
    return template;
  }

  #compile(name: string): Template {
    const file = join(this.root, `${name}.ejs`);
    if (relative(this.root, file).startsWith('..')) throw new ViewFailed(name, new Error('outside of the views'));
    try {
      return ejs.compile(readFileSync(file, 'utf8'), COMPILE) as Template;
    } catch (cause) {
      throw new ViewFailed(name, cause);
    }
  }

  /** The prototype of `it`, with `part` and `head` on it. */
  #helpersOf(it: object): Helpers {
    const helpers = Object.getPrototypeOf(it) as Helpers | null;
    if (!helpers || (helpers as object) === Object.prototype) {
      throw new TypeError('A page is rendered with an object whose prototype carries the helpers');
    }
    if (!Object.hasOwn(helpers, 'part')) this.#equip(helpers);
    return helpers;
  }

  #equip(helpers: Helpers): void {
    const heads = this.#heads;
    helpers.part = (name: string, locals?: object) => this.#run(name, Object.assign(Object.create(helpers) as object, locals));
    helpers.head = function head(this: object, page: PageHead): void {
      heads.set(this, page);
    };
    let made: RowParts | undefined;
    const rows = (): RowParts => (made ??= new RowParts(helpers.asset('icons.svg')));
    helpers.st = (...args: Parameters<RowParts['status']>) => rows().status(...args);
    helpers.tag = (...args: Parameters<RowParts['tag']>) => rows().tag(...args);
    helpers.photo = (...args: Parameters<RowParts['photo']>) => rows().photo(...args);
    helpers.initials = (...args: Parameters<RowParts['initials']>) => rows().initials(...args);
    helpers.draw = (...args: Parameters<RowParts['draw']>) => rows().draw(...args);
    helpers.input = (...args: Parameters<RowParts['input']>) => rows().input(...args);
    helpers.fieldId = fieldId;
    helpers.esc = escapeHtml;
    helpers.weekday = (day: string) => weekday(day, typeof helpers.lang === 'string' ? helpers.lang : 'en');
  }
}

function beside(it: object, helpers: object, locals: object): object {
  const own = it as Partial<OwnHelpers>;
  return own.beside ? own.beside(locals) : Object.assign(Object.create(helpers) as object, locals);
}

// `unsafePrototypeLocals`: EJS would else copy `it` and lose its helpers; no template reads names from outside.
const COMPILE: ejs.Options & { unsafePrototypeLocals: boolean; async: false } = {
  strict: true,
  _with: false,
  localsName: 'it',
  compileDebug: false,
  rmWhitespace: true,
  unsafePrototypeLocals: true,
  async: false,
  escape: escapeHtml,
};
