import type { DemoChild } from './people/people.js';

/** Numbers as the school's pattern gives them, counted up in each year of joining: `KA/2024/0017`. */
export function admissionNumbers(children: readonly DemoChild[], pattern: string, prefix: string): Map<DemoChild, string> {
  const counts = new Map<string, number>();
  const inOrder = [...children].sort((a, b) => a.joinedOn.localeCompare(b.joinedOn));
  return new Map(
    inOrder.map((child) => {
      const year = child.joinedOn.slice(0, 4);
      const serial = (counts.get(year) ?? 0) + 1;
      counts.set(year, serial);
      return [child, fill(pattern, prefix, year, serial)];
    }),
  );
}

function fill(pattern: string, prefix: string, year: string, serial: number): string {
  return pattern
    .replace('{prefix}', prefix)
    .replace('{year2}', year.slice(2))
    .replace('{year}', year)
    .replace(/\{serial:(\d)\}/, (_all, width: string) => String(serial).padStart(Number(width), '0'));
}
