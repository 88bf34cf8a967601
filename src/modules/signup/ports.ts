import type { Answers } from './steps.rules.js';

/** What a stranger has told so far, in one browser. */
export interface Draft {
  id: string;
  answers: Answers;
  /** The address that was proven by a code. */
  confirmedEmail: string | null;
  /** When a code was last asked for. */
  codeAskedAt: Date | null;
  /** Set once the school is on its way; where its steps are shown. */
  opened: { schoolId: string; page: string } | null;
  createdAt: Date;
}

export interface DraftStore {
  find(browserHash: string): Promise<Draft | null>;
  /** The same, held until the transaction ends. */
  lock(browserHash: string): Promise<Draft | null>;
  /** Nothing happens when this browser has one. */
  insert(id: string, browserHash: string): Promise<void>;
  saveAnswers(id: string, answers: Answers): Promise<void>;
  noteAsked(id: string, at: Date): Promise<void>;
  confirm(id: string, email: string): Promise<void>;
  /** What was told goes with it: the register has it now. */
  open(id: string, schoolId: string, page: string): Promise<void>;
  remove(browserHash: string): Promise<void>;
  /** The school is deleted: no browser remembers it. */
  forgetSchool(schoolId: string): Promise<void>;
  /** Which wording was agreed to for a school. */
  addConsent(consent: { id: string; schoolId: string; version: string; language: string; at: string }): Promise<void>;
  /** Drafts that nobody touched for so many days, and codes that are over. */
  prune(days: number): Promise<void>;
}

export interface Code {
  id: string;
  draftId: string;
  email: string;
  codeHash: string | null;
}

export interface CodeStore {
  insert(code: { id: string; draftId: string; email: string; language: string; expiresAt: Date }): Promise<void>;
  /** Open and not sent yet. */
  toSend(id: string): Promise<{ email: string; language: string } | null>;
  /** Makes this one the only one that counts for its draft. */
  sent(id: string, codeHash: string): Promise<void>;
  /** The newest open one. */
  open(draftId: string): Promise<Code | null>;
  /** Null when there were too many or it is over. */
  countTry(id: string, most: number): Promise<Code | null>;
  /** True for the first who uses it. */
  use(id: string): Promise<boolean>;
}

/** Counts outlive a rollback. All but `maySend` throw TooMany. */
export interface SignupLimits {
  check(ip: string | null): Promise<void>;
  begin(ip: string | null): Promise<void>;
  /** False when this target has had enough: nothing is sent, and nobody is told. */
  maySend(target: string, ip: string | null): Promise<boolean>;
  tryCode(target: string, ip: string | null): Promise<void>;
  rightCode(target: string, ip: string | null): Promise<void>;
  /** So many schools in a while as the provisioner can make. */
  openSchool(ip: string | null): Promise<void>;
}

export interface CodeMail {
  send(email: string, code: string, language: string): Promise<void>;
}

export interface Secrets {
  token(): string;
  digits(count: number): string;
  /** Keyed, so that a copy of a table can't be searched for six digits. */
  hash(text: string): string;
}

export interface Later {
  enqueue(name: string, payload: unknown): Promise<unknown>;
}
