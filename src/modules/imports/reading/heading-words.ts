import { HEADING_WORDS } from './heading-words.rules.js';
import type { ImportKind } from '../ports.js';

/** The kind, with what its columns are called elsewhere; a word that one of its columns has already stays with that column. */
export function withHeadingWords(kind: ImportKind): ImportKind {
  return {
    ...kind,
    async columns() {
      const columns = await kind.columns();
      const taken = new Set(columns.flatMap(({ head, aliases = [] }) => [head, ...aliases].map(plain)));
      return columns.map((column) => {
        const more = (HEADING_WORDS[column.key] ?? []).filter((word) => !taken.has(plain(word)));
        for (const word of more) taken.add(plain(word));
        return more.length > 0 ? { ...column, aliases: [...(column.aliases ?? []), ...more] } : column;
      });
    },
  };
}

function plain(word: string): string {
  return word
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
    .toLowerCase();
}
