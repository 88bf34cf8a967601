/** What the build step leaves for the process that serves it. */
export interface AssetWeight {
  name: string;
  bytes: number;
  gzip: number;
  brotli: number;
}

/** `{ "app.css": "app.1a2b3c4d5e.css", … }` */
export type Manifest = Record<string, string>;

/** Only these are kept compressed beside the original. */
export function isText(file: string): boolean {
  return /\.(css|js|svg|webmanifest)$/.test(file);
}
