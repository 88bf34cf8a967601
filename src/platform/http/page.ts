import { gzip } from 'node:zlib';
import { promisify } from 'node:util';
import type { NextFunction, Request, RequestHandler, Response } from 'express';
import { can } from '../../kernel/actor.js';
import { formatAmount, formatMoney } from '../../kernel/money.js';
import { showPhone } from '../../kernel/phone.js';
import { MENU_GROUPS, type MenuItem } from '../module.js';
import type { Texts } from '../i18n/i18n.js';
import { escapeHtml, type Views } from './views.js';
import { type Flashes, type Flash } from './flash.js';
import { csrfToken, ownPath } from './guard.js';

const zip = promisify(gzip);
/** Below this a page travels in one packet anyway. */
const WORTH_ZIPPING = 1400;

export interface PageParts {
  views: Views;
  texts: Texts;
  asset(name: string): string;
  flashes: Flashes;
  menu: readonly MenuItem[];
  /** Icons of the sprite that a page may name. */
  brand: string;
}

/** Puts `res.page`, `res.part` and `res.done` on every response. */
export function pages(parts: PageParts): RequestHandler {
  return (req: Request, res: Response, next: NextFunction) => {
    res.page = (view, model, options) => send(req, res, parts, view, model, options?.status, true);
    res.part = (view, model, options) => send(req, res, parts, view, model, options?.status, false);
    res.done = (to, flash) => {
      if (flash) parts.flashes.set(res, flash);
      res.redirect(303, ownPath(to));
    };
    next();
  };
}

async function send(req: Request, res: Response, parts: PageParts, view: string, model: object | undefined, status = 200, framed: boolean): Promise<void> {
  const helpers = helpersFor(req, res, parts);
  const it: object = Object.assign(Object.create(helpers) as object, model);
  res.set('Vary', 'HX-Request, Accept-Encoding');
  const html = framed ? (isFragment(req) ? fragment(parts.views, view, it) : parts.views.renderPage(view, it)) : parts.views.render(view, it);
  res.status(status).type('html');
  if (!res.getHeader('Cache-Control')) res.set('Cache-Control', 'no-store');
  if (html.length < WORTH_ZIPPING || !req.acceptsEncodings('gzip')) {
    res.send(html);
    return;
  }
  const body = await zip(html, { level: 5 });
  res.set('Content-Encoding', 'gzip').send(body);
}

/** htmx asks for a part of the page; a history restore asks for the whole. */
function isFragment(req: Request): boolean {
  return req.get('hx-request') === 'true' && req.get('hx-request-type') !== 'full' && req.get('hx-history-restore-request') !== 'true';
}

function fragment(views: Views, view: string, it: object): string {
  const body = views.render(view, it);
  const head = views.headOf(it);
  return head ? `<title>${escapeHtml(head.title)}</title>${body}` : body;
}

interface MenuGroup {
  group: string;
  items: { label: string; href: string; icon: string; current: boolean }[];
}

/** What every template can call; `this` is the page's own object above it. */
class PageMethods {
  declare req: Request;
  declare parts: PageParts;
  declare res: Response;
  private declare flashRead?: Flash | null;
  private declare menuMade?: MenuGroup[];

  get t(): Request['t'] {
    return this.req.t;
  }
  get lang(): string {
    return this.req.language;
  }
  get dir(): string {
    return 'ltr';
  }
  get csrf(): string {
    return csrfToken(this.req);
  }
  get school(): Request['school'] {
    return this.req.school;
  }
  get actor(): Request['actor'] | null {
    return this.req.signedIn ? this.req.actor : null;
  }
  get actorTitle(): string {
    const role = this.req.actor.roles[0];
    return role ? this.req.t(roleTitle(role)) : '';
  }
  get path(): string {
    return this.req.path;
  }
  get now(): Date {
    return new Date();
  }
  get find(): { href: string; label: string } | null {
    return this.actor ? { href: '/search', label: this.req.t('Find a student, guardian, member of staff or page') } : null;
  }
  get flash(): Flash | null {
    this.flashRead ??= this.parts.flashes.take(this.req, this.res);
    return this.flashRead;
  }
  get menu(): MenuGroup[] {
    this.menuMade ??= menuFor(this.req, this.parts.menu);
    return this.menuMade;
  }
  get places(): MenuGroup['items'] {
    const items = this.menu.flatMap((group) => group.items);
    const first = PHONE_PLACES.flatMap((href) => items.filter((item) => item.href === href));
    return [...first, ...items.filter((item) => !first.includes(item))].slice(0, 4);
  }

