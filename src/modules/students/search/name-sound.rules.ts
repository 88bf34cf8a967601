import { fold } from '../../../kernel/people/names.js';

/**
 * A rough sound of a name, so that usual spellings of one name meet: Wanjiku and Wanjiko, Achieng and Acheng,
 * Mohamed and Muhammad, Ochieng and Ochieng'. Vowels after the first letter and doubled letters don't count.
 */
export function nameSound(name: string): string {
  const letters = fold(name).replace(/[^a-z]/g, '');
  if (letters === '') return '';
  const sound = letters
    .replace(/ph/g, 'f')
    .replace(/ck|kh|q|c(?!h)/g, 'k')
    .replace(/ch|sh|j/g, 's')
    .replace(/z/g, 's')
    .replace(/w|v/g, 'u')
    .replace(/y/g, 'i')
    .replace(/h/g, '')
    .replace(/l/g, 'r')
    .replace(/n[gk]+/g, 'n')
    .replace(/d/g, 't')
    .replace(/b/g, 'p')
    .replace(/g/g, 'k');
  const [first = '', ...rest] = sound;
  const kept = [/[aeiou]/.test(first) ? 'a' : first, ...rest.filter((letter) => !/[aeiou]/.test(letter))];
  return kept.filter((letter, index) => letter !== kept[index - 1]).join('');
}
