/** Country calling codes and the lengths of the number behind them, for the countries with a pack. */
const PLANS: Record<string, { code: string; length: number; trunk: string; example: string }> = {
  KE: { code: '254', length: 9, trunk: '0', example: '0722 481 903' },
  NG: { code: '234', length: 10, trunk: '0', example: '0803 123 4567' },
  GH: { code: '233', length: 9, trunk: '0', example: '024 412 3456' },
  UG: { code: '256', length: 9, trunk: '0', example: '0772 123 456' },
  ZA: { code: '27', length: 9, trunk: '0', example: '082 123 4567' },
  TZ: { code: '255', length: 9, trunk: '0', example: '0754 123 456' },
  RW: { code: '250', length: 9, trunk: '0', example: '0788 123 456' },
  ZM: { code: '260', length: 9, trunk: '0', example: '0977 123 456' },
};

/**
 * Any common spelling of a phone number to E.164 (`+254722481903`), or null. A number without a country
 * code is read in the school's country; a sheet that lost the leading zero (`722481903`) is understood too.
 */
export function parsePhone(text: string, country: string): string | null {
  const plan = PLANS[country];
  const cleaned = text.trim().replace(/[\s().\-\u00a0\u2010-\u2015/]/g, '');
  if (!/^\+?\d{7,15}$/.test(cleaned)) return null;
  if (cleaned.startsWith('+')) return checkKnown(cleaned);
  if (cleaned.startsWith('00')) return checkKnown(`+${cleaned.slice(2)}`);
  if (!plan) return null;
  if (cleaned.startsWith(plan.code) && cleaned.length === plan.code.length + plan.length) return `+${cleaned}`;
  const local = cleaned.startsWith(plan.trunk) ? cleaned.slice(plan.trunk.length) : cleaned;
  return local.length === plan.length ? `+${plan.code}${local}` : null;
}

function checkKnown(number: string): string | null {
  const plan = Object.values(PLANS).find((candidate) => number.startsWith(`+${candidate.code}`));
  if (!plan) return number;
  const rest = number.slice(1 + plan.code.length).replace(/^0/, '');
  return rest.length === plan.length ? `+${plan.code}${rest}` : null;
}

/** As people of that country write it: `0722 481 903`; a foreign number keeps its code. */
export function showPhone(e164: string, country: string): string {
  const plan = PLANS[country];
  if (!plan || !e164.startsWith(`+${plan.code}`)) return e164;
  const local = plan.trunk + e164.slice(1 + plan.code.length);
  const groups = plan.example.split(' ').map((group) => group.length);
  const parts: string[] = [];
  let at = 0;
  for (const length of groups) {
    parts.push(local.slice(at, at + length));
    at += length;
  }
  if (at < local.length) parts.push(local.slice(at));
  return parts.filter(Boolean).join(' ');
}

export function phoneExample(country: string): string {
  return PLANS[country]?.example ?? '+254 722 481 903';
}

export function callingCode(country: string): string {
  return PLANS[country] ? `+${PLANS[country].code}` : '';
}

/** Enough of a number to know it again, not enough to call it: `+254722***211`. */
export function maskPhone(phone: string): string {
  return phone.length < 9 ? phone : `${phone.slice(0, -6)}***${phone.slice(-3)}`;
}
