import { createHash, createSign, generateKeyPairSync, randomBytes, type KeyObject } from 'node:crypto';

interface Options {
  challenge: string;
  rp?: { id: string };
  rpId?: string;
  user?: { id: string };
}

/** What an authenticator and a browser would do with it, all of which may be wrong on purpose. */
export interface Ways {
  origin: string;
  /** Instead of the one that was asked for. */
  rpId?: string;
  counter?: number;
  /** No finger, face or PIN was asked for. */
  unverified?: boolean;
  userHandle?: string;
}

const sha256 = (data: string | Buffer): Buffer => createHash('sha256').update(data).digest();
const base64url = (data: Buffer): string => data.toString('base64url');

/** A key in software: makes and signs what a phone would, in the bytes of the WebAuthn standard. */
export class Authenticator {
  readonly id = randomBytes(32);
  counter = 0;
  private readonly privateKey: KeyObject;
  private readonly coseKey: Buffer;
  private userHandle = '';

  constructor() {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    this.privateKey = privateKey;
    const { x, y } = publicKey.export({ format: 'jwk' });
    // {1: 2 (EC2), 3: -7 (ES256), -1: 1 (P-256), -2: x, -3: y}
    this.coseKey = Buffer.concat([
      Buffer.from('a5010203262001215820', 'hex'),
      Buffer.from(x!, 'base64url'),
      Buffer.from('225820', 'hex'),
      Buffer.from(y!, 'base64url'),
    ]);
  }

  /** Answers the options of an enrolment. */
  create(options: Options, ways: Ways): string {
    this.userHandle = options.user!.id;
    const attested = Buffer.concat([Buffer.alloc(16), Buffer.from([0, this.id.length]), this.id, this.coseKey]);
    const authData = Buffer.concat([this.head(options.rp!.id, ways, true), attested]);
    // {"fmt": "none", "attStmt": {}, "authData": …}
    const attestationObject = Buffer.concat([
      Buffer.from('a363666d74646e6f6e656761747453746d74a068617574684461746158', 'hex'),
      Buffer.from([authData.length]),
      authData,
    ]);
    const clientDataJSON = clientData('webauthn.create', options.challenge, ways.origin);
    return this.answer({
      clientDataJSON: base64url(clientDataJSON),
      attestationObject: base64url(attestationObject),
      transports: ['internal'],
    });
  }

  /** Answers the options of a sign-in. */
  get(options: Options, ways: Ways): string {
    this.counter += 1;
    const authData = this.head(options.rpId!, ways, false);
    const clientDataJSON = clientData('webauthn.get', options.challenge, ways.origin);
    const signature = createSign('sha256')
      .update(Buffer.concat([authData, sha256(clientDataJSON)]))
      .sign(this.privateKey);
    return this.answer({
      clientDataJSON: base64url(clientDataJSON),
      authenticatorData: base64url(authData),
      signature: base64url(signature),
      userHandle: ways.userHandle ?? this.userHandle,
    });
  }

  private head(rpId: string, { rpId: otherId, unverified, counter }: Ways, made: boolean): Buffer {
    const flags = 0x01 | (unverified ? 0 : 0x04) | (made ? 0x40 : 0);
    const count = Buffer.alloc(4);
    count.writeUInt32BE(counter ?? this.counter);
    return Buffer.concat([sha256(otherId ?? rpId), Buffer.from([flags]), count]);
  }

  private answer(response: object): string {
    const id = base64url(this.id);
    return JSON.stringify({ id, rawId: id, type: 'public-key', clientExtensionResults: {}, response });
  }
}

function clientData(type: string, challenge: string, origin: string): Buffer {
  return Buffer.from(JSON.stringify({ type, challenge, origin, crossOrigin: false }));
}
