import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Result } from 'axe-core';
import { chromium, type Browser as Program, type BrowserContext, type Page, type ViewportSize } from 'playwright-core';
import { Browser, type Answer } from './browser.js';

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
export const PHONE: ViewportSize = { width: 360, height: 740 };
export const DESK: ViewportSize = { width: 1280, height: 900 };

export interface Window {
  page: Page;
  context: BrowserContext;
  /** What the browser complained about since the last call: console errors, policy violations, foreign requests, faults of the server. */
  troubles(): string[];
  /** What this window's session is answered outside of the window, here or at another address: the bytes of a print or a sheet. */
  fetch(path: string): Promise<Answer>;
  close(): Promise<void>;
}

export interface WindowOptions {
  /** Whose session it carries. */
  person?: Browser;
  javaScript?: boolean;
  size?: ViewportSize;
  colours?: 'light' | 'dark';
  /** What the person has asked of their device. */
  contrast?: 'more' | 'forced';
  /** Origins that belong to the product beside its own. */
  beside?: string[];
}

/** A real browser; windows are separate people. */
export class Chromium {
  private constructor(private readonly program: Program) {}

  static async start(): Promise<Chromium> {
    const executablePath = PLACES.find(existsSync);
    if (!executablePath) throw new Error(`Browser tests need Chromium at ${PLACES[0]}: install the package "chromium".`);
    return new Chromium(await chromium.launch({ executablePath, args: ARGS }));
  }

  async open(url: string, options: WindowOptions = {}): Promise<Window> {
    const context = await this.program.newContext({
      baseURL: url,
      viewport: options.size ?? DESK,
      javaScriptEnabled: options.javaScript ?? true,
      colorScheme: options.colours ?? 'light',
      reducedMotion: 'reduce',
      contrast: options.contrast === 'more' ? 'more' : null,
      forcedColors: options.contrast === 'forced' ? 'active' : null,
      acceptDownloads: true,
    });
    if (options.person) await context.addCookies([...options.person.cookies].map(([name, value]) => ({ name, value, url })));
    const page = await context.newPage();
    page.setDefaultTimeout(15_000);
    const troubles = watch(page, [new URL(url).origin, ...(options.beside ?? [])]);
    const fetch = async (path: string): Promise<Answer> => {
      const { href, origin, pathname, search, port } = new URL(path, url);
      const reader = new Browser(Number(port), origin);
      for (const { name, value } of await context.cookies(href)) reader.cookies.set(name, value);
      return reader.get(pathname + search);
    };
    return { page, context, fetch, troubles: () => troubles.splice(0), close: () => context.close() };
  }

  stop(): Promise<void> {
    return this.program.close();
  }
}

/**
 * What a page sends to the printer by itself is asked for and answered as ever, and shown as an empty page: the viewer of
 * papers belongs to the browser, and no printer stands here.
 */
export async function withoutPrinter({ context, fetch }: Window): Promise<void> {
  await context.route('**/*.pdf', async (route) => {
    if (!route.request().frame().parentFrame()) return route.continue();
    const { status } = await fetch(route.request().url());
    await route.fulfill({ status, contentType: 'text/html', body: '' });
  });
}

function watch(page: Page, origins: readonly string[]): string[] {
  const troubles: string[] = [];
  page.on('console', (message) => {
    // A refused form or a missing page is an answer, not a fault; what else could not be loaded is told by its response.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource'))
      troubles.push(`console: ${message.text()}`);
    if (message.type() === 'warning' && /htmx|alpine|content security/i.test(message.text()))
      troubles.push(`console: ${message.text()}`);
  });
  page.on('pageerror', (error) => troubles.push(`script: ${error.message}`));
  page.on('request', (request) => {
    const url = request.url();
    if (!origins.some((origin) => url.startsWith(`${origin}/`)) && !/^(data|blob|about):/.test(url))
      troubles.push(`foreign request: ${url}`);
  });
  page.on('response', (response) => {
    const document = response.request().resourceType() === 'document';
    const refused = document || response.request().resourceType() === 'fetch';
    if (response.status() >= 500 || (response.status() >= 400 && !refused))
      troubles.push(`${response.status()} for ${response.url()}`);
  });
  return troubles;
}

/** How many pixels the page is wider than the window; what scrolls inside of itself does not count. */
export function overflow(page: Page): Promise<number> {
  return page.evaluate<number>('document.documentElement.scrollWidth - document.documentElement.clientWidth');
}

const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** The small edition: every page reads it anew. */
const CHECKER = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/**
 * Violations as lines: the rule, what it says, and the elements. The document keeps the checker for the next width; only
 * violations are gathered, since describing what is right takes longer than finding it; style sheets are not read beforehand,
 * since none of these rules looks at them.
 */
export async function axe(page: Page, only?: string[]): Promise<string[]> {
  if (!(await page.evaluate<boolean>("'axe' in window"))) await page.evaluate(CHECKER);
  const runOnly = only ? { type: 'rule', values: only } : { type: 'tag', values: RULES };
  const options = JSON.stringify({ runOnly, resultTypes: ['violations'], iframes: false, preload: { assets: ['media'] } });
  const violations = await page.evaluate<Result[]>(`window.axe.run(document, ${options}).then((found) => found.violations)`);
  return violations.map(
    (one) =>
      `${one.id} (${one.impact}): ${one.help}: ${one.nodes
        .slice(0, 3)
        .map((node) => node.html.slice(0, 160))
        .join(' | ')}`,
  );
}
