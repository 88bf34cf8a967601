import * as OTPAuth from 'otpauth';
import type { Totp } from '../../ports.js';

const PERIOD = 30;
/** Steps that a phone's clock may be off, before and after. */
const WINDOW = 1;

export const otpauthTotp: Totp = {
  newSecret: () => new OTPAuth.Secret({ size: 20 }).base32,

  address: (secret, label, issuer) => totpOf(secret, label, issuer).toString(),

  counterOf(secret, code, now) {
    const timestamp = now.getTime();
    const delta = totpOf(secret).validate({ token: code, timestamp, window: WINDOW });
    return delta === null ? null : Math.floor(timestamp / 1000 / PERIOD) + delta;
  },
};

function totpOf(secret: string, label = '', issuer = ''): OTPAuth.TOTP {
  return new OTPAuth.TOTP({
    issuer,
    label,
    algorithm: 'SHA1',
    digits: 6,
    period: PERIOD,
    secret: OTPAuth.Secret.fromBase32(secret),
  });
}
