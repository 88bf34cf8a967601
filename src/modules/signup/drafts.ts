import type { Clock } from '../../kernel/clock.js';
import { RuleBroken } from '../../kernel/errors.js';
import { newId } from '../../kernel/id.js';
import type { Unit } from '../../kernel/unit-of-work.js';
import type { SchoolRegister } from '../schools/index.js';
import { CONSENT_VERSION, type Answers } from './steps.rules.js';
import type { Draft, DraftStore, Secrets, SignupLimits } from './ports.js';

/** The browser that asks: its secret, and from where. */
export interface Browser {
  /** Random, in a cookie; a draft belongs to it. */
  secret: string;
  ip: string | null;
  language: string;
}

export interface AddressOnOffer {
  subdomain: string;
  /** Why it can't be had, in one sentence; null when it can. */
  refusal: string | null;
  suggestions: string[];
}

/** What a person tells step by step, before anybody knows who they are. */
export class Drafts {
  constructor(
    private readonly store: DraftStore,
    private readonly register: SchoolRegister,
    private readonly limits: SignupLimits,
    private readonly secrets: Secrets,
    private readonly clock: Clock,
    private readonly unit: Unit,
  ) {}

  find(browser: Browser): Promise<Draft | null> {
    return this.store.find(this.secrets.hash(browser.secret));
  }

  /** @throws TooMany for too many new drafts from one place */
  async saveSchool(browser: Browser, school: NonNullable<Answers['school']>): Promise<void> {
    await this.save(browser, { school });
  }

  async saveOwner(browser: Browser, owner: NonNullable<Answers['owner']>): Promise<void> {
    const consent = { version: CONSENT_VERSION, at: this.clock.now().toISOString() };
    await this.save(browser, { owner, consent });
  }

  /** @throws RuleBroken when it is not free */
  async saveAddress(browser: Browser, subdomain: string): Promise<void> {
    const refusal = await this.register.refusalOf(subdomain);
    if (refusal) throw new RuleBroken('signup.address', refusal, 'subdomain');
    await this.save(browser, { subdomain });
  }

  /** The live check. Says the same of what is reserved, taken, or like one that is. @throws TooMany */
  async check(browser: Browser, subdomain: string): Promise<AddressOnOffer> {
    await this.limits.check(browser.ip);
    const refusal = await this.register.refusalOf(subdomain);
    return { subdomain, refusal, suggestions: await this.suggest(browser) };
  }

  async suggest(browser: Browser): Promise<string[]> {
    const school = (await this.find(browser))?.answers.school;
    return school ? this.register.suggest(school.name, school.town, 3) : [];
  }

  /** Nothing of it is kept. */
  async forget(browser: Browser): Promise<void> {
    await this.unit(() => this.store.remove(this.secrets.hash(browser.secret)));
  }

  private async save(browser: Browser, told: Partial<Answers>): Promise<void> {
    const hash = this.secrets.hash(browser.secret);
    // Counting needs a connection of its own, so it never happens inside a transaction.
    if (!(await this.store.find(hash))) await this.limits.begin(browser.ip);
    await this.unit(async () => {
      await this.store.insert(newId(), hash);
      const draft = (await this.store.lock(hash))!;
      if (draft.opened) throw new RuleBroken('signup.opened', 'This school is already being opened.');
      await this.store.saveAnswers(draft.id, { ...draft.answers, ...told, language: browser.language });
    });
  }
}
