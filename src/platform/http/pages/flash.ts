import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Request, Response } from 'express';

export interface Flash {
  kind: 'ok' | 'info' | 'warn' | 'bad';
  text: string;
  links?: { label: string; href: string }[];
  /** A form that takes the act back. */
  undo?: { label: string; action: string };
}
export type FlashInput = string | (Omit<Flash, 'kind'> & { kind?: Flash['kind'] });

const LONGEST = 1500;

/** The sentence after a redirect travels in a signed cookie, so that saying it costs no write to the session. */
export class Flashes {
  /** Over TLS the prefix keeps pages of sister schools from setting it for this one. */
  private readonly cookie: string;

  constructor(
    private readonly key: Buffer,
    private readonly secure: boolean,
  ) {
    this.cookie = `${secure ? '__Host-' : ''}aims_flash`;
  }

  set(res: Response, input: FlashInput): void {
    const flash: Flash = typeof input === 'string' ? { kind: 'ok', text: input } : { kind: 'ok', ...input };
    const body = Buffer.from(JSON.stringify({ ...flash, text: flash.text.slice(0, LONGEST) })).toString('base64url');
    res.cookie(this.cookie, `${body}.${this.sign(body)}`, {
      httpOnly: true,
      sameSite: 'lax',
      secure: this.secure,
      path: '/',
      maxAge: 60_000,
    });
  }

  /** Reads and clears it. */
  take(req: Request, res: Response): Flash | null {
    const raw = readCookie(req, this.cookie);
    if (!raw) return null;
    res.clearCookie(this.cookie, { httpOnly: true, sameSite: 'lax', secure: this.secure, path: '/' });
    const [body, mac] = raw.split('.');
    if (!body || !mac || !equal(mac, this.sign(body))) return null;
    return JSON.parse(Buffer.from(body, 'base64url').toString('utf8')) as Flash;
  }

  private sign(body: string): string {
    return createHmac('sha256', this.key).update(body).digest('base64url');
  }
}

function equal(a: string, b: string): boolean {
  const left = Buffer.from(a);
  const right = Buffer.from(b);
  return left.length === right.length && timingSafeEqual(left, right);
}

export function readCookie(req: Request, name: string): string | null {
  const header = req.headers.cookie;
  if (!header) return null;
  for (const part of header.split(';')) {
    const at = part.indexOf('=');
    if (at > 0 && part.slice(0, at).trim() === name) return part.slice(at + 1).trim();
  }
  return null;
}
