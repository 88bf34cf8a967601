import type { ServiceIdentifier } from 'inversify';
import type { Page } from '../../../kernel/page.js';
import type { RequestState, UpdateRequest } from './update-request.rules.js';

export interface UpdateLink {
  id: string;
  guardianId: string;
  sentBy: 'sms' | 'mail' | 'letter';
  expiresAt: Date;
  tries: number;
  usedAt: Date | null;
  byUserId: string | null;
  byName: string | null;
}

/** A request as the list shows it. */
export interface RequestLine {
  id: string;
  guardianId: string;
  guardianName: string;
  children: string;
  state: RequestState;
  fields: number;
  sentAt: Date;
  decidedByName: string | null;
}

/** A guardian who has not looked for long. */
export interface DueFamily {
  id: string;
  fullName: string;
  phone: string | null;
  email: string | null;
  language: string | null;
  nameFolded: string;
  children: string;
  refreshedOn: string | null;
  askedAt: Date | null;
}

export interface DueFilter {
  /** Not looked over since this day; null is everybody. */
  before: string | null;
  streamId: string | null;
  guardianId?: string | null;
}

export interface UpdateStore {
  insertLink(link: UpdateLink & { tokenHash: string }): Promise<void>;
  link(tokenHash: string): Promise<UpdateLink | null>;
  /** Counts a try before it is made, unless there have been `most`. @returns false when none is left */
  countTry(id: string, most: number): Promise<boolean>;
  giveTryBack(id: string): Promise<void>;
  /** False when somebody else was faster. */
  useLink(id: string, at: Date): Promise<boolean>;
  insertRequest(request: UpdateRequest): Promise<void>;
  request(id: string): Promise<UpdateRequest | null>;
  /** Locked until the transaction ends. */
  requestForChange(id: string): Promise<UpdateRequest | null>;
  decide(request: UpdateRequest): Promise<void>;
  requests(state: RequestState | null, cursor: string | null, limit: number): Promise<Page<RequestLine>>;
  openCount(): Promise<number>;
  due(filter: DueFilter, cursor: string | null, limit: number): Promise<Page<DueFamily>>;
  setRefreshed(guardianId: string, day: string): Promise<void>;
}

export const UPDATE_STORE: ServiceIdentifier<UpdateStore> = Symbol('UpdateStore');
