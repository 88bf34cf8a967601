import { systemActor, type Actor } from '../../../kernel/actor.js';
import type { Clock } from '../../../kernel/clock.js';
import { Invalid, NotFound } from '../../../kernel/errors.js';
import { isId, newId } from '../../../kernel/id.js';
import type { Unit } from '../../../kernel/unit-of-work.js';
import { CHALLENGE_MINUTES, LONGEST_KEY_NAME, MOST_KEYS } from './passkey.rules.js';
import { demandAnotherFactor } from './factor.rules.js';
import { ownLogin } from '../accounts/login.rules.js';
import { wrongPasskey } from '../sign-in/refusals.rules.js';
import type {
  Account,
  AccountStore,
  AuditTrail,
  ChallengePurpose,
  ChallengeStore,
  Later,
  Passkey,
  PasskeyStore,
  SchoolWords,
  Secrets,
  WebAuthn,
} from '../ports.js';
import type { Factors } from './factors.js';
import type { RoleMatrix } from '../roles/matrix.js';

interface PasskeyParts {
  passkeys: PasskeyStore;
  challenges: ChallengeStore;
  webAuthn: WebAuthn;
  accounts: AccountStore;
  factors: Factors;
  matrix: RoleMatrix;
  secrets: Secrets;
  school: SchoolWords;
  later: Later;
  clock: Clock;
  unit: Unit;
  audit: AuditTrail;
}

/** Passkeys of people: making, using and removing them. */
export class Passkeys {
  constructor(private readonly parts: PasskeyParts) {}

  of(userId: string): Promise<Passkey[]> {
    return this.parts.passkeys.of(userId);
  }

  /** What the browser needs to make a key. */
  async beginEnrolment(userId: string): Promise<object> {
    const { accounts, passkeys, school, webAuthn } = this.parts;
    const account = await accounts.find(userId);
    if (!account) throw new NotFound();
    const person = {
      id: account.id,
      name: account.name,
      login: ownLogin(account)?.value ?? account.name,
      house: await school.name(),
    };
    return webAuthn.creationOptions(person, await this.newChallenge('enrol', userId), await passkeys.of(userId));
  }

  /** Returns recovery codes, shown once, when this is the account's first second step. */
  async enrol(actor: Actor, userId: string, typedName: string, response: unknown): Promise<string[] | null> {
    const { webAuthn, challenges, passkeys, accounts, unit } = this.parts;
    const name = nameOf(typedName);
    const made = await webAuthn.verifyCreation(response, (challenge) => challenges.use(challenge, 'enrol', userId));
    if (!made)
      throw new Invalid({ response: 'The passkey could not be created. Try again within five minutes of opening this page.' });
    return unit(async () => {
      const account = await accounts.lock(userId);
      if (!account) throw new NotFound();
      if ((await passkeys.of(userId)).length >= MOST_KEYS)
        throw new Invalid({ name: 'You have too many passkeys. Remove one you no longer use first.' });
      await passkeys.insert({ id: newId(this.parts.clock.now().getTime()), userId, name, ...made });
      await this.record(actor, 'identity.passkey.enrol', account, { name });
      await this.warn(account, 'factor-added');
      return account.hasFactor ? null : this.parts.factors.newRecoveryCodes(actor, userId);
    });
  }

  /** What the browser needs to sign with a key: any that it has for this place, or one of a known account. */
  async beginUse(purpose: 'sign-in' | 'confirm', holder: string, userId: string | null): Promise<object> {
    const allowed = userId ? await this.parts.passkeys.of(userId) : [];
    return this.parts.webAuthn.requestOptions(await this.newChallenge(purpose, holder), allowed);
  }

  /** Whose key this is, before anything about it is proven. */
  async claimed(response: unknown): Promise<{ key: Passkey; account: Account } | null> {
    const { webAuthn, passkeys, accounts } = this.parts;
    const claim = webAuthn.credentialOf(response);
    const key = claim ? await passkeys.byCredential(claim.credentialId) : null;
    const account = key ? await accounts.find(key.userId) : null;
    if (!claim || !key || !account || account.state === 'disabled') return null;
    return claim.userId === null || claim.userId === account.id ? { key, account } : null;
  }

  /** @throws SignInRefused; a key whose count went back is written down and its owner told. */
  async prove(
    { key, account }: { key: Passkey; account: Account },
    response: unknown,
    purpose: 'sign-in' | 'confirm',
    holder: string,
  ): Promise<void> {
    const { webAuthn, challenges, passkeys } = this.parts;
    const proof = await webAuthn.verifyRequest(response, key, (challenge) => challenges.use(challenge, purpose, holder));
    if (proof === null) throw wrongPasskey();
    if (proof !== 'copied' && (await passkeys.used(key.id, proof.counter, proof.backedUp))) return;
    await this.record(systemActor('Sign-in'), 'identity.passkey.copied', account, { name: key.name });
    await this.warn(account, 'passkey-copied');
    throw wrongPasskey();
  }

  async rename(actor: Actor, userId: string, id: string, typedName: string): Promise<void> {
    const { accounts, passkeys, unit } = this.parts;
    const name = nameOf(typedName);
    await unit(async () => {
      const account = await accounts.lock(userId);
      const was = account && isId(id) ? await passkeys.rename(userId, id, name) : null;
      if (!account || was === null) throw new NotFound('This passkey has already been removed.');
      if (was !== name) await this.record(actor, 'identity.passkey.rename', account, { name }, { name: was });
    });
  }

  /** By the person; an account that needs a second step keeps one. */
  async remove(actor: Actor, userId: string, id: string): Promise<void> {
    const { accounts, passkeys, factors, matrix, unit } = this.parts;
    const { factorRoles } = await matrix.now();
    await unit(async () => {
      const account = await accounts.lock(userId);
      const name = account && isId(id) ? await passkeys.remove(userId, id) : null;
      if (!account || name === null) throw new NotFound('This passkey has already been removed.');
      demandAnotherFactor(account, factorRoles, 'passkey');
      await factors.forgetRecoveryWithout(userId);
      await this.record(actor, 'identity.passkey.remove', account, { name });
      await this.warn(account, 'factor-removed');
    });
  }

  private async newChallenge(purpose: ChallengePurpose, holder: string): Promise<string> {
    const { challenges, secrets, clock } = this.parts;
    const challenge = secrets.token();
    await challenges.insert({
      challenge,
      purpose,
      holder,
      expiresAt: new Date(clock.now().getTime() + CHALLENGE_MINUTES * 60_000),
    });
    return challenge;
  }

  private async warn(account: Account, what: string): Promise<void> {
    const to = ownLogin(account);
    if (to) await this.parts.later.enqueue('identity.send-notice', { to, what, language: account.language });
  }

  private record(actor: Actor, action: string, account: Account, after: object, before?: object): Promise<void> {
    return this.parts.audit.record(actor, {
      action,
      entity: 'identity_users',
      entityId: account.id,
      label: account.name,
      after,
      ...(before ? { before } : {}),
    });
  }
}

function nameOf(typed: string): string {
  const name = typed.trim().slice(0, LONGEST_KEY_NAME);
  if (!name) throw new Invalid({ name: 'Give it a name you will recognise, such as “My phone”.' });
  return name;
}
