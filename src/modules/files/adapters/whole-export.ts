import type { WholeExportPart } from '../../../platform/whole-export.js';
import type { FileStore, Objects } from '../ports.js';

const PAGE = 200;

/** Every file that is not removed, under a name that tells two of one name apart and no program stumbles over. */
export function filesExport(store: FileStore, objects: Objects, isTaken: (purpose: string) => boolean): WholeExportPart {
  return {
    count: () => store.count(),
    files: async function* () {
      for (let after: string | null = null; ;) {
        const rows = await store.following(after, PAGE);
        for (const { id, name, purpose, objectKey } of rows.filter((row) => isTaken(row.purpose))) {
          const body = await objects.body(objectKey);
          if (body) yield { name: `files/${purpose.replaceAll('.', '/')}/${id}-${name.replace(/[^\w.-]+/g, '-')}`, body };
        }
        if (rows.length < PAGE) return;
        after = rows.at(-1)!.id;
      }
    },
  };
}
