import type { Answer, Browser, Fields } from './browser.js';

export interface Step {
  path: string;
  /** The page that links to it. */
  from: string;
  answer: Answer;
}

/** Pages of one kind (`/students/:id`) are visited a few times, not for every child. */
export interface Reach {
  eachKind: number;
  most: number;
  start?: readonly string[];
  skip?: (path: string) => boolean;
}

/** Follows links and the forms that ask, page after page, as somebody does who sends nothing. */
export async function walk(
  person: Browser,
  { eachKind, most, start = ['/'], skip }: Reach,
  see: (step: Step) => void,
): Promise<void> {
  const seenKinds = new Map<string, number>();
  const visited = new Set<string>();
  const queue: { path: string; from: string }[] = [];
  const enqueue = (path: string, from: string): void => {
    const kind = kindOf(path);
    if (visited.has(path) || skip?.(path) || (seenKinds.get(kind) ?? 0) >= eachKind) return;
    visited.add(path);
    seenKinds.set(kind, (seenKinds.get(kind) ?? 0) + 1);
    queue.push({ path, from });
  };
  for (const path of start) enqueue(path, 'the start');
  for (let next = queue.shift(); next && visited.size < most; next = queue.shift()) {
    const { path, from } = next;
    const answer = await person.get(path);
    see({ path, from, answer });
    for (const link of linksOf(answer)) enqueue(link, path);
    for (const { method, action, fields } of formsOf(answer, path)) {
      if (method === 'get')
        enqueue(`${action}${action.includes('?') ? '&' : '?'}${new URLSearchParams(flat(fields)).toString()}`, path);
    }
  }
}

/** `/students/0193…?q=a` → `/students/:id?q=` */
export function kindOf(path: string): string {
  return path.replace(/[0-9a-f-]{36}/g, ':id').replace(/=[^&]*/g, '=');
}

export function isPage(answer: Answer): boolean {
  return String(answer.headers['content-type']).startsWith('text/html');
}

function linksOf(answer: Answer): string[] {
  if (!isPage(answer)) return [];
  return [...answer.html.matchAll(/\bhref="(\/[^"#]*)(?:#[^"]*)?"/g)]
    .map((match) => unescape(match[1]!))
    .filter((path) => !/\.(css|js|svg|png|ico|webmanifest)\b/.test(path));
}

export interface Form {
  method: string;
  action: string;
  fields: Fields;
  files: boolean;
}

export function formsOf(answer: Answer, page: string): Form[] {
  if (!isPage(answer)) return [];
  return [...answer.html.matchAll(/<form\b([^>]*)>([\s\S]*?)<\/form>/g)].map(([, attributes = '', inside = '']) => {
    const fields: Fields = {};
    for (const [tag] of inside.matchAll(/<(?:input|textarea|select)\b[^>]*>/g)) {
      const name = attribute(tag, 'name');
      if (!name || /type="(checkbox|radio|file|submit)"/.test(tag)) continue;
      fields[name] = attribute(tag, 'value') ?? '';
    }
    return {
      method: (attribute(attributes, 'method') ?? 'get').toLowerCase(),
      action: attribute(attributes, 'action') ?? page,
      fields,
      files: /type="file"/.test(inside),
    };
  });
}

function attribute(tag: string, name: string): string | undefined {
  const value = tag.match(new RegExp(`\\b${name}="([^"]*)"`))?.[1];
  return value === undefined ? undefined : unescape(value);
}

function unescape(text: string): string {
  return text
    .replaceAll('&#34;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
}

function flat(fields: Fields): Record<string, string> {
  return Object.fromEntries(
    Object.entries(fields).flatMap(([name, value]) => (typeof value === 'string' && value !== '' ? [[name, value]] : [])),
  );
}
