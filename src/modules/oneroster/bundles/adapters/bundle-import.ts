import { can } from '../../../../kernel/actor.js';
import { NotFound } from '../../../../kernel/errors.js';
import type { ForeignImport, ForeignState } from '../../../imports/index.js';
import { IMPORT, type Bundles } from '../bundles.js';
import type { Bundle, PartCount } from '../../ports.js';

/** A bundle for other systems: by the same addresses and steps as a list. What is what was guessed; a person may change it on the page. */
export function bundleImport(bundles: Bundles): ForeignImport {
  return {
    key: 'oneroster',
    take: (actor, file) => bundles.take(actor, file),
    async state(actor, id) {
      if (!can(actor, IMPORT)) return null;
      try {
        return stateOf(await bundles.find(actor, id));
      } catch (error) {
        if (error instanceof NotFound) return null;
        throw error;
      }
    },
    commit: (actor, id) => bundles.commit(actor, id),
    undo: (actor, id) => bundles.undo(actor, id),
  };
}

function stateOf({ id, fileName, status, sentence, outcome }: Bundle): ForeignState {
  const sum = (of: keyof PartCount): number => Object.values(outcome?.parts ?? {}).reduce((total, part) => total + part[of], 0);
  const [created, updated, unchanged, leftOut] = [sum('create'), sum('update'), sum('unchanged'), sum('leftOut')];
  return {
    id,
    file: fileName,
    status,
    sentence,
    created,
    updated,
    unchanged,
    rows: created + updated + unchanged + leftOut,
    errors: leftOut,
    warnings: outcome?.warnings ?? 0,
    problems: (outcome?.problems ?? [])
      .filter((one) => one.severity === 'error')
      .map(({ file, row, column, text, vars }) => ({
        sheet: `${file}.csv`,
        row: row ?? 0,
        column: column ?? '',
        remark: { text, ...(vars && { vars }) },
      })),
  };
}
