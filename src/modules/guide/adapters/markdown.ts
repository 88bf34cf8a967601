import { escapeHtml } from '../../../platform/http/pages/escape.js';

export interface MarkdownOptions {
  /** Where a link leads to; null leaves its text alone. */
  link(target: string): string | null;
  /** Where a picture lies; null leaves it out. */
  image(target: string): string | null;
}

export interface Rendered {
  /** The first heading of the first rank; it is not part of the HTML. */
  title: string;
  html: string;
}

/**
 * The part of Markdown that our own documents use: headings, paragraphs, lists, tables, bold, code, links and
 * pictures. Everything else comes out as the text it is; no HTML of a document reaches a page.
 */
export function renderMarkdown(source: string, options: MarkdownOptions): Rendered {
  let title = '';
  const html: string[] = [];
  for (const block of blocksOf(source)) {
    const heading = /^(#{1,4}) (.+)$/.exec(block[0]!);
    if (heading?.[1] === '#' && title === '') title = plain(heading[2]!);
    else html.push(heading ? headingOf(heading[1]!.length, heading[2]!, options) : blockOf(block, options));
  }
  return { title, html: html.join('\n') };
}

/** Lines that belong together: a heading alone, else what stands between empty lines. */
function blocksOf(source: string): string[][] {
  const blocks: string[][] = [];
  let open = false;
  for (const line of source.split(/\r?\n/)) {
    const heading = /^#{1,4} /.test(line);
    if (line.trim() === '') open = false;
    else if (open && !heading) blocks.at(-1)!.push(line);
    else {
      blocks.push([line]);
      open = !heading;
    }
  }
  return blocks;
}

function headingOf(rank: number, text: string, options: MarkdownOptions): string {
  return `<h${rank} id="${anchor(text)}">${inline(text, options)}</h${rank}>`;
}

function blockOf(lines: string[], options: MarkdownOptions): string {
  const first = lines[0]!;
  if (/^[-*] /.test(first)) return listOf('ul', items(lines, /^[-*] /), options);
  if (/^\d+\. /.test(first)) return listOf('ol', items(lines, /^\d+\. /), options);
  if (first.startsWith('|') && /^\|[\s:|-]+\|$/.test(lines[1] ?? '')) return tableOf(lines, options);
  const text = inline(lines.join(' '), options);
  return text === '' ? '' : `<p>${text}</p>`;
}

/** A line without a mark of its own goes on with the item above it. */
function items(lines: string[], mark: RegExp): string[] {
  const found: string[] = [];
  for (const line of lines) {
    if (mark.test(line)) found.push(line.replace(mark, ''));
    else found[found.length - 1] += ` ${line.trim()}`;
  }
  return found;
}

function listOf(tag: 'ul' | 'ol', entries: string[], options: MarkdownOptions): string {
  return `<${tag}>${entries.map((entry) => `<li>${inline(entry, options)}</li>`).join('')}</${tag}>`;
}

function tableOf([head, , ...rows]: string[], options: MarkdownOptions): string {
  const cells = (line: string): string[] =>
    line
      .replace(/^\||\|\s*$/g, '')
      .split('|')
      .map((cell) => inline(cell.trim(), options));
  const heads = cells(head!)
    .map((cell) => `<th scope="col">${cell}</th>`)
    .join('');
  const body = rows
    .map(
      (row) =>
        `<tr>${cells(row)
          .map((cell) => `<td>${cell}</td>`)
          .join('')}</tr>`,
    )
    .join('');
  return `<div class="scroll-x" tabindex="0"><table class="tbl flush"><thead><tr>${heads}</tr></thead><tbody>${body}</tbody></table></div>`;
}

/** Code first, so that nothing inside of it is read as anything else. */
function inline(text: string, options: MarkdownOptions): string {
  return text
    .trim()
    .split(/(`[^`]+`)/)
    .map((piece) => (/^`[^`]+`$/.test(piece) ? `<code>${escapeHtml(piece.slice(1, -1))}</code>` : marks(piece, options)))
    .join('');
}

/** Everything is escaped before it is read; a target has only letters that mean nothing in HTML. */
function marks(text: string, options: MarkdownOptions): string {
  return escapeHtml(text)
    .replace(/!\[([^\]]*)\]\(([\w#:/.-]+)\)/g, (_all, alt: string, target: string) => {
      const address = options.image(target);
      return address === null ? '' : `<img src="${escapeHtml(address)}" alt="${alt}" loading="lazy">`;
    })
    .replace(/\[([^\]]+)\]\(([\w#:/.-]+)\)/g, (_all, words: string, target: string) => {
      const address = options.link(target);
      return address === null ? words : `<a href="${escapeHtml(address)}">${words}</a>`;
    })
    .replace(/\*\*([^*]+)\*\*/g, '<b>$1</b>');
}

function plain(text: string): string {
  return text.replace(/[*`]/g, '').trim();
}

export function anchor(text: string): string {
  return plain(text)
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-|-$/g, '');
}
