import type { Module } from '../../platform/module.js';
import { can } from '../../kernel/actor.js';
import { isOff } from '../../platform/http/ports.js';
import { DASHBOARD, SEARCHES } from '../../platform/tokens.js';

/** The first page, the menu as a page, and the search over all modules: what belongs to no single one of them. */
export const home: Module = {
  name: 'home',
  permissions: [],
  menu: [{ group: '', label: 'Home', href: '/', icon: 'home', can: 'signed-in', order: 0 }],

  bind() {},

  routes(r, get) {
    r.get('/', 'signed-in', async (req, res) => {
      const cards = get(DASHBOARD).filter((card) => can(req.actor, card.can) && !isOff(req.school, card.view));
      const drawn = await Promise.all(cards.map(async (card) => ({ view: card.view, model: await card.load(req.actor) })));
      await res.page('home/index', { cards: drawn.filter((card) => card.model !== null) });
    });

    r.get('/menu', 'signed-in', (_req, res) => res.page('shared/places'));

    r.get('/search', 'signed-in', async (req, res) => {
      const text = typeof req.query.q === 'string' ? req.query.q.trim().slice(0, 80) : '';
      const found = text === '' ? [] : await Promise.all(get(SEARCHES).map((search) => search(text, req.actor, 8)));
      const groups = groupHits(found.flat().filter((hit) => !isOff(req.school, hit.href)), req.t);
      if (req.get('hx-request')) await res.part('shared/results', { q: text, groups });
      else await res.page('home/search', { q: text, groups });
    });
  },
};

interface Hit {
  kind: string;
  label: string;
  note: string;
  href: string;
}

function groupHits(hits: readonly Hit[], t: (text: string) => string): object[] {
  const kinds = [...new Set(hits.map((hit) => hit.kind))];
  return kinds.map((kind) => ({
    label: t(kind),
    items: hits.filter((hit) => hit.kind === kind).map((hit) => {
      const [strong = '', ...rest] = hit.label.split(' ');
      return { href: hit.href, strong, text: rest.join(' '), note: hit.note };
    }),
  }));
}

