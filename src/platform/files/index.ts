import { DiskStore } from './disk-store.js';
import type { ObjectStore } from './object-store.js';
import { S3Store, type S3Settings } from './s3-store.js';

export { OBJECT_STORE, type ObjectMeta, type ObjectStore, type StoredObject } from './object-store.js';
export { contentDisposition, safeName } from './names.js';
export { accepts, sniff } from './sniff.js';
export { demandPlainPdf } from './pdf-check.js';
export { sweepFolder } from './sweep.js';
export { sizeText, TooLarge, upload, UPLOAD_FOLDER, uploadOf, wrongType, type UploadedFile, type UploadRule } from './upload.js';
export type { S3Settings } from './s3-store.js';

/** A bucket when one is configured, else a folder. */
export function createObjectStore(settings: { s3: S3Settings | null; folder: string }): ObjectStore {
  return settings.s3 ? new S3Store(settings.s3) : new DiskStore(settings.folder);
}
