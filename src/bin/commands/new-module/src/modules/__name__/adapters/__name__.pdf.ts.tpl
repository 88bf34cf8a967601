import { report, type PrintContext, type Row } from '../../../platform/pdf/kit.js';
import { drawing } from '../../../platform/pdf/worker.js';
import type { __Type__ } from '../__file__.record.js';

interface Printed {
  context: PrintContext;
  rows: readonly __Type__[];
}

export async function __const__Print({ context, rows }: Printed): Promise<Buffer> {
  return report({ context, title: ({ t }) => t('__Title__') }, (kit) => {
    const { t } = kit;
    kit.table({
      columns: [{ head: t('Name') }, { head: t('Note'), grow: 2 }, { head: t('State'), width: 30 }],
      rows: rows.map((row): Row => ({ cells: [row.name, row.note ?? '', row.active ? t('In use') : t('Not in use')] })),
      empty: t('Nothing here yet.'),
    });
  });
}

export const __const__Drawing = drawing(import.meta.url, { __const__Print });
