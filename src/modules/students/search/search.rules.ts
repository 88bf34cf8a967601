import { fold, searchWords, type PersonName } from '../../../kernel/people/names.js';

/** What a child was found by, the nearest first: the order of every list of matches. */
export const FOUND_BY = ['surname', 'first-name', 'other-name', 'number', 'guardian', 'guardian-phone'] as const;
export type FoundBy = (typeof FOUND_BY)[number];

export const FOUND_BY_WORDS: Readonly<Record<FoundBy, string>> = {
  surname: 'by surname',
  'first-name': 'by first name',
  'other-name': 'by another name',
  number: 'by number',
  guardian: 'by a guardian’s name',
  'guardian-phone': 'by a guardian’s phone',
};

/** What a word is to a child, the nearest first. A phone is kept forwards and backwards, so that its last digits are a beginning too. */
export const RANK = { surname: 1, firstName: 2, otherName: 3, number: 4, guardian: 5, phone: 6, phoneBackwards: 7 } as const;

export function foundBy(rank: number): FoundBy {
  return FOUND_BY[Math.min(rank, FOUND_BY.length) - 1]!;
}

/** A word by which a student is found, matched by its beginning, and what it is to the child. */
export interface Term {
  term: string;
  rank: number;
}

export type Searchable = PersonName & { admissionNo: string; paymentNo: string; preferredName: string | null };

/** Each word once, as the nearest that it is; phones are found with and without the leading 0, and by their end. */
export function searchTerms(student: Searchable, guardians: readonly { fullName: string; phone: string | null }[]): Term[] {
  const ranks = new Map<string, number>();
  const add = (words: readonly string[], rank: number): void => {
    for (const word of words) ranks.set(word, Math.min(rank, ranks.get(word) ?? rank));
  };
  const named = (name: string | null, rank: number): void =>
    add(
      searchWords(name ?? '').filter((word) => word.length > 1),
      rank,
    );
  named(student.surname, RANK.surname);
  named(student.firstName, RANK.firstName);
  named(student.preferredName, RANK.firstName);
  named(student.middleName, RANK.otherName);
  add(numbersOf(student), RANK.number);
  for (const { fullName } of guardians) named(fullName, RANK.guardian);
  const terms = [...ranks].map(([term, rank]) => ({ term, rank }));
  for (const local of new Set(guardians.flatMap(({ phone }) => localPhone(phone) ?? []))) {
    terms.push(
      { term: local, rank: RANK.phone },
      { term: `0${local}`, rank: RANK.phone },
      { term: backwards(local), rank: RANK.phoneBackwards },
    );
  }
  return terms;
}

function numbersOf({ admissionNo, paymentNo }: Searchable): string[] {
  const parts = admissionNo
    .split(/\W+/)
    .filter((part) => /\d{3,}/.test(part))
    .map((part) => part.toLowerCase());
  return [fold(admissionNo), paymentNo.toLowerCase(), ...parts];
}

/** `+254722481903` is typed as `0722481903` or `722481903`; with its country code, `typedTerms` takes that away. */
function localPhone(phone: string | null): string | null {
  return phone ? phone.replace(/\D/g, '').replace(COUNTRY_CODE, '') : null;
}

const backwards = (digits: string): string => [...digits].reverse().join('');

const COUNTRY_CODE = /^(254|234|233|256|255|250|260|27)/;
/** Digits with a country code are longer than any number in an admission number. */
const LONG_NUMBER = 9;
/** So many of the last digits of a phone tell families apart; fewer would find half of the school. */
const LEAST_ENDING = 4;

/** One typed word: where it may stand, and the beginning to look for there. */
export type TypedTerm = readonly { from: string; ranks: readonly number[] }[];

const NAMES_AND_NUMBERS = [RANK.surname, RANK.firstName, RANK.otherName, RANK.number, RANK.guardian];
const GUARDIANS: readonly number[] = [RANK.guardian, RANK.phone, RANK.phoneBackwards];
const MOST_WORDS = 4;

/**
 * What a person typed into a find box, word by word; a phone loses its spaces and its country code. Who may not see
 * guardians (`withGuardians` false) doesn't find by them.
 */
export function typedTerms(text: string, withGuardians = true): TypedTerm[] {
  const digits = fold(text).replace(/[\s+()-]/g, '');
  const words = /^\d{3,}$/.test(digits) ? [digits] : searchWords(text).slice(0, MOST_WORDS);
  return words.map((word) => {
    const places = /^\d{3,}$/.test(word) ? ofDigits(word) : [{ from: word, ranks: NAMES_AND_NUMBERS }];
    return withGuardians
      ? places
      : places
          .map(({ from, ranks }) => ({ from, ranks: ranks.filter((rank) => !GUARDIANS.includes(rank)) }))
          .filter(({ ranks }) => ranks.length > 0);
  });
}

function ofDigits(typed: string): TypedTerm {
  const local = typed.length >= LONG_NUMBER && !typed.startsWith('0') ? typed.replace(COUNTRY_CODE, '') : typed;
  const forwards = { from: local, ranks: [RANK.number, RANK.phone] };
  return local.length < LEAST_ENDING
    ? [forwards]
    : [forwards, { from: backwards(local.replace(/^0/, '')), ranks: [RANK.phoneBackwards] }];
}
