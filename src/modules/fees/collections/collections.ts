import { demand, type Actor } from '../../../kernel/actor.js';
import type { Page } from '../../../kernel/page.js';
import { crossTable, type CollectedBy, type CrossTable, type Expected, type Labels } from './collections.rules.js';
import type { CollectedLine, CollectionFilter, CollectionSpan, CollectionStore, MoneyAtAGlance } from '../ports.js';

export const SEES_COLLECTIONS = 'fees.payments.read';

/** Words for each thing that collections go by; cashiers are named by what they took. */
export type CollectionLabels = Record<Exclude<CollectedBy, 'cashier' | 'day'>, Labels> & { day(key: string): string };

/** What came in, by the journal itself, so that it can't differ from the cash book; and what of the bills of a term is paid. */
export class Collections {
  constructor(private readonly store: CollectionStore) {}

  async cross(
    actor: Actor,
    span: CollectionSpan,
    rows: CollectedBy,
    columns: CollectedBy,
    labels: CollectionLabels,
  ): Promise<CrossTable> {
    demand(actor, SEES_COLLECTIONS);
    const facts = await this.store.cross(span, rows, columns);
    const cashiers = rows === 'cashier' || columns === 'cashier' ? await this.cashiers(actor, span) : new Map<string, string>();
    const labelsOf = (by: CollectedBy, keys: readonly (string | null)[]): Labels => {
      if (by === 'cashier') return cashiers;
      if (by !== 'day') return labels[by];
      return new Map([...new Set(keys)].sort().map((key) => [key, labels.day(key!)]));
    };
    return crossTable(
      facts,
      labelsOf(
        rows,
        facts.map((fact) => fact.row),
      ),
      labelsOf(
        columns,
        facts.map((fact) => fact.column),
      ),
    );
  }

  /** Key → name, by name. */
  async cashiers(actor: Actor, span: CollectionSpan): Promise<Map<string, string>> {
    demand(actor, SEES_COLLECTIONS);
    return new Map((await this.store.cashiers(span)).map(({ key, name }) => [key, name]));
  }

  /** What came in day by day until today, the end of the span, and what waits: for the first page. */
  atAGlance(actor: Actor, span: CollectionSpan, zone: string): Promise<MoneyAtAGlance> {
    demand(actor, SEES_COLLECTIONS);
    return this.store.atAGlance(span, zone);
  }

  async lines(
    actor: Actor,
    span: CollectionSpan,
    filter: CollectionFilter,
    cursor: string | null,
    limit: number,
  ): Promise<Page<CollectedLine>> {
    demand(actor, SEES_COLLECTIONS);
    return this.store.lines(span, filter, cursor, limit);
  }

  async expected(actor: Actor, termId: string): Promise<Expected[]> {
    demand(actor, SEES_COLLECTIONS);
    return this.store.expected(termId);
  }
}
