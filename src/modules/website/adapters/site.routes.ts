import type { Request } from 'express';
import type { Clock } from '../../../kernel/clock.js';
import { formatAmount, formatMoney, numbersIn } from '../../../kernel/money.js';
import { packForCountry, PACKS } from '../../../kernel/packs/index.js';
import type { CountryPack } from '../../../kernel/packs/types.js';
import { NotFound } from '../../../kernel/errors.js';
import type { Routes } from '../../../platform/http/routes/routes.js';
import { priceFor, type Price } from '../price.rules.js';
import { EACH_LEARNER, MOST_LEARNERS, SHARES } from '../prices.rules.js';
import { addressOf, countryLine, countryPage } from './country-page.js';

const packs = Object.values(PACKS);

/** Pages that say the same to everybody. */
export function siteRoutes(r: Routes, clock: Clock, mail: string): void {
  const year = (): number => clock.now().getUTCFullYear();

  r.get('/', 'public', (req, res) => {
    const each = packs.map((pack) => ({
      country: pack.name,
      href: addressOf(pack),
      term: formatMoney(EACH_LEARNER[pack.country].minor, pack.currency, req.language),
    }));
    const { currency, minor } = EACH_LEARNER.KE;
    return res.page('website/home', {
      each,
      example: { unit: currency, amount: formatAmount(minor, currency, req.language), plain: minor / 100 },
    });
  });
  r.get('/features', 'public', (_req, res) => res.page('website/features'));
  r.get('/about', 'public', (_req, res) => res.page('website/about'));
  for (const name of ['privacy', 'terms', 'data-protection']) {
    r.get(`/${name}`, 'public', (_req, res) => res.page(`website/${name}`, { mail }));
  }

  r.get('/countries', 'public', (_req, res) =>
    res.page('website/countries/index', { countries: packs.map((pack) => countryLine(pack, year())) }),
  );
  r.get('/countries/:country', 'public', async (req, res) => {
    const code = String(req.params.country);
    const pack = packs.find((one) => one.id === code);
    if (pack) return res.page('website/countries/show', { country: countryPage(pack, year(), req.language) });
    const byCode = packForCountry(code.toUpperCase());
    if (!byCode) throw new NotFound('There is no page about this country yet.');
    res.redirect(301, addressOf(byCode));
  });

  r.get('/pricing', 'public', (req, res) => res.page('website/pricing', pricing(req)));
  r.get('/pricing/price', 'public', (req, res) => res.part('website/_price', pricing(req)));
}

/** What the calculator was asked, and its answer. */
function pricing(req: Request): object {
  const asked = String(req.query.country ?? '');
  const pack = packs.find((one) => one.id === asked) ?? PACKS.kenya;
  const typed = typeof req.query.learners === 'string' ? req.query.learners.trim() : '450';
  const learners = wholeNumber(typed);
  const problem =
    typed !== '' && learners === null
      ? req.t('Enter a whole number from 1 to {{most}}.', { most: numbersIn(req.language).format(MOST_LEARNERS) })
      : null;
  return {
    countries: packs.map((one) => ({ value: one.id, label: req.t(one.name) })),
    chosen: pack.id,
    learners: typed,
    problem,
    price: learners === null ? null : shown(priceFor(pack, learners), learners, req.language),
    table: packs.map((one) => lineOf(one, req.language)),
  };
}

/** `1,219`, `1 219` and `1219` are the same number. */
function wholeNumber(typed: string): number | null {
  const digits = typed.replace(/[\s,.\u00a0\u202f]/g, '');
  const number = /^\d{1,6}$/.test(digits) ? Number(digits) : 0;
  return number >= 1 && number <= MOST_LEARNERS ? number : null;
}

function shown(price: Price, learners: number, language: string): object {
  const amount = (minor: number): string => formatAmount(minor, price.currency, language);
  const number = (value: number): string => numbersIn(language).format(value);
  return {
    unit: price.currency,
    learners: number(learners),
    terms: price.terms,
    term: amount(price.term),
    year: amount(price.year),
    firstYear: amount(price.firstYear),
    lines: price.lines.map((line) => ({ learners: number(line.learners), each: amount(line.each), amount: amount(line.amount) })),
  };
}

function lineOf(pack: CountryPack, language: string): object {
  const { currency, minor } = EACH_LEARNER[pack.country];
  return {
    country: pack.name,
    href: addressOf(pack),
    each: SHARES.map(({ share }) => formatMoney((minor * share) / 100, currency, language)),
  };
}
