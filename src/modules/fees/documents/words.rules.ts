import { currencyExponent } from '../../../kernel/money.js';

type Language = 'en' | 'fr' | 'sw';
type Names = Record<Language, readonly [whole: string, part: string]>;

const SHILLINGS: Names = { en: ['shillings', 'cents'], fr: ['shillings', 'centimes'], sw: ['shilingi', 'senti'] };
/** What a currency and its hundredth part are called; others are written with their code. */
const CURRENCIES: Record<string, Names> = {
  KES: SHILLINGS,
  UGX: SHILLINGS,
  TZS: SHILLINGS,
  NGN: { en: ['naira', 'kobo'], fr: ['nairas', 'kobos'], sw: ['naira', 'kobo'] },
  GHS: { en: ['cedis', 'pesewas'], fr: ['cedis', 'pesewas'], sw: ['sedi', 'pesewa'] },
  ZAR: { en: ['rand', 'cents'], fr: ['rands', 'cents'], sw: ['randi', 'senti'] },
};

/** `Twelve thousand shillings only`: what a receipt says beside its figure, so that no digit can be added to it. @param minor above zero, below a thousand milliards of whole units */
export function amountInWords(minor: number, currency: string, language: string): string {
  const in_: Language = language === 'fr' || language === 'sw' ? language : 'en';
  const factor = 10 ** currencyExponent(currency);
  const [whole, part] = CURRENCIES[currency]?.[in_] ?? [currency, { en: 'cents', fr: 'centimes', sw: 'senti' }[in_]];
  const units = Math.floor(minor / factor);
  const cents = minor % factor;
  const say = SAY[in_];
  const parts = [
    units > 0 || cents === 0 ? order(in_, say(units), whole) : '',
    cents > 0 ? order(in_, say(cents), part) : '',
  ].filter(Boolean);
  const text = `${parts.join({ en: ' and ', fr: ' et ', sw: ' na ' }[in_])} ${{ en: 'only', fr: 'seulement', sw: 'tu' }[in_]}`;
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** In Kiswahili the thing comes before its number. */
function order(language: Language, number: string, name: string): string {
  return language === 'sw' ? `${name} ${number}` : `${number} ${name}`;
}

const SAY: Record<Language, (value: number) => string> = { en: inEnglish, fr: inFrench, sw: inSwahili };

const EN_SMALL =
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen'.split(
    ' ',
  );
const EN_TENS = '- - twenty thirty forty fifty sixty seventy eighty ninety'.split(' ');

function inEnglish(value: number): string {
  if (value < 20) return EN_SMALL[value]!;
  if (value < 100) return EN_TENS[Math.floor(value / 10)]! + (value % 10 ? `-${EN_SMALL[value % 10]!}` : '');
  if (value < 1000) return `${EN_SMALL[Math.floor(value / 100)]!} hundred${value % 100 ? ` and ${inEnglish(value % 100)}` : ''}`;
  for (const [size, name] of [
    [1e9, 'billion'],
    [1e6, 'million'],
    [1e3, 'thousand'],
  ] as const) {
    if (value < size) continue;
    const rest = value % size;
    return `${inEnglish(Math.floor(value / size))} ${name}${rest === 0 ? '' : rest < 100 ? ` and ${inEnglish(rest)}` : ` ${inEnglish(rest)}`}`;
  }
  return '';
}

const FR_SMALL =
  'zéro un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize dix-sept dix-huit dix-neuf'.split(
    ' ',
  );
const FR_TENS = '- - vingt trente quarante cinquante soixante soixante quatre-vingt quatre-vingt'.split(' ');

/** @param last whether nothing follows: only then do vingt and cent take an s */
function inFrench(value: number, last = true): string {
  if (value < 20) return FR_SMALL[value]!;
  if (value < 100) {
    const ten = Math.floor(value / 10);
    const rest = ten === 7 || ten === 9 ? value - (ten - 1) * 10 : value % 10;
    if (rest === 0) return FR_TENS[ten]! + (ten === 8 && last ? 's' : '');
    const joint = (rest === 1 || rest === 11) && ten < 8 ? ' et ' : '-';
    return `${FR_TENS[ten]!}${joint}${FR_SMALL[rest]!}`;
  }
  if (value < 1000) {
    const hundreds = Math.floor(value / 100);
    const head = hundreds === 1 ? 'cent' : `${FR_SMALL[hundreds]!} cent${value % 100 === 0 && last ? 's' : ''}`;
    return value % 100 ? `${head} ${inFrench(value % 100, last)}` : head;
  }
  for (const [size, name] of [
    [1e9, 'milliard'],
    [1e6, 'million'],
    [1e3, 'mille'],
  ] as const) {
    if (value < size) continue;
    const many = Math.floor(value / size);
    const head =
      size === 1e3 ? (many === 1 ? name : `${inFrench(many, false)} ${name}`) : `${inFrench(many)} ${name}${many > 1 ? 's' : ''}`;
    return value % size ? `${head} ${inFrench(value % size, last)}` : head;
  }
  return '';
}

const SW_SMALL = 'sifuri moja mbili tatu nne tano sita saba nane tisa'.split(' ');
const SW_TENS = '- kumi ishirini thelathini arobaini hamsini sitini sabini themanini tisini'.split(' ');

function inSwahili(value: number): string {
  if (value < 10) return SW_SMALL[value]!;
  if (value < 100) return SW_TENS[Math.floor(value / 10)]! + (value % 10 ? ` na ${SW_SMALL[value % 10]!}` : '');
  for (const [size, name] of [
    [1e9, 'bilioni'],
    [1e6, 'milioni'],
    [1e3, 'elfu'],
    [1e2, 'mia'],
  ] as const) {
    if (value < size) continue;
    const rest = value % size;
    return `${name} ${inSwahili(Math.floor(value / size))}${rest === 0 ? '' : rest < 100 ? ` na ${inSwahili(rest)}` : `, ${inSwahili(rest)}`}`;
  }
  return '';
}
