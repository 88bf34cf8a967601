import type { GapSource } from '../../../imports/index.js';
import type { Missing, OverviewStore } from '../../ports.js';

const WORDS: Record<Missing, string> = {
  class: 'Students without a class',
  guardian: 'Students without a guardian',
  phone: 'Students without a guardian with a phone',
  birthday: 'Students without a date of birth',
  certificate: 'Students without a birth certificate number',
  certificates: 'Students with two birth certificate numbers',
  photo: 'Students without a photo',
  number: 'Students whose admission number differs from another only in capitals or punctuation',
};

/** Each line leads to the list of just these students. */
export function studentGaps(overview: OverviewStore): GapSource {
  return {
    can: 'students.change',
    async load() {
      const missing = await overview.missing();
      return Object.entries(WORDS).map(([what, text]) => ({
        text,
        count: missing[what as Missing],
        href: `/students?missing=${what}`,
        link: 'View them',
      }));
    },
  };
}
