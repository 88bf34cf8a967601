/** What a school asks a guardian's word for; Kenya's Data Protection Act 2019 s.33 asks it for every child's data. */
export const CONSENT_PURPOSES = [
  'photo-in-school',
  'photo-in-public',
  'social-media',
  'medical-treatment',
  'data-sharing',
] as const;
export type ConsentPurpose = (typeof CONSENT_PURPOSES)[number];

/** The wording that was shown when the answer was given; a changed text gets a new version and old answers keep theirs. */
export const CONSENT_WORDING = '2026-1';

export const CONSENT_WORDS: Record<ConsentPurpose, string> = {
  'photo-in-school': 'Photo on the ID card and in the register',
  'photo-in-public': 'Photo in the school magazine and on the school’s site',
  'social-media': 'Photo on social media',
  'medical-treatment': 'First aid and treatment in an emergency',
  'data-sharing': 'Sharing data with the ministry and the examinations council',
};

/** The newest answer counts; no answer is no consent. `consents` are ordered newest first. */
export function consentGiven(consents: readonly { purpose: string; given: boolean }[], purpose: ConsentPurpose): boolean {
  return consents.find((one) => one.purpose === purpose)?.given ?? false;
}
