import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Secret, TOTP } from 'otpauth';
import type { Browser, Page } from 'playwright-core';
import { projectRoot } from '../../platform/paths.js';
import type { Login } from '../launcher/logins.js';
import { StopReason } from '../launcher/stop-reason.js';
import { makeSitePictures } from './pictures/site.js';

export const summary =
  'take the pictures of docs/pictures from a new demo school, at desk and phone width, and make those of the site from them';
export const usage = 'pictures [<name> …]';

interface Shot {
  name: string;
  /** As whom, or null for somebody who is not signed in. */
  role: string | null;
  path: string;
  /** Of each page on the way from `path`, the first link that matches is followed. */
  follow?: readonly RegExp[];
  /** What is typed before the picture is taken, by the names of the fields. */
  typed?: Record<string, string>;
  /** What a phone shows at its top, where that isn't the head of the page. */
  from?: string;
  dark?: boolean;
}

const SCHOOL = 'kilimani';
const WIDTHS = [1280, 360];
const BROWSERS = ['chromium', 'chromium-browser', 'google-chrome', 'chrome'];
const START_MS = 300_000;
/** Until a page has answered what was typed into it. */
const ANSWERED_MS = 2_000;

const SHOTS: readonly Shot[] = [
  { name: 'sign-in', role: null, path: '/login' },
  { name: 'home', role: 'registrar', path: '/' },
  { name: 'home-dark', role: 'registrar', path: '/', dark: true },
  { name: 'students', role: 'registrar', path: '/students' },
  { name: 'student', role: 'registrar', path: '/students', follow: [/^\/students\/[0-9a-f-]{36}$/] },
  { name: 'new-student', role: 'registrar', path: '/students/new' },
  { name: 'imports', role: 'registrar', path: '/imports/new?kind=students' },
  { name: 'classes', role: 'registrar', path: '/subjects/classes' },
  { name: 'prints', role: 'registrar', path: '/students/prints' },
  { name: 'settings', role: 'registrar', path: '/school' },
  {
    name: 'statement',
    role: 'bursar',
    path: '/students?q=Kariuki%20Grace',
    follow: [/^\/students\/[0-9a-f-]{36}$/, /^\/fees\/students\/[0-9a-f-]{36}$/],
    from: 'main .paper',
  },
  {
    name: 'cashier',
    role: 'bursar',
    path: '/fees/cashier?q=Kariuki%20Pauline',
    follow: [/^\/fees\/cashier\?student=/],
    typed: { amount: '12000' },
  },
  { name: 'user-guide', role: 'registrar', path: '/user-guide' },
  { name: 'api', role: null, path: '/api/docs' },
];

/** Starts the product as a newcomer would, looks at it, and leaves nothing behind but the pictures. */
export async function run(names: string[]): Promise<void> {
  const shots = SHOTS.filter((shot) => names.length === 0 || names.includes(shot.name));
  if (shots.length === 0) throw new StopReason(`Unknown picture. Choose one of: ${SHOTS.map((shot) => shot.name).join(', ')}.`);
  const data = mkdtempSync(path.join(os.tmpdir(), 'aims-pictures-'));
  const product = startProduct(data);
  try {
    await untilReady(product);
    const logins = JSON.parse(readFileSync(path.join(data, 'demo-logins.json'), 'utf8')) as Login[];
    await takeAll(
      shots,
      logins.filter((login) => login.school === SCHOOL),
    );
  } finally {
    await stop(product);
    rmSync(data, { recursive: true, force: true });
  }
  await makeSitePictures();
}

