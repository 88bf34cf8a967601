import type { Column, ImportKind, Mapping, SheetReader } from './ports.js';

/** A list of columns beside the one that is imported. */
export interface KnownList {
  kind: ImportKind;
  columns: readonly Column<never>[];
}

export interface OtherList {
  kind: ImportKind;
  /** Of the file, which this list leaves out and that one needs. */
  headings: string[];
}

/** All others, whoever may import them. */
export function listsBeside(kinds: readonly ImportKind[], own: ImportKind): Promise<KnownList[]> {
  const others = kinds.filter((kind) => kind.key !== own.key && !kind.source);
  return Promise.all(others.map(async (kind) => ({ kind, columns: await kind.columns() })));
}

/** Lists that the same file makes too: it has all that they need, and some of that fills no column here, as `BAL B/F` beside the students. */
export function otherLists(
  headers: readonly string[],
  mapping: Mapping,
  lists: readonly KnownList[],
  reader: Pick<SheetReader, 'guess'>,
): OtherList[] {
  return lists.flatMap(({ kind, columns }): OtherList[] => {
    const guess = reader.guess(headers, columns);
    const needed = columns.filter(({ required }) => required).map(({ key }) => guess.indexOf(key));
    const left = needed.filter((at) => at >= 0 && (mapping[at] ?? null) === null);
    return needed.includes(-1) || left.length === 0 ? [] : [{ kind, headings: left.map((at) => headers[at]!) }];
  });
}
