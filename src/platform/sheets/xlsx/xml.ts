import { SheetRefused } from '../reading/refused.js';

/** What a reader wants to know of an XML part. Names come without their prefix, attributes as they were written. */
export interface XmlHandler {
  open(name: string, attributes: string): void;
  close(name: string): void;
  /** May be called several times for one text. */
  text?(text: string): void;
}

const ENTITIES = 'The workbook contains unusual XML declarations. Save it again in Excel or LibreOffice.';
const BROKEN = 'The workbook is damaged and cannot be opened. Open it in Excel or LibreOffice, save it again and send that file.';
/** A tag longer than this is no tag of a sheet. */
const MAX_TAG = 262_144;

/**
 * Reads XML piece by piece and keeps nothing but the unfinished end. It knows what sheets are made of: elements,
 * attributes, text, CDATA. Document types are refused, so no entity but the five of XML is ever resolved.
 */
export class XmlScanner {
  private rest = '';

  constructor(private readonly handler: XmlHandler) {}

  write(piece: string): void {
    const text = this.rest ? this.rest + piece : piece;
    let at = 0;
    for (;;) {
      const tag = text.indexOf('<', at);
      if (tag < 0) break;
      if (tag > at) this.handler.text?.(decode(text, at, tag));
      const next = this.readTag(text, tag);
      if (next < 0) {
        at = tag;
        break;
      }
      at = next;
    }
    this.rest = this.keep(text, at);
  }

  /** The unfinished end; of a long text only what could be half an entity. */
  private keep(text: string, at: number): string {
    const left = text.length - at;
    if (text.charCodeAt(at) === 60) {
      if (left > MAX_TAG) throw new SheetRefused(BROKEN);
      return text.slice(at);
    }
    if (left < 4096) return text.slice(at);
    const entity = text.indexOf('&', text.length - 12);
    const stop = entity < 0 ? text.length : entity;
    this.handler.text?.(decode(text, at, stop));
    return text.slice(stop);
  }

  /** Position behind the tag, or -1 when its end has not come yet. */
  private readTag(text: string, at: number): number {
    const kind = text.charCodeAt(at + 1);
    if (kind === 33) return this.readDeclaration(text, at);
    if (kind === 63) return behind(text, '?>', at);
    const end = tagEnd(text, at);
    if (end < 0) return -1;
    if (kind === 47) {
      this.handler.close(localName(text.slice(at + 2, end).trimEnd()));
      return end + 1;
    }
    const empty = text.charCodeAt(end - 1) === 47;
    const body = text.slice(at + 1, empty ? end - 1 : end);
    const gap = body.search(/\s/);
    const name = localName(gap < 0 ? body : body.slice(0, gap));
    this.handler.open(name, gap < 0 ? '' : body.slice(gap));
    if (empty) this.handler.close(name);
    return end + 1;
  }

  private readDeclaration(text: string, at: number): number {
    if (text.startsWith('<!--', at)) return behind(text, '-->', at + 4);
    if (text.startsWith('<![CDATA[', at)) {
      const end = text.indexOf(']]>', at);
      if (end < 0) return -1;
      this.handler.text?.(text.slice(at + 9, end));
      return end + 3;
    }
    if (text.length - at < 9) return -1;
    throw new SheetRefused(ENTITIES);
  }
}

function behind(text: string, mark: string, from: number): number {
  const at = text.indexOf(mark, from);
  return at < 0 ? -1 : at + mark.length;
}

/** A `>` inside an attribute's quotes is not the end. */
function tagEnd(text: string, from: number): number {
  let at = from;
  let end = -1;
  for (;;) {
    if (end < at) end = text.indexOf('>', at);
    if (end < 0) return -1;
    while (at < end && text.charCodeAt(at) !== 34 && text.charCodeAt(at) !== 39) at += 1;
    if (at === end) return end;
    const close = text.indexOf(text.charAt(at), at + 1);
    if (close < 0) return -1;
    at = close + 1;
  }
}

function localName(name: string): string {
  const colon = name.indexOf(':');
  return colon < 0 ? name : name.slice(colon + 1);
}

function decode(text: string, from: number, to: number): string {
  const piece = text.slice(from, to);
  return piece.includes('&') ? decodeEntities(piece) : piece;
}

const NAMED: Record<string, string> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

export function decodeEntities(text: string): string {
  return text.replace(/&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|([a-z]+));/gi, (whole, hex?: string, decimal?: string, name?: string) => {
    if (name) return NAMED[name] ?? whole;
    const code = hex ? parseInt(hex, 16) : Number(decimal);
    return code <= 0x10ffff ? String.fromCodePoint(code) : '';
  });
}

/** What `open` was given, by name without prefix. */
export function attributesOf(text: string): Record<string, string> {
  const found: Record<string, string> = {};
  let at = 0;
  for (;;) {
    const equals = text.indexOf('=', at);
    if (equals < 0) return found;
    const quote = text.charCodeAt(equals + 1) === 34 ? equals + 1 : text.slice(equals).search(/["']/) + equals;
    const end = text.indexOf(text.charAt(quote), quote + 1);
    if (quote < equals || end < 0) return found;
    found[localName(text.slice(at, equals).trim())] = decode(text, quote + 1, end);
    at = end + 1;
  }
}
