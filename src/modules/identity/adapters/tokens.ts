import { jwtVerify, SignJWT } from 'jose';
import type { TokenSigner } from '../ports.js';

const ISSUER = 'aims';
const MINUTES = 15;
const REMEMBERED = 2_000;

export interface TokenClaims {
  userId: string;
  version: number;
  provenAt: number;
}

/** Bearer tokens of the API: HS256 with a key that only this school's processes can make. */
export class Tokens implements TokenSigner {
  /** Tokens that were found genuine, until they end: a signature is checked once, the account each time. */
  private readonly genuine = new Map<string, TokenClaims & { endsAt: number }>();

  constructor(
    private readonly key: Buffer,
    private readonly audience: string,
  ) {}

  async sign(userId: string, version: number, provenAt: number): Promise<{ token: string; expiresIn: number }> {
    const token = await new SignJWT({ ver: version, auth_time: Math.floor(provenAt / 1000) })
      .setProtectedHeader({ alg: 'HS256', typ: 'at+jwt' })
      .setIssuer(ISSUER)
      .setAudience(this.audience)
      .setSubject(userId)
      .setIssuedAt()
      .setExpirationTime(`${MINUTES}m`)
      .sign(this.key);
    return { token, expiresIn: MINUTES * 60 };
  }

  /** Null for whatever is not a token of this school that is still good. */
  async read(token: string): Promise<TokenClaims | null> {
    const known = this.genuine.get(token);
    if (known) return known.endsAt > Date.now() ? known : null;
    try {
      const { payload } = await jwtVerify(token, this.key, {
        algorithms: ['HS256'],
        audience: this.audience,
        issuer: ISSUER,
        typ: 'at+jwt',
      });
      if (!payload.sub || typeof payload['ver'] !== 'number' || typeof payload['auth_time'] !== 'number' || !payload.exp)
        return null;
      const claims = {
        userId: payload.sub,
        version: payload['ver'],
        provenAt: payload['auth_time'] * 1000,
        endsAt: payload.exp * 1000,
      };
      if (this.genuine.size >= REMEMBERED) this.genuine.clear();
      this.genuine.set(token, claims);
      return claims;
    } catch {
      return null;
    }
  }
}
