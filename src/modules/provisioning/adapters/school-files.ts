import { rm } from 'node:fs/promises';
import path from 'node:path';
import type { ObjectStore } from '../../../platform/files/index.js';
import type { SchoolFiles, SchoolToRun } from '../ports.js';

/** The school's objects in folder or bucket, and what its modules keep on the disk beside them. */
export class StoredSchoolFiles implements SchoolFiles {
  constructor(
    private readonly objects: ObjectStore,
    private readonly data: string,
  ) {}

  async remove({ id, subdomain }: SchoolToRun): Promise<void> {
    for await (const key of this.objects.list(`${id}/`)) await this.objects.remove(key);
    for (const folder of ['files', 'audit', 'mail']) await rm(path.join(this.data, folder, id), { recursive: true, force: true });
    await rm(path.join(this.data, 'logs', `${subdomain}.log`), { force: true });
  }
}