function startProduct(data: string): ChildProcess {
  return spawn(process.execPath, [path.join(projectRoot, 'src/bin/start.mjs')], {
    env: { ...process.env, AIMS_DATA: data, AIMS_PORT: '0' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

async function untilReady(product: ChildProcess): Promise<void> {
  const timer = setTimeout(() => product.kill('SIGTERM'), START_MS);
  let said = '';
  for await (const chunk of product.stdout!) {
    said += String(chunk);
    if (!said.includes('AIMS is ready')) continue;
    clearTimeout(timer);
    product.stdout!.resume();
    return;
  }
  throw new StopReason('The demo school did not start; the lines above say why.');
}

async function stop(product: ChildProcess): Promise<void> {
  if (product.exitCode !== null || product.signalCode !== null) return;
  product.kill('SIGTERM');
  await once(product, 'exit');
}

async function takeAll(shots: readonly Shot[], logins: readonly Login[]): Promise<void> {
  const { chromium } = await import('playwright-core');
  // Without its sandbox, as root has none; it only ever sees our own pages.
  const browser = await chromium.launch({ executablePath: browserPath(), args: ['--no-sandbox'] });
  try {
    for (const role of new Set(shots.map((shot) => shot.role))) {
      await takeAs(
        browser,
        role,
        shots.filter((shot) => shot.role === role),
        logins,
      );
    }
  } finally {
    await browser.close();
  }
}

async function takeAs(browser: Browser, role: string | null, shots: readonly Shot[], logins: readonly Login[]): Promise<void> {
  const login = logins.find((one) => role === null || one.role === role);
  if (!login) throw new StopReason(`The demo school has no sign-in for ${role}.`);
  const context = await browser.newContext({ baseURL: login.url, locale: 'en-GB' });
  const page = await context.newPage();
  if (role) await signIn(page, login);
  for (const shot of shots) for (const width of WIDTHS) await take(page, shot, width);
  await context.close();
}

async function signIn(page: Page, login: Login): Promise<void> {
  await page.goto('/login/password');
  await page.fill('input[name=login]', login.email);
  await page.fill('input[name=password]', login.password ?? '');
  await page.press('input[name=password]', 'Enter');
  if (login.totp_secret) {
    await page.fill('input[name=code]', new TOTP({ secret: Secret.fromBase32(login.totp_secret) }).generate());
    await page.press('input[name=code]', 'Enter');
  }
  await page.waitForURL((url) => !url.pathname.startsWith('/login'));
}

async function take(page: Page, shot: Shot, width: number): Promise<void> {
  const folder = path.join(projectRoot, 'docs/pictures');
  mkdirSync(folder, { recursive: true });
  await page.setViewportSize({ width, height: width > 600 ? 900 : 780 });
  await page.emulateMedia({ colorScheme: shot.dark ? 'dark' : 'light', reducedMotion: 'reduce' });
  await open(page, shot.path);
  for (const link of shot.follow ?? []) await open(page, await linkOn(page, link));
  for (const [name, text] of Object.entries(shot.typed ?? {})) await page.fill(`main [name=${name}]`, text);
  if (shot.typed) await page.waitForTimeout(ANSWERED_MS);
  if (shot.from && width < 600)
    await page
      .locator(shot.from)
      .first()
      .evaluate((part) => part.scrollIntoView());
  await page.evaluate('document.fonts.ready');
  const file = path.join(folder, `${shot.name}-${width}.png`);
  await page.screenshot({ path: file });
  console.log(path.relative(projectRoot, file));
}

async function open(page: Page, address: string): Promise<void> {
  const answer = await page.goto(address, { waitUntil: 'networkidle' });
  if (answer?.status() !== 200) throw new StopReason(`${address} was answered ${answer?.status() ?? 'not at all'}.`);
}

async function linkOn(page: Page, wanted: RegExp): Promise<string> {
  const links = await page.locator('main a').evaluateAll((all) => all.map((link) => link.getAttribute('href') ?? ''));
  const found = links.find((link) => wanted.test(link));
  if (!found) throw new StopReason(`${page.url()} has no link that is like ${wanted.source}.`);
  return found;
}

function browserPath(): string {
  const folders = (process.env.PATH ?? '').split(path.delimiter);
  const found = BROWSERS.flatMap((name) => folders.map((folder) => path.join(folder, name))).find((file) => existsSync(file));
  if (!found) throw new StopReason('The pictures need Chromium or Chrome: install it and start again.');
  return found;
}
