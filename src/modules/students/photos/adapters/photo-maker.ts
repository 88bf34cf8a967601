import { readFile } from 'node:fs/promises';
import { toPhoto } from '../../../../platform/images/index.js';
import type { Pictures } from '../../ports.js';

export const photoMaker: Pictures = { photo: async ({ path }) => toPhoto(await readFile(path)) };
