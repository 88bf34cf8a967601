import assert from 'node:assert/strict';
import { hiddenValue, type Browser } from '../../support/browser.js';
import { textOf } from '../imports/support.js';

export async function send(person: Browser, body: Buffer, name = 'skuli.zip') {
  const page = await person.get('/oneroster/bundles/new');
  return person.upload('/oneroster/bundles', [{ field: 'file', name, type: 'application/zip', body }], {
    _csrf: hiddenValue(page.html, '_csrf') ?? '',
  });
}

export async function settled(person: Browser, path: string): Promise<{ status: string; html: string; text: string }> {
  for (let tries = 0; tries < 600; tries += 1) {
    const { html } = await person.get(path);
    const status = /data-status="(checked|refused|failed|done|undone)"/.exec(html)?.[1];
    if (status) return { status, html, text: textOf(html) };
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`${path} did not come to rest`);
}

export async function check(person: Browser, body: Buffer) {
  const sent = await send(person, body);
  assert.equal(sent.status, 303, textOf(sent.html).slice(0, 800));
  return { path: sent.location!, ...(await settled(person, sent.location!)) };
}

export async function act(person: Browser, path: string, what: string) {
  const answer = await person.submit(`${path}/${what}`, {}, path);
  assert.equal(answer.status, 303, textOf(answer.html).slice(0, 800));
  return settled(person, path);
}

/** Label of a list → new, changed, the same, left out. */
export function parts(html: string): Record<string, number[]> {
  const table = /data-test="parts"[\s\S]*?<\/table>/.exec(html)?.[0] ?? '';
  return Object.fromEntries(
    [...table.matchAll(/<th scope="row">([^<]*)<\/th>([\s\S]*?)<\/tr>/g)].map(([, label, cells]) => [
      label!.split(',')[0]!,
      [...cells!.matchAll(/<td class="n">([\s\S]*?)<\/td>/g)].map((cell) => Number(textOf(cell[1]!).replace(/\D/g, ''))),
    ]),
  );
}
