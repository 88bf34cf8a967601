/** Capitals and digits only: how numbers that people write by hand are kept and compared. */
export function plainReference(written: string): string {
  return written.toUpperCase().replace(/[^A-Z0-9]/g, '');
}

/** Of numbers on paper: a sign between two digits keeps them apart, `1/23` is not `12/3`; a space does not. */
export function paperReference(written: string): string {
  return written
    .toUpperCase()
    .replace(/\s+/g, '')
    .replace(/(?<=[0-9])[^A-Z0-9]+(?=[0-9])/g, '-')
    .replace(/[^A-Z0-9-]|(?<![0-9])-|-(?![0-9])/g, '');
}
