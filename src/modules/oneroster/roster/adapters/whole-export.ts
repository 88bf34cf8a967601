import { RuleBroken } from '../../../../kernel/errors.js';
import type { WholeExportPart } from '../../../../platform/whole-export.js';
import type { RosterExport } from '../export.js';
import { rosterFiles } from '../../format/spec.rules.js';

const VERSION = '1.1';

/** The bundle unpacked. A school without a year has none. */
export function rosterExportPart(roster: RosterExport): WholeExportPart {
  return {
    count: () => Promise.resolve(rosterFiles(VERSION).length + 1),
    files: async function* (actor) {
      const files = await roster.files(actor, VERSION).catch((error: unknown) => {
        if (error instanceof RuleBroken && error.code === 'no-year') return [];
        throw error;
      });
      for (const { name, body } of files) yield { name: `oneroster/${name}`, body };
    },
  };
}
