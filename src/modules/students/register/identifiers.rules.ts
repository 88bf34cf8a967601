import type { IdentifierType } from '../../../kernel/packs/types.js';

/**
 * A second number of a birth certificate, from when a list could bring two for one child. It stays until somebody has
 * looked at the paper: the right one belongs into the record's own field.
 */
export const OTHER_CERTIFICATE = 'other-birth-certificate';

const SECOND: IdentifierType = {
  key: OTHER_CERTIFICATE,
  label: 'Second birth certificate number',
  hint: 'Check the certificate: enter the right number above and clear this one',
  pattern: null,
};

/** The country's identifiers, then what this child has beside them: a number that is not shown would be lost when the form is saved. */
export function typesShown(types: readonly IdentifierType[], held: readonly { type: string }[]): IdentifierType[] {
  const others = held.filter((one) => types.every(({ key }) => key !== one.type)).map((one) => typeOf(types, one.type));
  return [...types, ...others];
}

export function identifierLabel(types: readonly IdentifierType[], type: string): string {
  return typeOf(types, type).label;
}

function typeOf(types: readonly IdentifierType[], key: string): IdentifierType {
  const known = types.find((one) => one.key === key) ?? (key === OTHER_CERTIFICATE ? SECOND : null);
  return (
    known ?? {
      key,
      label: key.charAt(0).toUpperCase() + key.slice(1).replaceAll('-', ' '),
      hint: 'From another system',
      pattern: null,
    }
  );
}
