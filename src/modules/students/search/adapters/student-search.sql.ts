import { prefixEnd } from '../../../../kernel/people/names.js';
import type { Key } from '../../../../kernel/page.js';
import type { Term, TypedTerm } from '../search.rules.js';

type Param = (value: unknown) => string;
type Range = (column: string) => string;

/** Where a page of matches goes on: word, name and id of the last one. */
export const MATCH_KEYS = 3;

/**
 * A word as the table holds it, with its rank in front: `1otieno` is a surname. So one index has the matches in the order in
 * which they are shown, and each rank of a word is one range of it.
 */
export const storedTerm = ({ term, rank }: Term): string => `${rank}${term}`;

const RANK_OF = 'left(term, 1)::int';

/** The same for all words of which the same statement is made: a part of its name. */
export const shapeOf = (typed: TypedTerm): string => `term-${typed.map(({ ranks }) => ranks.join('')).join('-')}`;

/** The ids of children with this word, whatever it is to them. */
export function withTerm(typed: TypedTerm, param: Param): string {
  return `select student_id from students_terms where ${anyOf(rangesOf(typed, param), 'term')}`;
}

/**
 * The best `most` matches as `student_id, found (the rank), term, sort_name`: first those whose surname it is, then first name,
 * other names, number, guardian, each in the order of the words and then of the register. `where` are conditions on `students s`.
 */
export function matches(
  typed: readonly TypedTerm[],
  where: string,
  after: readonly Key[] | null,
  most: string,
  param: Param,
): string {
  const from = after ? `(${param(after[0])}, ${param(after[1])}, ${param(after[2])}::uuid)` : null;
  return typed.length === 1 ? byOneWord(typed[0]!, where, from, most, param) : byWords(typed, where, from, most, param);
}

/**
 * One word, as people type it: the ranks are merged in the order of their index and read no further than to a full page. A
 * child that has the word more than once stands there by the nearest of them.
 */
function byOneWord(typed: TypedTerm, where: string, from: string | null, most: string, param: Param): string {
  const ranges = rangesOf(typed, param);
  const nearest = `t.term = (select e.term from students_terms e where e.student_id = t.student_id and (${isMatch(typed, 'e.term', param)}) order by e.term limit 1)`;
  const ranks = ranges.map(
    (range) => `(select t.student_id, t.term, t.sort_name from students_terms t join students s on s.id = t.student_id
      where ${range('t.term')} ${from ? `and (t.term, t.sort_name, t.student_id) > ${from}` : ''} and ${where} and ${nearest}
      order by t.term, t.sort_name, t.student_id limit ${most})`,
  );
  return `select student_id, ${RANK_OF} as found, term, sort_name from (${ranks.join(' union all ')}) r order by term, sort_name, student_id limit ${most}`;
}

/** More words narrow it down to few, who are ordered by what all words are to them together. */
function byWords(typed: readonly TypedTerm[], where: string, from: string | null, most: string, param: Param): string {
  const words = typed.map(
    (word, n) =>
      `(select student_id, min(${RANK_OF}) as rank from students_terms where ${anyOf(rangesOf(word, param), 'term')} group by student_id) w${n}`,
  );
  const ranks = words.map((_word, n) => `w${n}.rank`);
  return `select student_id, found, term, sort_name from (
      select s.id as student_id, greatest(${ranks.join(', ')}) as found, lpad((${ranks.join(' + ')})::text, 2, '0') as term, s.sort_name
        from ${words.map((word, n) => (n === 0 ? word : `join ${word} on w${n}.student_id = w0.student_id`)).join(' ')} join students s on s.id = w0.student_id where ${where}) m
    ${from ? `where (term, sort_name, student_id) > ${from}` : ''} order by term, sort_name, student_id limit ${most}`;
}

/**
 * The bounds are selected, so that PostgreSQL can't weigh them: it keeps one plan for every word. Knowing them it would plan
 * anew at each call, which takes four times as long as the search.
 */
function rangesOf(typed: TypedTerm, param: Param): Range[] {
  return typed.flatMap(({ from, ranks }) =>
    ranks.map((rank) => {
      const term = storedTerm({ term: from, rank });
      const [least, beyond] = [`(select ${param(term)}::text)`, `(select ${param(prefixEnd(term))}::text)`];
      return (column: string) => `${column} >= ${least} and ${column} < ${beyond}`;
    }),
  );
}

/** The same as the ranges, for the few words of one child. */
function isMatch(typed: TypedTerm, column: string, param: Param): string {
  const word = `substr(${column}, 2)`;
  const one = ({ from, ranks }: TypedTerm[number]): string =>
    `${word} >= ${param(from)} and ${word} < ${param(prefixEnd(from))} and left(${column}, 1) in (${ranks.map((rank) => `'${rank}'`).join(', ')})`;
  return typed.map((each) => `(${one(each)})`).join(' or ');
}

function anyOf(ranges: readonly Range[], column: string): string {
  return ranges.map((range) => `(${range(column)})`).join(' or ') || 'false';
}
