import { Reopening } from '../../../src/modules/finance/books/reopening.js';
import { closedMonth } from './finance-visits.js';
import type { Stage, Visit } from '../stage.js';

/** The inbox, as whoever may decide sees it: with a closed month that is asked to be opened again. */
export const approvalsVisits: Record<string, Visit> = {
  'approvals/index': async (stage) => {
    await asked(stage);
    return '/approvals';
  },
  'approvals/show': async (stage) => `/approvals/${await asked(stage)}`,
};

async function asked(stage: Stage): Promise<string> {
  const month = await closedMonth(stage);
  const { school } = stage;
  const reason = 'The invoice for the diesel of the generator came two weeks after the month was closed, and belongs into it';
  return (await school.run(() => school.get(Reopening).ask(school.office, month, reason))).requestId;
}
