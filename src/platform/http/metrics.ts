import type { Server } from 'node:http';
import type { RequestHandler } from 'express';

/** Figures about a process for those who run it. */
export interface Metrics {
  readonly measure: RequestHandler;
  /** Tries of jobs that failed since the start. */
  jobsFailed(count: number): void;
  /** A browser has told that a page broke its content policy. */
  policyBroken(): void;
  listen(port: number, host: string): Server;
}

/** @param port of the figures; without one nobody could read them, and nothing is counted or loaded */
export async function openMetrics(port: number | null, role: string): Promise<Metrics | null> {
  if (port === null) return null;
  const { Prometheus } = await import('./prometheus.js');
  return new Prometheus(role);
}
