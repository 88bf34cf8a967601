import { createHmac, timingSafeEqual } from 'node:crypto';

/** `k1:…,k2:…`: the first signs for new schools, all are believed, so that keys can be changed one school after another. */
export type MasterKeys = ReadonlyMap<string, string>;

/** A school's own key with the id of the master that it was made from. */
export interface SchoolKey {
  id: string;
  key: Buffer;
}

const MASTERS = /^\w{1,20}:[^\s,:]{16,}(,\w{1,20}:[^\s,:]{16,})*$/;
const OWN = /^(\w{1,20}):([\w-]{43})$/;

export const MASTERS_FORM = 'must be master keys as k1:…,k2:…, each of 16 characters or more';
export const OWN_FORM = 'must be the key of this school as k1:…';
export const isMasterKeys = (text: string): boolean => MASTERS.test(text);
export const isSchoolSecret = (text: string): boolean => OWN.test(text);

/** @throws Error when the text has another form */
export function masterKeys(text: string): MasterKeys {
  if (!isMasterKeys(text)) throw new Error(`TENANT_BOOTSTRAP_SECRET ${MASTERS_FORM}.`);
  return new Map(text.split(',').map((part) => part.split(':') as [string, string]));
}

/** What a school gets as its TENANT_BOOTSTRAP_SECRET: of no use for speaking as another school. */
export function secretFor(masters: MasterKeys, schoolId: string): string {
  const [id] = masters.keys();
  return `${id}:${keyFor(masters, id!, schoolId)!.key.toString('base64url')}`;
}

/** Null for a master that isn't known (any more). */
export function keyFor(masters: MasterKeys, id: string, schoolId: string): SchoolKey | null {
  const master = masters.get(id);
  return master ? { id, key: createHmac('sha256', master).update(schoolId).digest() } : null;
}

/** @throws Error when the text has another form */
export function ownKey(secret: string): SchoolKey {
  const [, id, key] = OWN.exec(secret) ?? [];
  if (!id || !key) throw new Error(`TENANT_BOOTSTRAP_SECRET ${OWN_FORM}.`);
  return { id, key: Buffer.from(key, 'base64url') };
}

/** `use` keeps what is signed for one purpose from being shown for another. */
export function sign({ key }: SchoolKey, use: string, ...parts: string[]): string {
  return createHmac('sha256', key)
    .update([use, ...parts].join('\n'))
    .digest('base64url');
}

export function isSigned(key: SchoolKey, signature: string, use: string, ...parts: string[]): boolean {
  const right = Buffer.from(sign(key, use, ...parts));
  const given = Buffer.from(signature);
  return given.length === right.length && timingSafeEqual(given, right);
}
