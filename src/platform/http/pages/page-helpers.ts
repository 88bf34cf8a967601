import type { Request, Response } from 'express';
import { can } from '../../../kernel/actor.js';
import type { AnyRecord } from '../../../kernel/shapes/record.js';
import { FAMILY_ROLES, MENU_GROUPS, type Acts, type MenuCounts, type MenuItem } from '../../module.js';
import type { Texts } from '../../i18n/i18n.js';
import { unprintable } from '../../pdf/coverage.js';
import { escapeHtml } from './escape.js';
import type { Flash, Flashes } from './flash.js';
import { LANGUAGE_NAMES } from '../language.js';
import { csrfToken } from '../routes/guard.js';
import { isOff } from '../ports.js';
import { browserName, fieldId, RowParts, weekday } from './row-parts.js';
import type { OwnHelpers, PageHead, Views } from './views.js';
import { roleTitle, Words } from '../../i18n/words.js';

export interface PageParts {
  views: Views;
  texts: Texts;
  asset(name: string): string;
  flashes: Flashes;
  menu: readonly MenuItem[];
  /** What waits behind places of the menu. */
  counts?: MenuCounts;
  /** What stands in the audit, in words. */
  acts?: readonly Acts[];
  /** What the records of the modules call their fields. */
  records?: readonly AnyRecord[];
  /** False where there is nothing to find with the box at the top. */
  searches?: boolean;
  /** Icons of the sprite that a page may name. */
  brand: string;
  /** Scheme and authority that people type. */
  publicUrl: string;
}

interface MenuGroup {
  group: string;
  items: { label: string; href: string; icon: string; current: boolean; count: number }[];
}

/** What belongs to one answer, shared by its page, its layout and all their parts. */
class Answer {
  private flashRead: Flash | null | undefined;
  private menuMade: MenuGroup[] | undefined;
  private placesMade: MenuGroup['items'] | undefined;
  readonly rows: RowParts;
  readonly words: Words;
  private readonly sprite: string;

  constructor(
    readonly req: Request,
    readonly res: Response,
    readonly parts: PageParts,
    private readonly counts: ReadonlyMap<string, number>,
  ) {
    this.sprite = parts.asset('icons.svg');
    this.rows = new RowParts(this.sprite);
    this.words = new Words(req);
  }

  get flash(): Flash | null {
    if (this.flashRead === undefined) this.flashRead = this.parts.flashes.take(this.req, this.res);
    return this.flashRead;
  }

  get menu(): MenuGroup[] {
    return (this.menuMade ??= menuFor(this.req, this.parts.menu, this.counts));
  }

  get places(): MenuGroup['items'] {
    return (this.placesMade ??= placesIn(this.menu));
  }

  icon(name: string, label: string | undefined): string {
    const naming = label ? `role="img" aria-label="${escapeHtml(label)}"` : 'aria-hidden="true"';
    return `<svg class="i" width="18" height="18" ${naming}><use href="${this.sprite}#i-${name}"/></svg>`;
  }
}

/** What every template can call. The data of a page or a part lies on the object itself, above these. */
export class PageHelpers implements OwnHelpers {
  readonly #answer: Answer;

  private constructor(answer: Answer) {
    this.#answer = answer;
  }

  static of(req: Request, res: Response, parts: PageParts, counts: ReadonlyMap<string, number> = new Map()): PageHelpers {
    return new PageHelpers(new Answer(req, res, parts, counts));
  }

