import type { Module, SearchHit } from '../../platform/module.js';
import { can } from '../../kernel/actor.js';
import { isOff } from '../../platform/http/ports.js';
import { DASHBOARD, DECLARED, OFFERS, SEARCHES } from '../../platform/tokens.js';
import { Offered } from './offers.js';

/** The first page, the menu as a page, and the search over all modules: what belongs to no single one of them. */
export const home: Module = {
  name: 'home',
  permissions: [],
  menu: [{ group: '', label: 'Home', href: '/', icon: 'home', can: 'signed-in', order: 0 }],

  bind() {},

  routes(r, get) {
    r.get('/', 'signed-in', async (req, res) => {
      const cards = get(DASHBOARD).filter(
        (card) => (card.can === 'signed-in' || can(req.actor, card.can)) && !isOff(req.school, card.view),
      );
      const drawn = await Promise.all(cards.map(async (card) => ({ view: card.view, model: await card.load(req.actor) })));
      await res.page('home/index', { cards: drawn.filter((card) => card.model !== null) });
    });

    r.get('/menu', 'signed-in', (_req, res) => res.page('shared/places'));

    // Made when it is first asked for: by then every module has declared its addresses.
    let offered: Offered | null = null;
    r.get('/search', 'signed-in', async (req, res) => {
      const text = typeof req.query.q === 'string' ? req.query.q.trim().slice(0, 80) : '';
      const found = text === '' ? [] : await Promise.all(get(SEARCHES).map((search) => search(text, req.actor, 8)));
      offered ??= new Offered(get(OFFERS), get(DECLARED));
      const places = offered.matching(text, req.actor, req.school, req.t);
      const groups = groupHits(
        [...found.flat(), ...places].filter((hit) => !isOff(req.school, hit.href)),
        req.t,
      );
      if (req.get('hx-request')) await res.part('lists/results', { q: text, groups });
      else await res.page('home/search', { q: text, groups });
    });
  },
};

/** In the order in which people look: those whom one knows first, then what there is to do, then where. */
function groupHits(hits: readonly SearchHit[], t: (text: string) => string): object[] {
  const kinds = [...new Set(hits.map((hit) => hit.kind))];
  return kinds.map((kind) => ({
    label: t(kind),
    items: hits
      .filter((hit) => hit.kind === kind)
      .map((hit) => {
        const [strong = '', ...rest] = hit.all ? [t(hit.label)] : hit.label.split(' ');
        return {
          href: hit.href,
          strong,
          text: rest.join(' '),
          note: [hit.note, hit.why && t(hit.why)].filter(Boolean).join(' · '),
        };
      }),
  }));
}
