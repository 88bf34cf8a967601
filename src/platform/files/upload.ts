import { randomUUID } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import multer from 'multer';
import { DomainError, Invalid } from '../../kernel/errors.js';
import { tokenProblem } from '../http/routes/guard.js';
import { storeAway } from './object-store.js';
import { safeName } from './names.js';
import { accepts, sniff } from './sniff.js';

type RequestHandler = ReturnType<multer.Multer['single']>;
type Request = Parameters<RequestHandler>[0];
type Response = Parameters<RequestHandler>[1];

/** A file that arrived with a form; it lies at `path` until the answer is sent. */
export interface UploadedFile {
  path: string;
  name: string;
  size: number;
  /** By content, never by what the browser said. */
  type: string;
}

export interface UploadRule {
  field: string;
  maxBytes: number;
  types: readonly string[];
}

export class TooLarge extends DomainError {
  readonly status = 413;
  readonly code = 'too-large';
}

/** `app.set(UPLOAD_FOLDER, …)` names the folder for files that are being received. */
export const UPLOAD_FOLDER = 'upload folder';

/**
 * Reads a multipart form with at most one file. Text fields come in `req.body`, the file by `uploadOf(req)`.
 * The file is removed when the answer has been sent or the connection is lost.
 */
export function upload(rule: UploadRule): RequestHandler {
  const receive = multer({
    storage: multer.diskStorage({
      destination: (req, _file, done) => toFolder(req, done),
      filename: (_req, _file, done) => done(null, randomUUID()),
    }),
    // The fields that come before a file are read by now, the token among them; of the file itself, nothing is.
    fileFilter: (req, _file, done) => {
      const problem = tokenProblem(req as TokenRequest);
      if (problem) done(problem);
      else done(null, true);
    },
    defParamCharset: 'utf8',
    limits: {
      files: 1,
      fileSize: rule.maxBytes,
      fields: 300,
      fieldSize: 64 * 1024,
      fieldNameSize: 200,
      parts: 301,
      headerPairs: 50,
    },
  }).single(rule.field);
  return async (req, res, next) => {
    try {
      await received(receive, req, res);
      if (req.file) await admit(req, res, rule);
      next();
    } catch (error) {
      next(tokenProblem(req as TokenRequest) ?? refusal(error, rule));
    }
  };
}

export function uploadOf(req: Request): UploadedFile | null {
  return uploads.get(req) ?? null;
}

type TokenRequest = Parameters<typeof tokenProblem>[0];

const uploads = new WeakMap<object, UploadedFile>();

function received(receive: RequestHandler, req: Request, res: Response): Promise<void> {
  return new Promise((resolve, reject) => {
    receive(req, res, (error?: unknown) => (error ? reject(error) : resolve()));
  });
}

async function admit(req: Request, res: Response, rule: UploadRule): Promise<void> {
  const file = req.file!;
  const discard = () => void rm(file.path, { force: true });
  res.once('close', discard);
  if (res.closed) discard();
  const sniffed = await sniff({ path: file.path });
  const type = accepts(rule.types, sniffed);
  if (file.size === 0) throw new Invalid({ [rule.field]: 'This file is empty.' });
  if (type === null) throw new Invalid({ [rule.field]: wrongType(rule.types) });
  uploads.set(req, { path: file.path, name: safeName(file.originalname), size: file.size, type });
}

function toFolder(req: Request, done: (error: Error | null, folder: string) => void): void {
  const configured: unknown = req.app.get(UPLOAD_FOLDER);
  const folder = typeof configured === 'string' ? configured : path.join(os.tmpdir(), 'aims-uploads');
  mkdir(folder, { recursive: true, mode: 0o700 }).then(
    () => done(null, folder),
    (error: Error) => done(error, folder),
  );
}

function refusal(error: unknown, rule: UploadRule): unknown {
  if (error instanceof DomainError) return error;
  if (error instanceof multer.MulterError) {
    if (error.code === 'LIMIT_FILE_SIZE') return new TooLarge(`This file is larger than ${sizeText(rule.maxBytes)}.`);
    if (error.code === 'LIMIT_UNEXPECTED_FILE' || error.code === 'LIMIT_FILE_COUNT')
      return new Invalid({ [rule.field]: 'Send one file, in its own field.' });
    return new TooLarge('This form is too large.');
  }
  if (error instanceof Error && 'code' in error && typeof error.code === 'string' && /^E[A-Z]+$/.test(error.code))
    return storeAway(error);
  return new Invalid({ [rule.field]: 'The upload was interrupted. Choose the file again.' });
}

const KINDS: Record<string, string> = {
  'image/jpeg': 'JPEG',
  'image/png': 'PNG',
  'image/webp': 'WebP',
  'image/gif': 'GIF',
  'image/svg+xml': 'SVG',
  'application/pdf': 'PDF',
  'text/csv': 'CSV',
  'text/plain': 'text',
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet': 'Excel (XLSX)',
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document': 'Word (DOCX)',
};

/** The refusal of a file whose content is none of the types, whatever its name says. */
export function wrongType(types: readonly string[]): string {
  const names = types.map((type) => KINDS[type] ?? type);
  const list = names.length > 1 ? `${names.slice(0, -1).join(', ')} or ${names.at(-1)}` : names[0];
  return `This file is not ${list}. Choose a file of that type; renaming it does not help.`;
}

export function sizeText(bytes: number): string {
  return bytes >= 1_048_576 ? `${Math.floor(bytes / 1_048_576)} MB` : `${Math.floor(bytes / 1024)} KB`;
}
