import type { AuthenticationResponseJSON, RegistrationResponseJSON } from '@simplewebauthn/server';
import { z } from 'zod';
import type { NewCredential, Passkey, WebAuthn } from '../../ports.js';

const CHALLENGE_MS = 300_000;
const LONGEST = 8_000;
const part = z
  .string()
  .regex(/^[\w-]+$/)
  .max(LONGEST);
const credential = {
  id: part,
  rawId: part,
  type: z.literal('public-key'),
  clientExtensionResults: z.object({}).catch({}),
  authenticatorAttachment: z.string().optional(),
};
const Created = z.object({
  ...credential,
  response: z.object({
    clientDataJSON: part,
    attestationObject: part,
    transports: z.array(z.string().max(20)).max(10).default([]),
  }),
});
const Signed = z.object({
  ...credential,
  response: z.object({ clientDataJSON: part, authenticatorData: part, signature: part, userHandle: part.optional() }),
});

/**
 * Keys are bound to the host name of this school (or of the platform): the browser hands none of them to another, and
 * what is signed names origin and host, which are compared with ours. The library comes with its first use.
 */
export class SimpleWebAuthn implements WebAuthn {
  private readonly origin: string;
  private readonly host: string;

  constructor(publicUrl: string) {
    const url = new URL(publicUrl);
    this.origin = url.origin;
    this.host = url.hostname;
  }

  async creationOptions(
    person: { id: string; login: string; name: string; house: string },
    challenge: string,
    known: readonly Passkey[],
  ): Promise<object> {
    const { generateRegistrationOptions } = await import('@simplewebauthn/server');
    return generateRegistrationOptions({
      rpName: person.house,
      rpID: this.host,
      userName: person.login,
      userDisplayName: person.name,
      userID: handleOf(person.id),
      challenge: bytes(challenge),
      timeout: CHALLENGE_MS,
      attestationType: 'none',
      excludeCredentials: known.map(({ credentialId, transports }) => ({ id: credentialId, transports })),
      authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
    });
  }

  async requestOptions(challenge: string, allowed: readonly Passkey[]): Promise<object> {
    const { generateAuthenticationOptions } = await import('@simplewebauthn/server');
    return generateAuthenticationOptions({
      rpID: this.host,
      challenge: bytes(challenge),
      timeout: CHALLENGE_MS,
      userVerification: 'required',
      ...(allowed.length > 0
        ? { allowCredentials: allowed.map(({ credentialId, transports }) => ({ id: credentialId, transports })) }
        : {}),
    });
  }

  async verifyCreation(response: unknown, isOurs: (challenge: string) => Promise<boolean>): Promise<NewCredential | null> {
    const given = parsed(Created, response) as RegistrationResponseJSON | null;
    if (!given) return null;
    const { verifyRegistrationResponse } = await import('@simplewebauthn/server');
    const expected = {
      expectedChallenge: isOurs,
      expectedOrigin: this.origin,
      expectedRPID: this.host,
      requireUserVerification: true,
    };
    const verdict = await verifyRegistrationResponse({ response: given, ...expected }).catch(() => null);
    if (!verdict?.verified) return null;
    const { credential: made, credentialBackedUp } = verdict.registrationInfo;
    return {
      credentialId: made.id,
      publicKey: made.publicKey,
      counter: made.counter,
      transports: given.response.transports ?? [],
      backedUp: credentialBackedUp,
    };
  }

  credentialOf(response: unknown): { credentialId: string; userId: string | null } | null {
    const given = parsed(Signed, response);
    return given && { credentialId: given.id, userId: given.response.userHandle ? idOf(given.response.userHandle) : null };
  }

  async verifyRequest(
    response: unknown,
    key: Passkey,
    isOurs: (challenge: string) => Promise<boolean>,
  ): Promise<{ counter: number; backedUp: boolean } | 'copied' | null> {
    const given = parsed(Signed, response) as AuthenticationResponseJSON | null;
    if (!given) return null;
    const { verifyAuthenticationResponse } = await import('@simplewebauthn/server');
    const expected = {
      expectedChallenge: isOurs,
      expectedOrigin: this.origin,
      expectedRPID: this.host,
      requireUserVerification: true,
    };
    // With a count of zero the library compares none: whether it went back is judged here, after the signature.
    const credentialToCheck = { id: key.credentialId, publicKey: key.publicKey, counter: 0 };
    const verdict = await verifyAuthenticationResponse({ response: given, ...expected, credential: credentialToCheck }).catch(
      () => null,
    );
    if (!verdict?.verified) return null;
    const { newCounter, credentialBackedUp } = verdict.authenticationInfo;
    if ((newCounter > 0 || key.counter > 0) && newCounter <= key.counter) return 'copied';
    return { counter: newCounter, backedUp: credentialBackedUp };
  }
}

function parsed<Shape extends z.ZodType>(shape: Shape, response: unknown): z.infer<Shape> | null {
  if (typeof response !== 'string' || response.length > 2 * LONGEST) return null;
  try {
    return shape.safeParse(JSON.parse(response)).data ?? null;
  } catch {
    return null;
  }
}

function bytes(base64url: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(Buffer.from(base64url, 'base64url'));
}

/** The account's id as the key keeps it: sixteen bytes that say nothing about the person. */
function handleOf(userId: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(Buffer.from(userId.replaceAll('-', ''), 'hex'));
}

function idOf(userHandle: string): string | null {
  const hex = Buffer.from(userHandle, 'base64url').toString('hex');
  return hex.length === 32 ? hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5') : null;
}
