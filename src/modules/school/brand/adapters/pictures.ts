import { readFile } from 'node:fs/promises';
import { toBadge, toLogo } from '../../../../platform/images/index.js';
import type { Pictures } from '../../ports.js';

export const pictures: Pictures = {
  redraw: async (file) => toLogo(await readFile(file.path)),
  badge: toBadge,
};
