import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Uniform } from './people/portraits.js';

/** A shield with the sun over a hill, in the school's colours. */
function crest({ first, second }: Uniform): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" width="480" height="480" viewBox="0 0 96 96">
<path d="M48 4 86 14v34c0 24-16 36-38 44C26 84 10 72 10 48V14z" fill="${first}"/>
<path d="M48 11 79 19v29c0 19-12 29-31 36C29 77 17 67 17 48V19z" fill="none" stroke="${second}" stroke-width="2.5"/>
<circle cx="48" cy="40" r="11" fill="${second}"/><g stroke="${second}" stroke-width="3" stroke-linecap="round"><path d="M48 22v-3M35 27l-2-2M61 27l2-2M30 40h-3M66 40h3"/></g>
<path d="M20 58c10-12 20-12 28 0 7-9 17-9 28-3-2 11-11 19-28 26C33 75 23 68 20 58z" fill="#fff"/>
<path d="M34 62h12v10c-5-3-8-3-12-1zm28 0H50v10c5-3 8-3 12-1z" fill="${first}"/></svg>`;
}

/** The crest as a file, for as long as `use` needs it. */
export async function withCrest(colours: Uniform, use: (file: { path: string }) => Promise<unknown>): Promise<void> {
  const { default: sharp } = await import('sharp');
  const folder = await mkdtemp(path.join(tmpdir(), 'aims-crest-'));
  try {
    const file = path.join(folder, 'crest.png');
    await writeFile(
      file,
      await sharp(Buffer.from(crest(colours)))
        .png()
        .toBuffer(),
    );
    await use({ path: file });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
