import path from 'node:path';
import type { Clock } from '../../kernel/clock.js';
import type { Unit } from '../../kernel/unit-of-work.js';
import { createObjectStore, OBJECT_STORE, sweepFolder, type ObjectStore } from '../../platform/files/index.js';
import { toThumbnail } from '../../platform/images/index.js';
import type { Module } from '../../platform/module.js';
import { CONFIG, type Config } from '../../platform/settings.js';
import { CLOCK, UNIT } from '../../platform/tokens.js';
import { DiskIntake, objectsOf } from './adapters/intake.js';
import { PgFileStore } from './adapters/file.store.js';
import { filesExport } from './adapters/whole-export.js';
import { fileRoutes } from './adapters/files.routes.js';
import { Files } from './files.js';
import { FILES } from './index.js';

export const files: Module = {
  name: 'files',
  permissions: [],
  bind(container) {
    container
      .bind(OBJECT_STORE)
      .toResolvedValue(
        (config: Config) => createObjectStore({ s3: config.storage, folder: path.join(config.data, 'files') }),
        [CONFIG],
      );
    container.bind(Files).toResolvedValue(makeFiles, [CONFIG, OBJECT_STORE, UNIT, CLOCK]);
    container.bind(FILES).toResolvedValue((made: Files) => made, [Files]);
  },
  routes(routes, get) {
    fileRoutes(routes, get(FILES));
  },
  work(get) {
    const sweep = async (): Promise<void> => {
      await get(Files).sweep();
      await get(OBJECT_STORE).sweep();
      await sweepFolder(uploadFolder(get(CONFIG)));
    };
    return {
      jobs: { 'files.sweep': sweep },
      cron: { 'files.sweep': '40 1 * * *' },
      wholeExport: [filesExport(new PgFileStore(), objectsOf(get(OBJECT_STORE)), (purpose) => get(Files).isTakenAlong(purpose))],
    };
  },
};

function makeFiles(config: Config, objects: ObjectStore, unit: Unit, clock: Clock): Files {
  const intake = new DiskIntake(uploadFolder(config), objects);
  return new Files(config.school?.id ?? 'core', new PgFileStore(), intake, objectsOf(objects), toThumbnail, unit, clock);
}

function uploadFolder(config: Config): string {
  return path.join(config.data, 'uploads');
}
