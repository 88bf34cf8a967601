import type { Actor } from '../../kernel/actor.js';
import { searchWords } from '../../kernel/names.js';
import { OFFER_KINDS, type Offer, type SearchHit } from '../../platform/module.js';
import type { Declared } from '../../platform/http/routes.js';

export interface Offering {
  offers: readonly Offer[];
  /** Where each address says who may open it. */
  declared: readonly Declared[];
}

const MOST = 6;

/** Pages and things to do whose words begin with all that was typed; of those that this person may open. */
export function offered({ offers, declared }: Offering, actor: Actor, text: string, t: (text: string) => string): SearchHit[] {
  const typed = searchWords(text);
  if (typed.length === 0) return [];
  const whoMay = new Map(declared.filter(({ method }) => method === 'get').map(({ path, can }) => [path, can]));
  const hits = offers.flatMap((offer) => {
    const named = searchWords(t(offer.label));
    const words = [...named, ...searchWords(offer.label), ...searchWords(offer.also ?? '')];
    if (!typed.every((start) => words.some((word) => word.startsWith(start)))) return [];
    return mayOpen(actor, whoMay.get(offer.href.split('?')[0]!)) ? [{ ...offer, near: typed.every((start) => named.some((word) => word.startsWith(start))) }] : [];
  });
  // What is called so comes before what is only about it.
  const ordered = [...hits.filter(({ near }) => near), ...hits.filter(({ near }) => !near)];
  return OFFER_KINDS.flatMap((kind) =>
    ordered.filter((one) => one.kind === kind).slice(0, MOST).map(({ label, href }) => ({ kind, label: t(label), note: '', href })));
}

function mayOpen(actor: Actor, can: string | undefined): boolean {
  return can === 'public' || can === 'signed-in' || (can !== undefined && actor.permissions.has(can));
}
