import type { Request, Response } from 'express';
import { LANGUAGES } from '../i18n/i18n.js';

/** What each language calls itself: these words are never translated. */
export const LANGUAGE_NAMES: Record<(typeof LANGUAGES)[number], string> = { en: 'English', fr: 'Français', sw: 'Kiswahili' };

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

function isLanguage(value: unknown): value is (typeof LANGUAGES)[number] {
  return (LANGUAGES as readonly unknown[]).includes(value);
}
