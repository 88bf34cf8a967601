import { readFileSync } from 'node:fs';
import { createSecureContext } from 'node:tls';
import { networkAddresses, OwnNames } from '../../platform/http/own-names.js';
import type { SingleSchool } from '../gateway.js';
import { StopReason } from './stop-reason.js';

export interface SingleSchoolPlan extends SingleSchool {
  /** Given by the operator: a name in the school's network, or the address that the router always gives. */
  publicUrl: string | null;
}

const SUBDOMAIN = /^[a-z](?:[a-z0-9]|-(?!-)){1,38}[a-z0-9]$/;
const TLS_PORT = 3443;

/**
 * `AIMS_SINGLE_SCHOOL=NAME`: this machine is one school's, and its network reaches it by any name of the machine.
 * `AIMS_TLS_CERT` and `AIMS_TLS_KEY` name the files for TLS, `AIMS_TLS_PORT` its port. Null when it isn't asked for.
 * @throws StopReason with what to mend.
 */
export function singleSchoolFrom(env: NodeJS.ProcessEnv): SingleSchoolPlan | null {
  const subdomain = env.AIMS_SINGLE_SCHOOL?.trim();
  if (!subdomain) return null;
  if (!SUBDOMAIN.test(subdomain)) {
    throw new StopReason(
      `AIMS_SINGLE_SCHOOL must be the first part of the school's address, such as "kilimani", not "${subdomain}".`,
    );
  }
  const publicUrl = publicUrlFrom(env.AIMS_PUBLIC_URL);
  const names = new OwnNames(publicUrl ? [new URL(publicUrl).hostname] : []);
  return { subdomain, publicUrl, owns: (host) => names.owns(host), tls: tlsFrom(env) };
}

/** What stands in messages and on the staff-room wall: the operator's own, else the machine's first address. */
export function singleSchoolUrl(plan: SingleSchoolPlan, networkPort: number): string {
  if (plan.publicUrl) return plan.publicUrl;
  const scheme = plan.tls ? 'https' : 'http';
  const host = networkAddresses()[0] ?? `${plan.subdomain}.localhost`;
  return new URL(`${scheme}://${host}:${networkPort}`).origin;
}

function publicUrlFrom(text: string | undefined): string | null {
  if (!text) return null;
  if (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol)) {
    throw new StopReason(`AIMS_PUBLIC_URL must be an address such as http://school.local:3000, not "${text}".`);
  }
  return new URL(text).origin;
}

function tlsFrom(env: NodeJS.ProcessEnv): SingleSchool['tls'] {
  const { AIMS_TLS_CERT: certFile, AIMS_TLS_KEY: keyFile } = env;
  if (!certFile && !keyFile) return null;
  if (!certFile || !keyFile) throw new StopReason('TLS needs both AIMS_TLS_CERT and AIMS_TLS_KEY, each the path of a PEM file.');
  const [cert, key] = [fileOf('AIMS_TLS_CERT', certFile), fileOf('AIMS_TLS_KEY', keyFile)];
  try {
    createSecureContext({ cert, key });
  } catch (error) {
    throw new StopReason(
      `The certificate in ${certFile} and the key in ${keyFile} can't be used together: ${(error as Error).message}.`,
    );
  }
  return { cert, key, port: tlsPort(env.AIMS_TLS_PORT) };
}

function fileOf(name: string, file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    throw new StopReason(`${name} names the file ${file}, which can't be read.`);
  }
}

function tlsPort(text: string | undefined): number {
  const port = Number(text || TLS_PORT);
  if (Number.isInteger(port) && port >= 0 && port <= 65535) return port;
  throw new StopReason(`AIMS_TLS_PORT must be a number from 1 to 65535, not "${text}".`);
}
