import { PACKS } from '../../../kernel/packs/index.js';
import { LANGUAGES } from '../../../platform/i18n/i18n.js';
import { escapeHtml } from '../../../platform/http/pages/escape.js';
import type { Routes } from '../../../platform/http/routes/routes.js';
import { addressOf } from './country-page.js';

/** Every page that says what it is about; the site's tests compare this list with the pages themselves. */
export const FOUND_PAGES: readonly string[] = [
  '/',
  '/features',
  '/pricing',
  '/countries',
  ...Object.values(PACKS).map(addressOf),
  '/about',
  '/contact',
  '/find-school',
  '/data-protection',
  '/privacy',
  '/terms',
];

/** What search engines read before the pages. */
export function robotsRoutes(r: Routes, publicUrl: string): void {
  r.get('/robots.txt', 'public', (_req, res) => {
    res
      .set('Cache-Control', 'public, max-age=86400')
      .type('text')
      .send(['User-agent: *', 'Allow: /', '', `Sitemap: ${publicUrl}/sitemap.xml`, ''].join('\n'));
  });

  r.get('/sitemap.xml', 'public', (_req, res) => {
    res.set('Cache-Control', 'public, max-age=86400').type('application/xml').send(sitemap(publicUrl));
  });
}

/** Each page beside its other languages, as the protocol of sitemaps wants them. */
function sitemap(publicUrl: string): string {
  const inLanguage = (path: string, code: string): string => escapeHtml(`${publicUrl}${path}?lang=${code}`);
  const urls = FOUND_PAGES.map((path) => {
    const others = LANGUAGES.map(
      (code) => `<xhtml:link rel="alternate" hreflang="${code}" href="${inLanguage(path, code)}"/>`,
    ).join('');
    return `<url><loc>${escapeHtml(`${publicUrl}${path}`)}</loc>${others}</url>`;
  });
  return `<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:xhtml="http://www.w3.org/1999/xhtml">\n${urls.join('\n')}\n</urlset>\n`;
}
