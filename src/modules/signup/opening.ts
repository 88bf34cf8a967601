import type { Actor } from '../../kernel/actor.js';
import type { Clock } from '../../kernel/clock.js';
import { Conflict, RuleBroken } from '../../kernel/errors.js';
import { newId } from '../../kernel/id.js';
import type { Unit } from '../../kernel/unit-of-work.js';
import type { ProvisioningApi } from '../provisioning/index.js';
import type { SchoolRegister, Size } from '../schools/index.js';
import { CODE_DIGITS, CODE_MINUTES, CodeRefused, secondsToWait, TRIES_PER_CODE } from './code.rules.js';
import { isWhole, type WholeAnswers } from './steps.rules.js';
import type { CodeMail, CodeStore, Draft, DraftStore, Later, Secrets, SignupLimits } from './ports.js';
import type { Browser } from './drafts.js';

export interface OpeningParts {
  drafts: DraftStore;
  codes: CodeStore;
  register: SchoolRegister;
  provisioning: ProvisioningApi;
  limits: SignupLimits;
  mail: CodeMail;
  secrets: Secrets;
  later: Later;
  clock: Clock;
  unit: Unit;
}

/** Proof of the owner's address, and what follows from it. Before the proof nothing is entered and nothing made. */
export class Opening {
  constructor(private readonly parts: OpeningParts) {}

  /**
   * Sends a code, unless this target has had enough: then nothing goes out and nobody is told.
   * @throws RuleBroken when the last one is too young or answers are missing; TooMany
   */
  async askForCode(browser: Browser): Promise<void> {
    const { drafts, codes, limits, secrets, clock, later, unit } = this.parts;
    const hash = secrets.hash(browser.secret);
    const now = clock.now();
    const known = await drafts.find(hash);
    const { owner, language } = wholeOf(known);
    demandPause(known, now);
    const maySend = await limits.maySend(secrets.hash(owner.email), browser.ip);
    await unit(async () => {
      const draft = await drafts.lock(hash);
      demandPause(draft, now);
      await drafts.noteAsked(draft!.id, now);
      if (!maySend) return;
      const id = newId();
      await codes.insert({
        id,
        draftId: draft!.id,
        email: owner.email,
        language,
        expiresAt: new Date(now.getTime() + CODE_MINUTES * 60_000),
      });
      await later.enqueue('signup.send-code', { codeId: id });
    });
  }

  /** The job behind it: the code is made as it leaves, so that it lies readable nowhere. */
  async sendCode(codeId: string): Promise<void> {
    const { codes, secrets, mail } = this.parts;
    const wanted = await codes.toSend(codeId);
    if (!wanted) return;
    const code = secrets.digits(CODE_DIGITS);
    await codes.sent(codeId, secrets.hash(`${codeId}:${code}`));
    await mail.send(wanted.email, code, wanted.language);
  }

  /**
   * The tries are counted outside of any transaction, so that a refusal takes none of them back.
   * @throws CodeRefused, TooMany
   */
  async confirm(browser: Browser, typed: string): Promise<void> {
    const { drafts, codes, limits, secrets } = this.parts;
    const draft = await drafts.find(secrets.hash(browser.secret));
    if (draft?.opened || isConfirmed(draft)) return;
    const { email } = wholeOf(draft).owner;
    const target = secrets.hash(email);
    await limits.tryCode(target, browser.ip);
    const open = await codes.open(draft!.id);
    const code = open && (await codes.countTry(open.id, TRIES_PER_CODE));
    const right = code?.email === email && code.codeHash === secrets.hash(`${code.id}:${typed.replace(/\D/g, '')}`);
    if (right) {
      await limits.rightCode(target, browser.ip);
      await this.parts.unit(async () => {
        if (await codes.use(code.id)) await drafts.confirm(draft!.id, email);
      });
    }
    // Of one form that was sent twice the second finds the code used, and the address proven.
    const now = await drafts.find(secrets.hash(browser.secret));
    if (!now?.opened && !isConfirmed(now)) throw new CodeRefused();
  }

  /**
   * Enters the school and orders that it be made, in one transaction. Asked twice it gives the same page.
   * @returns where its steps are shown
   * @throws Conflict `subdomain-taken` when somebody was faster; TooMany
   */
  async open(browser: Browser, actor: Actor): Promise<string> {
    const { drafts, limits, secrets, unit } = this.parts;
    const hash = secrets.hash(browser.secret);
    const known = await drafts.find(hash);
    if (known?.opened) return known.opened.page;
    if (!isConfirmed(known)) throw new CodeRefused();
    await limits.openSchool(browser.ip);
    return unit(async () => {
      const draft = await drafts.lock(hash);
      if (draft?.opened) return draft.opened.page;
      if (!draft || !isConfirmed(draft)) throw new CodeRefused();
      return this.enter(draft, wholeOf(draft), { ...actor, name: 'signup' });
    });
  }

  private async enter(draft: Draft, answers: WholeAnswers, actor: Actor): Promise<string> {
    const { register, provisioning, drafts } = this.parts;
    const { school, owner, subdomain, language, consent } = answers;
    const id = newId();
    if (await register.refusalOf(subdomain)) throw new Conflict('This address is taken. Choose another.', 'subdomain-taken');
    await register.enter(
      { ...school, id, subdomain, language, owner, pupils: school.pupils as Size },
      { state: 'draft', at: draft.createdAt, actor },
    );
    await register.moveTo(id, 'verified', { reason: 'email-confirmed', actor });
    const { page } = await provisioning.begin(id, actor);
    await drafts.addConsent({ id: newId(), schoolId: id, version: consent.version, language, at: consent.at });
    await drafts.open(draft.id, id, page);
    return page;
  }
}

/** Proven is the very address that stands in the answers now. */
export function isConfirmed(draft: Draft | null): boolean {
  return draft?.confirmedEmail != null && draft.confirmedEmail === draft.answers.owner?.email;
}

function demandPause(draft: Draft | null, now: Date): void {
  if (secondsToWait(draft?.codeAskedAt ?? null, now) > 0)
    throw new RuleBroken('signup.resend', 'Wait a minute after the last code before you ask for another.');
}

function wholeOf(draft: Draft | null): WholeAnswers {
  if (draft && isWhole(draft.answers)) return draft.answers;
  throw new RuleBroken('signup.not-whole', 'Some answers are missing. Go back to the first step.');
}
