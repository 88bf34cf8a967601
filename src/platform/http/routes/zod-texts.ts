import { z } from 'zod';

export const ENTER_DATE = 'Enter the date as day, month and year';

/** Plain words for what zod would say in its own; a schema's own message always wins. */
z.config({
  customError: (issue) => {
    if (issue.code === 'invalid_type' && (issue.input === undefined || issue.input === null)) return 'Fill this in';
    if (issue.code === 'invalid_type' && issue.expected === 'number') return 'Enter a number, in digits';
    if (issue.code === 'too_big' && issue.origin === 'string') return `At most ${String(issue.maximum)} characters`;
    if (issue.code === 'too_small' && issue.origin === 'string')
      return Number(issue.minimum) <= 1 ? 'Fill this in' : `At least ${String(issue.minimum)} characters`;
    if (issue.code === 'too_big' && issue.origin === 'number') return `At most ${String(issue.maximum)}`;
    if (issue.code === 'too_small' && issue.origin === 'number') return `At least ${String(issue.minimum)}`;
    if (issue.code === 'invalid_value') return 'Choose one of the answers';
    if (issue.code === 'invalid_format' && issue.format === 'date') return ENTER_DATE;
    if (issue.code === 'invalid_format' && issue.format === 'email')
      return 'Enter the full email address, such as name@example.org';
    if (issue.code === 'invalid_format' && issue.format === 'uuid') return 'Choose one of the answers';
    return undefined;
  },
});
