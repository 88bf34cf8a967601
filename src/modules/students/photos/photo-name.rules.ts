/**
 * The admission number as a file can carry it: a file's name may not hold a slash, so all that separates the parts of
 * a number counts as the same. `KA/2026/0012`, `ka-2026-0012` and `KA_2026_0012` are one; `12 (1)` is not `12-1`.
 */
export function numberInName(text: string): string {
  return text.normalize('NFKC').trim().toUpperCase().replace(SEPARATORS, '-');
}

const SEPARATORS = /[\s/\\._-]+/g;

/** `class 7/KA-2026-0012.JPG` → `KA-2026-0012` and `jpg`. */
export function partsOfName(path: string): { stem: string; ending: string } {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const dot = name.lastIndexOf('.');
  return dot < 1 ? { stem: name, ending: '' } : { stem: name.slice(0, dot), ending: name.slice(dot + 1).toLowerCase() };
}

export interface Numbered {
  id: string;
  admissionNo: string;
  paymentNo: string;
}

/** Finds whom a name means: by the admission number as it stands, by the same without its separators' kind, then by the payment number. */
export class NumberBook<Child extends Numbered> {
  private readonly exact = new Map<string, Child>();
  private readonly loose = new Map<string, Child | 'several'>();
  private readonly payment = new Map<string, Child>();

  constructor(children: Iterable<Child>) {
    for (const child of children) {
      this.exact.set(child.admissionNo.toUpperCase(), child);
      this.payment.set(child.paymentNo, child);
      const key = numberInName(child.admissionNo);
      this.loose.set(key, this.loose.has(key) ? 'several' : child);
    }
  }

  find(stem: string): Child | 'several' | null {
    const written = stem.trim().toUpperCase();
    return this.exact.get(written) ?? this.loose.get(numberInName(stem)) ?? this.payment.get(written) ?? null;
  }
}
