import type { z } from 'zod';
import type { FieldProblem } from '../../../kernel/errors.js';

export type FlatValues = Record<string, string | string[]>;

const DEEPEST = 6;
/** Of a repeated group that a form draws again. */
const MOST_ROWS = 100;
const FORBIDDEN = new Set(['__proto__', 'constructor', 'prototype']);

/**
 * What a form sent, as an object: `guardians.0.phone=…` becomes `{ guardians: [{ phone }] }`.
 * Empty fields are left out, so that a schema sees them as missing; names that begin with `_` are ours.
 */
export function unflatten(body: FlatValues): Record<string, unknown> {
  const root: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(body)) {
    if (name.startsWith('_')) continue;
    const kept = clean(value);
    if (kept !== undefined) place(root, name.split('.'), kept);
  }
  return root;
}

function clean(value: string | string[]): string | string[] | undefined {
  if (Array.isArray(value)) {
    const kept = value.map((item) => item.trim()).filter((item) => item !== '');
    return kept.length > 0 ? kept : undefined;
  }
  const text = value.replaceAll('\0', '').trim();
  return text === '' ? undefined : text;
}

function place(root: Record<string, unknown>, path: string[], value: unknown): void {
  if (path.length > DEEPEST || path.some((key) => key === '' || FORBIDDEN.has(key))) return;
  let at: Record<string, unknown> | unknown[] = root;
  for (const [index, key] of path.entries()) {
    const last = index === path.length - 1;
    const slot = Array.isArray(at) ? arrayIndex(key) : key;
    if (slot === null) return;
    const holder = at as Record<string | number, unknown>;
    if (last) holder[slot] = value;
    else {
      const next = holder[slot] ?? (arrayIndex(path[index + 1]!) === null ? {} : []);
      if (typeof next !== 'object') return;
      holder[slot] = next;
      at = next as Record<string, unknown>;
    }
  }
}

function arrayIndex(key: string): number | null {
  return /^\d{1,3}$/.test(key) ? Number(key) : null;
}

/** The reverse: an object's values under dotted names, as text, for the fields of a form. */
export function flatten(values: object, prefix = ''): FlatValues {
  const flat: FlatValues = {};
  for (const [key, value] of Object.entries(values)) {
    const name = prefix + key;
    if (value === null || value === undefined) continue;
    if (Array.isArray(value) && value.every((item) => typeof item !== 'object')) flat[name] = value.map(String);
    else if (typeof value === 'object' && !(value instanceof Date)) Object.assign(flat, flatten(value as object, `${name}.`));
    else flat[name] = String(value);
  }
  return flat;
}

/** Arrays that lost members in the middle (a removed guardian row) close up, so that a schema sees no holes. */
export function closeGaps(value: unknown): unknown {
  if (Array.isArray(value)) return value.filter((item) => item !== undefined).map(closeGaps);
  if (value && typeof value === 'object') {
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, closeGaps(inner)]));
  }
  return value;
}

export function problemsOf(error: z.ZodError): FieldProblem[] {
  const seen = new Set<string>();
  const problems: FieldProblem[] = [];
  for (const issue of error.issues) {
    const field = issue.path.join('.');
    if (seen.has(field)) continue;
    seen.add(field);
    problems.push({ field, message: issue.message });
  }
  return problems;
}

/** No short name of a secret is kept: with the mark beside it one could try guesses on it. */
const SECRET = /password|repeated|secret|passkey|credential|consumerKey/i;

/** What a form says, in one text: the same whatever order its fields came in. */
export function contentOf(body: FlatValues): string {
  const said = Object.entries(body).filter(([name]) => !name.startsWith('_') && !SECRET.test(name));
  return JSON.stringify(
    said.map(([name, value]) => [name, clean(value) ?? '']).sort(([a], [b]) => (String(a) < String(b) ? -1 : 1)),
  );
}

/** What a form's view draws: what was typed, and what is wrong with it. */
export class FormState {
  readonly errors: Record<string, string>;

  constructor(
    readonly action: string,
    readonly values: FlatValues,
    readonly problems: readonly FieldProblem[],
    /** Sent back with the form, so that a second sending of the same form changes nothing. */
    readonly once: string,
    /** A repeated group that the person asked one more row of. */
    readonly grown: string | null = null,
    /** Not saved for what somebody has done meanwhile: where that is seen. */
    readonly way: { href: string; label: string } | null = null,
    /** A short name of what it was drawn with, where that is its version. */
    readonly read: string | null = null,
  ) {
    this.errors = Object.fromEntries(problems.map((problem) => [problem.field, problem.message]));
  }

  value(name: string): string {
    const value = this.values[name];
    return Array.isArray(value) ? (value[0] ?? '') : (value ?? '');
  }

  has(name: string, option: string): boolean {
    const value = this.values[name];
    return Array.isArray(value) ? value.includes(option) : value === option;
  }

  /** Drawn again with what somebody has sent: what they left empty or took a tick from is meant so. */
  get sent(): boolean {
    return this.problems.length > 0 || this.grown !== null;
  }

  /** Whether a box is drawn with its tick: as it was sent, or as it usually is where nothing was sent yet. */
  ticked(name: string, option: string, usual: boolean): boolean {
    return this.sent ? this.has(name, option) : usual;
  }

  /** What a choice stands on, by the same rule. */
  chosen(name: string, usual: string): string {
    return this.sent ? this.value(name) : usual;
  }

  /** How many rows of a repeated group to draw (`guardians.0.…`, `guardians.1.…`). */
  count(group: string, least = 1): number {
    const rows = Object.keys(this.values).map((name) =>
      name.startsWith(`${group}.`) ? (arrayIndex(name.split('.')[1] ?? '') ?? -1) + 1 : 0,
    );
    return Math.min(Math.max(least, ...rows), MOST_ROWS) + (this.grown === group ? 1 : 0);
  }
}
