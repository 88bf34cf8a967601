import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { ROLE_NAMES } from '../../src/platform/module.js';
import { aSchool, type SchoolUnderTest } from '../support/app.js';
import type { Answer, Browser, Fields } from '../support/browser.js';
import { admitOne } from '../support/register.js';

/** Pages of one kind (`/students/:id`) are visited a few times, not for every child. */
const EACH_KIND = 2;
const MOST_PAGES = 250;

describe('every link and form, as each role', () => {
  let school: SchoolUnderTest;
  before(async () => {
    school = await aSchool({ lists: { houses: [{ name: 'Kilimanjaro' }], dorms: [{ name: 'Elgon' }] } });
    const registrar = await school.as('registrar');
    for (const firstName of ['Amina', 'Brian', 'Chebet']) await admitOne(registrar, { firstName });
  });
  after(() => school.stop());

  for (const role of ROLE_NAMES) {
    it(`${role}: no dead link, nothing broken`, async () => {
      const person = await school.as(role);
      const trouble = await crawl(person);
      assert.deepEqual(trouble, []);
    });
  }
});

async function crawl(person: Browser): Promise<string[]> {
  const trouble: string[] = [];
  const seenKinds = new Map<string, number>();
  const visited = new Set<string>();
  const queue: { path: string; from: string }[] = [{ path: '/', from: 'the start' }];
  const enqueue = (path: string, from: string): void => {
    const kind = path.replace(/[0-9a-f-]{36}/g, ':id').replace(/=[^&]*/g, '=');
    if (visited.has(path) || (seenKinds.get(kind) ?? 0) >= EACH_KIND) return;
    visited.add(path);
    seenKinds.set(kind, (seenKinds.get(kind) ?? 0) + 1);
    queue.push({ path, from });
  };
  const forms = new Map<string, () => Promise<Answer>>();
  for (let next = queue.shift(); next && visited.size < MOST_PAGES; next = queue.shift()) {
    const { path, from } = next;
    const answer = await person.get(path);
    // The guide tells everybody about pages that are for some.
    const told = answer.status === 403 && from.startsWith('/user-guide');
    if (answer.status >= 400 && !told) trouble.push(`${path} answered ${answer.status} (linked from ${from})`);
    if (!String(answer.headers['content-type']).startsWith('text/html')) continue;
    for (const link of linksOf(answer.html)) enqueue(link, path);
    for (const form of formsOf(answer.html, path)) {
      if (form.method === 'get') enqueue(`${form.action}${form.action.includes('?') ? '&' : '?'}${new URLSearchParams(flat(form.fields)).toString()}`, path);
      else if (!form.files && !/sign-out|identity\/roles|school\/modules/.test(form.action)) forms.set(form.action.replace(/[0-9a-f-]{36}/g, ':id'), () => person.post(form.action, form.fields));
    }
  }
  for (const [action, send] of forms) {
    const answer = await send();
    const gone = answer.status === 404 && !action.includes(':id'); // another form may have removed it just before
    if (answer.status >= 500 || gone) trouble.push(`POST ${action} answered ${answer.status}`);
  }
  return trouble;
}

function linksOf(html: string): string[] {
  return [...html.matchAll(/\bhref="(\/[^"#]*)(?:#[^"]*)?"/g)].map((match) => unescape(match[1]!)).filter((path) => !/\.(css|js|svg|png|ico|webmanifest)\b/.test(path));
}

interface Form {
  method: string;
  action: string;
  fields: Fields;
  files: boolean;
}

function formsOf(html: string, page: string): Form[] {
  return [...html.matchAll(/<form\b([^>]*)>([\s\S]*?)<\/form>/g)].map(([, attributes = '', inside = '']) => {
    const fields: Fields = {};
    for (const [tag] of inside.matchAll(/<(?:input|textarea|select)\b[^>]*>/g)) {
      const name = attribute(tag, 'name');
      if (!name || /type="(checkbox|radio|file|submit)"/.test(tag)) continue;
      fields[name] = attribute(tag, 'value') ?? '';
    }
    return { method: (attribute(attributes, 'method') ?? 'get').toLowerCase(), action: attribute(attributes, 'action') ?? page, fields, files: /type="file"/.test(inside) };
  });
}

function attribute(tag: string, name: string): string | undefined {
  const value = tag.match(new RegExp(`\\b${name}="([^"]*)"`))?.[1];
  return value === undefined ? undefined : unescape(value);
}

function unescape(text: string): string {
  return text.replaceAll('&#34;', '"').replaceAll('&#39;', "'").replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}

function flat(fields: Fields): Record<string, string> {
  return Object.fromEntries(Object.entries(fields).flatMap(([name, value]) => (typeof value === 'string' && value !== '' ? [[name, value]] : [])));
}