  can(permission: string): boolean {
    return can(this.req.actor, permission);
  }
  asset(name: string): string {
    return this.parts.asset(name);
  }
  icon(name: string, label?: string): string {
    const naming = label ? `role="img" aria-label="${escapeHtml(label)}"` : 'aria-hidden="true"';
    return `<svg class="i" ${naming}><use href="${this.parts.asset('icons.svg')}#i-${name}"/></svg>`;
  }
  /** `5 Jan 2026`; a day is `YYYY-MM-DD`. */
  date(day: string | null | undefined): string {
    return day ? formatDay(day, this.lang, 'short') : '';
  }
  /** `24 November 2026`. */
  dateLong(day: string | null | undefined): string {
    return day ? formatDay(day, this.lang, 'long') : '';
  }
  /** `24 Nov 2026, 08:04` in the school's zone. */
  time(instant: Date | string | null | undefined): string {
    if (!instant) return '';
    const at = typeof instant === 'string' ? new Date(instant) : instant;
    return new Intl.DateTimeFormat(this.lang === 'en' ? 'en-GB' : this.lang, {
      day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit', hour12: false,
      timeZone: this.school?.zone ?? 'UTC',
    }).format(at);
  }
  money(minor: number): string {
    return formatMoney(minor, this.school?.currency ?? 'KES');
  }
  amount(minor: number): string {
    return formatAmount(minor, this.school?.currency ?? 'KES');
  }
  number(value: number): string {
    return value.toLocaleString('en-GB');
  }
  phone(e164: string | null | undefined): string {
    return e164 ? showPhone(e164, this.school?.country ?? 'KE') : '';
  }
  /** The current address with some query parts changed; null takes one away. A changed filter starts at page one. */
  url(changes: Record<string, string | number | null>): string {
    const query = new URLSearchParams(this.req.originalUrl.split('?')[1] ?? '');
    if (!('cursor' in changes)) query.delete('cursor');
    for (const [name, value] of Object.entries(changes)) {
      if (value === null) query.delete(name);
      else query.set(name, String(value));
    }
    const text = query.toString();
    return text ? `${this.req.path}?${text}` : this.req.path;
  }
}

function helpersFor(req: Request, res: Response, parts: PageParts): object {
  const helpers = Object.create(PageMethods.prototype) as PageMethods;
  helpers.req = req;
  helpers.res = res;
  helpers.parts = parts;
  return helpers;
}

function menuFor(req: Request, items: readonly MenuItem[]): MenuGroup[] {
  const off = req.school?.off;
  const open = items.filter((item) => (item.can === 'signed-in' ? req.signedIn : can(req.actor, item.can)) && !off?.has(item.href.slice(1)));
  const current = currentItem(req.path, open);
  return MENU_GROUPS.map((group) => ({
    group: group && req.t(group),
    items: open
      .filter((item) => item.group === group)
      .map((item) => ({ label: req.t(item.label), href: item.href, icon: item.icon, current: item === current })),
  })).filter((group) => group.items.length > 0);
}

/** The longest address that the path lies under. */
function currentItem(path: string, items: readonly MenuItem[]): MenuItem | undefined {
  return items
    .filter((item) => path === item.href || (item.href !== '/' && path.startsWith(`${item.href}/`)))
    .sort((a, b) => b.href.length - a.href.length)[0];
}

/** What people stand with a phone for; the rest of the menu fills the bar up to four. */
const PHONE_PLACES = ['/', '/students', '/subjects/classes', '/hr/staff'];

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

function formatDay(day: string, language: string, length: 'short' | 'long'): string {
  if (language === 'en' && length === 'short') {
    return `${Number(day.slice(8, 10))} ${MONTHS[Number(day.slice(5, 7)) - 1] ?? ''} ${day.slice(0, 4)}`;
  }
  const format = new Intl.DateTimeFormat(language === 'en' ? 'en-GB' : language, { day: 'numeric', month: length, year: 'numeric', timeZone: 'UTC' });
  return format.format(new Date(`${day}T00:00:00Z`));
}

export function roleTitle(role: string): string {
  const words = role.replaceAll('-', ' ');
  return words === 'hr officer' ? 'HR officer' : words.charAt(0).toUpperCase() + words.slice(1);
}
