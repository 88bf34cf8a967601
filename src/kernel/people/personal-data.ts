/** Says a sentence in the reader’s language. */
export type Say = (text: string, vars?: Record<string, string | number>) => string;

/** Whose data it is. `account`: somebody who is in no list of the school, such as its first owner. */
export interface Subject {
  kind: 'student' | 'guardian' | 'staff' | 'account';
  id: string;
}

export type Value = string | number | boolean | Date | null;

/** One part of what is kept about a person: single facts, rows, and files that belong to it. */
export interface DataSection {
  title: string;
  facts?: { label: string; value: Value }[];
  /** `acts`: the column that holds names of acts (`students.admit`), which the page says in words. */
  table?: { heads: string[]; rows: Value[][]; acts?: number };
  files?: { id: string; name: string }[];
}

/** What erasing did, in sentences for the report, and who must follow because nothing else holds them here. */
export interface Erased {
  done: string[];
  also?: Subject[];
}

/** What one module keeps about people. Every module that keeps something brings one. */
export interface PersonalData {
  /** Place in the file; lower comes first. */
  order: number;
  /** From the module that owns the person; null when it isn't one of its own. */
  nameOf?(subject: Subject): Promise<string | null>;
  /** Addresses and phones of theirs, by which other modules know them. */
  contacts?(subject: Subject): Promise<string[]>;
  sections(subject: Subject, t: Say, contacts: readonly string[]): Promise<DataSection[]>;
  /** Others whose data this person may ask for: a guardian's own children. */
  wards?(subject: Subject): Promise<Subject[]>;
  /** Why this person can't be erased yet, as sentences. */
  obstacles?(subject: Subject): Promise<string[]>;
  /** Takes away what tells who it was; joins the caller's transaction, and does nothing the second time. */
  erase?(subject: Subject, pseudonym: string, contacts: readonly string[]): Promise<Erased>;
  /** What stays after an erasure, and by which duty. */
  keeps?(subject: Subject): Promise<string[]>;
}

/** One kind of data with the time after which it goes. */
export type RetentionClass = {
  key: `${string}.${string}`;
  label: string;
  /** What goes, and what stays. */
  explain: string;
  /** Months that a new school begins with, and the fewest it may choose. */
  months: number;
  least: number;
  /** Off until the school decides where the law asks for a decision. */
  on: boolean;
  /** How many things were last of use before this day, `YYYY-MM-DD`. */
  count(before: string): Promise<number>;
} & (
  | { remove(before: string, atMost: number): Promise<number> }
  /** People to be erased whole, over all modules. */
  | { people(before: string, atMost: number): Promise<Subject[]> }
);

/** `parent-request` is a code of ours; people read `Parent request`. */
export function worded(value: Value, t: Say): Value {
  if (typeof value !== 'string' || !/^[a-z]+(-[a-z]+)*$/.test(value)) return value;
  return t(value[0]!.toUpperCase() + value.slice(1).replaceAll('-', ' '));
}
