/** Capitals and digits only: how numbers that people write by hand are kept and compared. */
export function plainReference(written: string): string {
  return written.toUpperCase().replace(/[^A-Z0-9]/g, '');
}
