import { fold } from '../../../kernel/people/names.js';
import type { ColumnKind } from '../columns.js';

/** Dashes, dots, question marks and the like with nothing beside them. */
const SIGNS = /^[-–—―‐‑−_.·…*?/\\|~\s]+$/;
/** A number that is none. */
const ZEROS = /^[0.\s/-]*0[0.\s/-]*$/;
const LONGEST = 24;

/** What people write where there is nothing to write, in any column: letters alone, so that `N/A`, `n.a.` and `(N A)` are one. */
const EVERYWHERE = new Set([
  'na',
  'nil',
  'nill',
  'nils',
  'none',
  'null',
  'nan',
  'undefined',
  'unknown',
  'notknown',
  'notavailable',
  'notapplicable',
  'notgiven',
  'notprovided',
  'notstated',
  'notindicated',
  'nodata',
  'blank',
  'empty',
  'tba',
  'tbc',
  'tbd',
  'neant',
  'aucun',
  'aucune',
  'nonrenseigne',
  'inconnu',
  'hakuna',
  'hamna',
  'haijulikani',
  'nenhum',
  'nenhuma',
]);

/** What says it in columns of one kind only. */
const BY_KIND: Partial<Record<ColumnKind, ReadonlySet<string>>> = {
  id: new Set([
    'no',
    'nonumber',
    'pending',
    'awaited',
    'awaiting',
    'notyet',
    'notissued',
    'notyetissued',
    'inprocess',
    'processing',
    'applied',
  ]),
  phone: new Set(['no', 'nophone', 'nonumber', 'nocontact', 'notel', 'nomobile', 'hanasimu', 'pending']),
  email: new Set(['no', 'noemail', 'nomail', 'pending']),
  date: new Set(['pending', 'notyet']),
  name: new Set(['noname', 'nothing']),
};
const COUNTED: ReadonlySet<ColumnKind> = new Set(['id', 'phone', 'email', 'date']);

/**
 * Whether a cell says that there is nothing. In names too: of those who are written `Nil`, hardly one is called so, and who
 * is can be typed on the form. In `0` and `00/00/0000` only where nothing real is written like that.
 */
export function saysNothing(kind: ColumnKind, text: string): boolean {
  if (text.length > LONGEST) return false;
  if (SIGNS.test(text)) return true;
  if (COUNTED.has(kind) && ZEROS.test(text)) return true;
  const letters = /\d/.test(text) ? '' : fold(text).replace(/[^\p{L}]+/gu, '');
  return letters !== '' && (EVERYWHERE.has(letters) || (BY_KIND[kind]?.has(letters) ?? false));
}
