import http from 'node:http';
import { mkdtempSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { ManagedProcess, type ManagedProcessOptions } from '../../src/bin/launcher/managed-process.js';

export interface Answer {
  status: number;
  headers: http.IncomingHttpHeaders;
  text: string;
  json: { name: string; pid: number; url: string; headers: Record<string, string> };
  /** When each piece of the body came, in ms after the request. */
  pieces: number[];
}

/** Node does not resolve *.localhost, so the host goes into the header. */
export function ask(
  port: number,
  host: string,
  url: string,
  headers: Record<string, string> = {},
  address = '127.0.0.1',
): Promise<Answer> {
  const began = Date.now();
  return new Promise((resolve, reject) => {
    const request = http.get({ host: address, port, path: url, headers: { host, ...headers }, agent: false }, (response) => {
      let text = '';
      const pieces: number[] = [];
      response.on('data', (chunk: Buffer) => {
        pieces.push(Date.now() - began);
        text += chunk.toString('utf8');
      });
      response.on('end', () => {
        const json = text.startsWith('{') ? (JSON.parse(text) as Answer['json']) : ({} as Answer['json']);
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text, json, pieces });
      });
      response.on('error', reject);
    });
    request.on('error', reject);
  });
}

export function temporaryFolder(): string {
  return mkdtempSync(path.join(os.tmpdir(), 'aims-bin-'));
}

const SCRIPT = fileURLToPath(new URL('./fake-program.js', import.meta.url));

export function fakeSchool(
  name: string,
  env: Record<string, string> = {},
  options: Partial<ManagedProcessOptions> = {},
): ManagedProcess {
  const logs = temporaryFolder();
  return new ManagedProcess(name, {
    program: () =>
      Promise.resolve({
        name,
        script: SCRIPT,
        env: { FAKE_NAME: name, ...env },
        host: `${name}.localhost`,
        logs,
        startTimeoutMs: 3_000,
      }),
    idleMs: 60_000,
    nextDue: () => Promise.resolve(null),
    onTrouble: () => undefined,
    ...options,
  });
}

export async function until(condition: () => boolean, what: string, timeoutMs = 5_000): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error(`waited in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
