import type { Actor } from '../../kernel/actor.js';
import { searchWords } from '../../kernel/people/names.js';
import { isHere, type SchoolFacts } from '../../platform/http/ports.js';
import { OFFER_KINDS, type Offer, type SearchHit } from '../../platform/module.js';
import type { Declared } from '../../platform/http/routes/declared.js';

const MOST = 6;

/** What the search offers beside people. It is looked through at each letter typed, so the words are folded once. */
export class Offered {
  private readonly pages: ReadonlyMap<string, Declared>;
  private readonly folded = new Map<string, readonly string[]>();

  /** `declared`: where each address says who may open it. */
  constructor(
    private readonly offers: readonly Offer[],
    declared: readonly Declared[],
  ) {
    this.pages = new Map(declared.filter(({ method }) => method === 'get').map((page) => [page.path, page]));
  }

  /** Pages and things to do whose words begin with all that was typed; of those that this person may open, here. */
  matching(text: string, actor: Actor, school: SchoolFacts | null, t: (text: string) => string): SearchHit[] {
    const typed = searchWords(text);
    if (typed.length === 0) return [];
    const hits = this.offers.flatMap((offer) => {
      const named = this.wordsOf(t(offer.label));
      const words = [...named, ...this.wordsOf(offer.label), ...this.wordsOf(offer.also ?? '')];
      if (!begins(words, typed) || !mayOpen(actor, school, this.pages.get(offer.href.split('?')[0]!))) return [];
      return [{ ...offer, near: begins(named, typed) }];
    });
    // What is called so comes before what is only about it.
    const ordered = [...hits.filter(({ near }) => near), ...hits.filter(({ near }) => !near)];
    return OFFER_KINDS.flatMap((kind) =>
      ordered
        .filter((one) => one.kind === kind)
        .slice(0, MOST)
        .map(({ label, href }) => ({ kind, label: t(label), note: '', href })),
    );
  }

  /** Of the product's own texts only: they are as many as there are offers and languages. */
  private wordsOf(text: string): readonly string[] {
    const words = this.folded.get(text) ?? searchWords(text);
    this.folded.set(text, words);
    return words;
  }
}

function begins(words: readonly string[], typed: readonly string[]): boolean {
  return typed.every((start) => words.some((word) => word.startsWith(start)));
}

function mayOpen(actor: Actor, school: SchoolFacts | null, page: Declared | undefined): boolean {
  if (page === undefined || !isHere(school, page.has)) return false;
  return page.can === 'public' || page.can === 'signed-in' || actor.permissions.has(page.can);
}
