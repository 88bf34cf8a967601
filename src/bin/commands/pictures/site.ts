import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import sharp from 'sharp';
import { projectRoot } from '../../../platform/paths.js';

interface SitePicture {
  /** Name of the file under public/pictures, before its width. */
  name: string;
  /** A picture of docs/pictures. */
  from: string;
  /** The part of it that is shown, where not all is. */
  part?: { left: number; top: number; width: number; height: number };
  widths: readonly number[];
}

/** What the platform's site shows. Each is there as AVIF, and as WebP for browsers that don't know that. */
const PICTURES: readonly SitePicture[] = [
  { name: 'register', from: 'students-1280', part: { left: 250, top: 62, width: 1014, height: 632 }, widths: [507, 1014] },
  { name: 'statement-phone', from: 'statement-360', part: { left: 0, top: 0, width: 360, height: 640 }, widths: [360] },
  { name: 'student-top', from: 'student-360', part: { left: 0, top: 0, width: 360, height: 430 }, widths: [360] },
  { name: 'home', from: 'home-1280', widths: [640, 1280] },
  { name: 'student', from: 'student-1280', widths: [640, 1280] },
  { name: 'imports', from: 'imports-1280', widths: [640, 1280] },
  { name: 'prints', from: 'prints-1280', widths: [640, 1280] },
  { name: 'cashier', from: 'cashier-1280', widths: [640, 1280] },
  { name: 'classes', from: 'classes-1280', widths: [640, 1280] },
  { name: 'settings', from: 'settings-1280', widths: [640, 1280] },
];

/** Makes them from what lies in docs/pictures. */
export async function makeSitePictures(): Promise<void> {
  const folder = path.join(projectRoot, 'public/pictures');
  await mkdir(folder, { recursive: true });
  for (const { name, from, part, widths } of PICTURES) {
    const whole = sharp(path.join(projectRoot, 'docs/pictures', `${from}.png`));
    const shown = part ? whole.extract(part) : whole;
    for (const width of widths) {
      const sized = shown.clone().resize({ width });
      await writeFile(
        path.join(folder, `${name}-${width}.avif`),
        await sized.clone().avif({ quality: 50, effort: 6 }).toBuffer(),
      );
      await writeFile(
        path.join(folder, `${name}-${width}.webp`),
        await sized.clone().webp({ quality: 62, effort: 6 }).toBuffer(),
      );
    }
  }
}
