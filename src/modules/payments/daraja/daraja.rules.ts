/** What Safaricom's Daraja asks of amounts, times, texts and addresses. */

const NAIROBI_MS = 3 * 3_600_000;
const WHOLE_SHILLING = 100;

/** `5`, `5.00` or `1500.5` in shillings to cents; null for whatever is not a positive amount with at most two decimals. */
export function centsOf(amount: unknown): number | null {
  const [, whole, decimals = ''] = /^(\d{1,9})(?:\.(\d{1,2}))?$/.exec(String(amount).trim()) ?? [];
  if (whole === undefined) return null;
  const cents = Number(whole) * WHOLE_SHILLING + Number(decimals.padEnd(2, '0'));
  return cents > 0 ? cents : null;
}

/** A prompt asks for whole shillings: what is rounded up becomes the payer's credit. */
export function promptedShillings(cents: number): number {
  return Math.ceil(cents / WHOLE_SHILLING);
}

/** `20261125093015`, as Nairobi's clock shows it. */
export function nairobiStamp(at: Date): string {
  return nairobi(at).replace(/\D/g, '');
}

/** `2026-11-25 09:30:15` */
export function nairobiTime(at: Date): string {
  return nairobi(at).replace('T', ' ');
}

export function nairobiDay(at: Date): string {
  return nairobi(at).slice(0, 10);
}

function nairobi(at: Date): string {
  return new Date(at.getTime() + NAIROBI_MS).toISOString().slice(0, 19);
}

/** `20261125093015`, `2026-11-25 09:30:15`, `2026-11-25T09:30:15Z`: whatever is written behind it, the clock is Nairobi's. */
export function fromNairobi(written: unknown): Date | null {
  const parts = /^(\d{4})-?(\d{2})-?(\d{2})[T ]?(\d{2}):?(\d{2}):?(\d{2})/.exec(String(written).trim());
  if (!parts) return null;
  const [year, month, day, hour, minute, second] = parts.slice(1).map(Number) as [number, number, number, number, number, number];
  const at = new Date(Date.UTC(year, month - 1, day, hour, minute, second) - NAIROBI_MS);
  return nairobiStamp(at) === parts.slice(1).join('') ? at : null;
}

/** Words that must not stand anywhere in an address that is registered with Daraja. */
const FORBIDDEN = /mpesa|m-pesa|safaricom|exe|exec|cmd|sql|query/i;

/** Why Daraja would refuse this address for its callbacks; null when it takes it. */
export function addressProblem(url: string, production: boolean): string | null {
  if (production && !url.startsWith('https:')) return 'M-Pesa calls back over https only.';
  const word = FORBIDDEN.exec(url)?.[0];
  return word ? `M-Pesa does not accept an address with the word “${word}” in it.` : null;
}

/** What a payer is told to write as account number, and what a prompt shows: at most so long. */
export const LONGEST_REFERENCE = 12;
export const LONGEST_DESCRIPTION = 13;