  beside(locals: object | undefined): PageHelpers {
    return Object.assign(new PageHelpers(this.#answer), locals);
  }
  part(name: string, locals?: object): string {
    return this.#answer.parts.views.part(name, this.beside(locals));
  }
  head(head: PageHead): void {
    this.#answer.parts.views.setHead(this, head);
  }

  get t(): Request['t'] {
    return this.#answer.req.t;
  }
  get lang(): string {
    return this.#answer.req.language;
  }
  get dir(): string {
    return 'ltr';
  }
  /** This page in each language, for somebody whose language is not known from a profile. */
  get languages(): { code: string; label: string; href: string; current: boolean }[] {
    if (this.actor) return [];
    return Object.entries(LANGUAGE_NAMES).map(([code, label]) => ({
      code,
      label,
      href: this.url({ lang: code }),
      current: code === this.lang,
    }));
  }
  /** Scheme and authority, for what must be a whole address. */
  get origin(): string {
    return this.#answer.parts.publicUrl;
  }
  get csrf(): string {
    return csrfToken(this.#answer.req);
  }
  get school(): Request['school'] {
    return this.#answer.req.school;
  }
  get lock(): Request['lock'] {
    return this.#answer.req.lock;
  }
  get actor(): Request['actor'] | null {
    return this.#answer.req.signedIn ? this.#answer.req.actor : null;
  }
  /** How close the rows of lists stand, as the person has chosen; null where they have not. */
  get rowDensity(): 'compact' | 'normal' | null {
    return this.#answer.req.signedIn?.density ?? null;
  }
  /** For the script that warns before a session ends: whose it is, and when that will be. */
  get signInState(): { user: string; endsIn: number } | null {
    const { signedIn, actor } = this.#answer.req;
    return signedIn?.endsIn !== undefined && actor.userId ? { user: actor.userId, endsIn: signedIn.endsIn } : null;
  }
  /** An act of the audit in words; what no module has words for is read out as it is. */
  act(action: string): string {
    const { req, parts } = this.#answer;
    const words = parts.acts?.find((one) => action in one.words)?.words[action];
    return req.t(words ?? readOut(action.split('.').slice(1).join(' ') || action));
  }
  /** What something is that an act was done to. */
  thing(entity: string): string | undefined {
    return this.#answer.parts.acts?.find((one) => one.things && entity in one.things)?.things?.[entity];
  }
  /** What a record calls one of its fields, where it says so. */
  fieldLabel(entity: string | undefined, field: string): string | undefined {
    return this.#answer.parts.records?.find((one) => one.entity === entity)?.fields[field]?.label;
  }
  get actorTitle(): string {
    const role = this.#answer.req.actor.roles[0];
    return role ? this.#answer.req.t(roleTitle(role)) : '';
  }
  get path(): string {
    return this.#answer.req.path;
  }
  get now(): Date {
    return new Date();
  }
  /** Whoever is here for a child of the school, or is one, and doesn't work with its records. */
  get forFamily(): boolean {
    const roles = this.#answer.req.actor?.roles ?? [];
    return roles.length > 0 && roles.every((role) => FAMILY_ROLES.includes(role));
  }
  get find(): { href: string; label: string } | null {
    return this.actor && !this.forFamily && this.#answer.parts.searches !== false
      ? { href: '/search', label: this.#answer.req.t('Find a student, guardian, member of staff or page') }
      : null;
  }
  get flash(): Flash | null {
    return this.#answer.flash;
  }
  get menu(): MenuGroup[] {
    return this.#answer.menu;
  }
  get places(): MenuGroup['items'] {
    return this.#answer.places;
  }

  can(permission: string): boolean {
    const { req } = this.#answer;
    return can(req.actor, permission) && !isOff(req.school, permission);
  }
  asset(name: string): string {
    return this.#answer.parts.asset(name);
  }
  icon(name: string, label?: string): string {
    return this.#answer.icon(name, label);
  }
  st(...args: Parameters<RowParts['status']>): string {
    return this.#answer.rows.status(...args);
  }
  tag(...args: Parameters<RowParts['tag']>): string {
    return this.#answer.rows.tag(...args);
  }
  photo(...args: Parameters<RowParts['photo']>): string {
    return this.#answer.rows.photo(...args);
  }
  initials(name: string): string {
    return this.#answer.rows.initials(name);
  }
  draw(id: string, style: string): string {
    return this.#answer.rows.draw(id, style);
  }
  input(...args: Parameters<RowParts['input']>): ReturnType<RowParts['input']> {
    return this.#answer.rows.input(...args);
  }
  fieldId(name: string): string {
    return fieldId(name);
  }
  esc(text?: unknown): string {
    return escapeHtml(text);
  }
  browser(userAgent: string | null | undefined): string {
    return browserName(userAgent);
  }
  weekday(day: string): string {
    return weekday(day, this.lang);
  }
  date(day: string | null | undefined): string {
    return this.#answer.words.date(day);
  }
  dateLong(day: string | null | undefined): string {
    return this.#answer.words.dateLong(day);
  }
  time(instant: Date | string | null | undefined): string {
    return this.#answer.words.time(instant);
  }
  money(minor: number): string {
    return this.#answer.words.money(minor);
  }
  amount(minor: number): string {
    return this.#answer.words.amount(minor);
  }
  number(value: number): string {
    return this.#answer.words.number(value);
  }
  phone(e164: string | null | undefined): string {
    return this.#answer.words.phone(e164);
  }
  /** The letters of a text that a paper could not show. */
  unprintable(text: string): string {
    return unprintable(text);
  }
  /** The current address with some query parts changed; null takes one away. A changed filter starts at page one. */
  url(changes: Record<string, string | number | null>): string {
    const query = new URLSearchParams(this.#answer.req.originalUrl.split('?')[1] ?? '');
    if (!('cursor' in changes)) query.delete('cursor');
    for (const [name, value] of Object.entries(changes)) {
      if (value === null) query.delete(name);
      else query.set(name, String(value));
    }
    const text = query.toString();
    return text ? `${this.#answer.req.path}?${text}` : this.#answer.req.path;
  }
}

/** What waits for this person, by address of the menu. A page without its counts is better than none. */
export async function countsFor(req: Request, { menu, counts = {} }: PageParts): Promise<ReadonlyMap<string, number>> {
  const asked = req.signedIn ? menu.filter((item) => counts[item.href] && can(req.actor, item.can)) : [];
  const found = await Promise.all(
    asked.map(async ({ href }) => {
      const count = await counts[href]!(req.actor).catch((err: unknown) => {
        req.log.warn({ err }, `count of ${href}`);
        return 0;
      });
      return [href, count] as const;
    }),
  );
  return new Map(found);
}

function readOut(name: string): string {
  const text = name.replaceAll('-', ' ');
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function menuFor(req: Request, items: readonly MenuItem[], counts: ReadonlyMap<string, number>): MenuGroup[] {
  const open = items.filter(
    (item) =>
      (item.can === 'signed-in' ? req.signedIn : can(req.actor, item.can) || req.signedIn?.heldBack?.permissions.has(item.can)) &&
      !isOff(req.school, item.href),
  );
  const current = currentItem(req.path, open);
  return MENU_GROUPS.map((group) => ({
    group: group && req.t(group),
    items: open
      .filter((item) => item.group === group)
      .map((item) => ({
        label: req.t(item.label),
        href: item.href,
        icon: item.icon,
        current: item === current,
        count: counts.get(item.href) ?? 0,
      })),
  })).filter((group) => group.items.length > 0);
}

/** The four that lie at a thumb's reach. */
function placesIn(menu: readonly MenuGroup[]): MenuGroup['items'] {
  const items = menu.flatMap((group) => group.items);
  const first = PHONE_PLACES.flatMap((href) => items.filter((item) => item.href === href));
  return [...first, ...items.filter((item) => !first.includes(item))].slice(0, 4);
}

/** The longest address that the path lies under. */
function currentItem(path: string, items: readonly MenuItem[]): MenuItem | undefined {
  const rootOf = ({ href, under = href }: MenuItem): string => under;
  return items
    .filter((item) => path === rootOf(item) || (item.href !== '/' && path.startsWith(`${rootOf(item)}/`)))
    .sort((a, b) => rootOf(b).length - rootOf(a).length)[0];
}

/** What people stand with a phone for; the rest of the menu fills the bar up to four. */
const PHONE_PLACES = ['/', '/students', '/fees/cashier', '/fees/payments', '/subjects/classes', '/hr/staff'];
