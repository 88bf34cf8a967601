import type { Request, Response } from 'express';
import { LANGUAGES } from '../i18n/i18n.js';
import { FAMILY_ROLES } from '../module.js';

type Language = (typeof LANGUAGES)[number];

/** What each language calls itself: these words are never translated. */
export const LANGUAGE_NAMES: Record<Language, string> = { en: 'English', fr: 'Français', sw: 'Kiswahili' };

/**
 * What staff see is translated whole or not offered. Visitors, families and owners in the set-up have pages that are
 * translated whole (`test/architecture/surfaces.ts`); the other pages of staff are in these languages.
 */
const STAFF_LANGUAGES: readonly Language[] = ['en'];

/** The languages in which somebody with these roles gets pages, and which their profile offers. */
export function languagesFor(roles: readonly string[], setsUp = false): readonly Language[] {
  return setsUp || roles.every((role) => FAMILY_ROLES.includes(role)) ? LANGUAGES : STAFF_LANGUAGES;
}

const COOKIE = 'language';
const YEAR_SECONDS = 31_536_000;

/**
 * The language that somebody picked in this browser: `?lang=fr` of this very address, which is remembered, else what
 * was remembered. It says nothing about a person, so it needs no session.
 */
export function pickedLanguage(req: Request, res: Response, secure: boolean): string | null {
  const asked = req.query.lang;
  if (isLanguage(asked)) {
    const attributes = `Path=/; Max-Age=${YEAR_SECONDS}; SameSite=Lax; HttpOnly${secure ? '; Secure' : ''}`;
    res.append('Set-Cookie', `${COOKIE}=${asked}; ${attributes}`);
    return asked;
  }
  const kept = /(?:^|;\s*)language=([a-z]{2})(?:;|$)/.exec(req.headers.cookie ?? '')?.[1];
  return isLanguage(kept) ? kept : null;
}

function isLanguage(value: unknown): value is Language {
  return (LANGUAGES as readonly unknown[]).includes(value);
}
