/** How many entries count up to a day, and a number that no other set of entries and lines has: the order does not matter. */
export const CLOSED_FIGURES = (throughOn: string): string => `
  select (select count(*)::int from finance_entries e where e.posted_on <= ${throughOn}) as entries,
    (select coalesce(sum(hashtextextended(l.entry_id || ' ' || l.posted_on || ' ' || l.account_id || ' ' || l.amount_minor, 0)::numeric), 0)::text
      from finance_lines l where l.posted_on <= ${throughOn}) as digest`;
