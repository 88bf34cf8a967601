import type { Metrics } from './prometheus.js';

export type { Metrics } from './prometheus.js';

/** @param port of the figures; without one nobody could read them, and nothing is counted or loaded */
export async function openMetrics(port: number | null, role: string): Promise<Metrics | null> {
  if (port === null) return null;
  const { Prometheus } = await import('./prometheus.js');
  return new Prometheus(role);
}
