import type { Actor } from '../../../kernel/actor.js';
import { NotFound } from '../../../kernel/errors.js';
import { escapeHtml } from '../../../platform/http/pages/escape.js';
import type { T } from '../../../platform/i18n/i18n.js';
import type { DataSection, Value } from '../../../kernel/people/personal-data.js';
import type { ZipSource } from '../../../platform/zip/write.js';
import type { FilesApi } from '../../files/index.js';
import type { SubjectFile } from '../subject-file.js';

export interface ArchiveWords {
  t: T;
  language: string;
  school: string;
  madeAt: string;
  show(value: Value): string;
}

/** A page for people, the same as JSON for programs, and the files that belong to it. */
export async function* archive(
  files: readonly SubjectFile[],
  words: ArchiveWords,
  store: FilesApi,
  actor: Actor,
): AsyncGenerator<ZipSource> {
  const title = words.t('What {{school}} keeps about {{names}}', {
    school: words.school,
    names: files.map((file) => file.name).join(', '),
  });
  yield { name: 'index.html', body: [page(title, files, words)] };
  yield {
    name: 'data.json',
    body: [`${JSON.stringify({ school: words.school, madeAt: words.madeAt, people: files }, null, 2)}\n`],
  };
  for (const [index, file] of files.entries()) {
    for (const one of file.sections.flatMap((section) => section.files ?? [])) {
      const opened = await store.open(one.id, actor).catch((error: unknown) => {
        // Gone, or not for this person's eyes: the page still names it.
        if (error instanceof NotFound) return null;
        throw error;
      });
      if (opened) yield { name: pathOf(index, one), body: await opened.body() };
    }
  }
}

function pathOf(person: number, { id, name }: { id: string; name: string }): string {
  return `files/${person + 1}-${id.slice(-6)}-${name.replace(/[^\w.-]+/g, '-')}`;
}

function page(title: string, files: readonly SubjectFile[], words: ArchiveWords): string {
  const body = files
    .map(
      (file, index) =>
        `<h2>${escapeHtml(file.name)}</h2>${file.sections.map((section) => sectionHtml(section, index, words)).join('')}`,
    )
    .join('');
  return `<!doctype html><html lang="${words.language}"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escapeHtml(title)}</title>
<style>body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}table{border-collapse:collapse;width:100%}th,td{text-align:left;vertical-align:top;padding:.3rem .6rem;border-bottom:1px solid #ccc}</style>
<h1>${escapeHtml(title)}</h1><p>${escapeHtml(words.madeAt)}</p>${body}</html>
`;
}

function sectionHtml({ title, facts, table, files }: DataSection, person: number, { show }: ArchiveWords): string {
  const cell = (tag: string, text: string): string => `<${tag}>${escapeHtml(text)}</${tag}>`;
  const known = facts?.filter(({ value }) => value !== null && value !== '') ?? [];
  const factRows = known.map(({ label, value }) => `<tr>${cell('th', label)}${cell('td', show(value))}</tr>`).join('');
  const rows = table?.rows.map((row) => `<tr>${row.map((value) => cell('td', show(value))).join('')}</tr>`).join('') ?? '';
  const heads = table ? `<tr>${table.heads.map((head) => cell('th', head)).join('')}</tr>` : '';
  const links = (files ?? []).map((one) => `<p><a href="${pathOf(person, one)}">${escapeHtml(one.name)}</a></p>`).join('');
  return `<h3>${escapeHtml(title)}</h3><table>${factRows}${heads}${rows}</table>${links}`;
}
