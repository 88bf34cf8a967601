import { createServer, type Server } from 'node:http';
import type { RequestHandler } from 'express';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

/** Figures about a process for those who run it. */
export interface Metrics {
  readonly measure: RequestHandler;
  /** Tries of jobs that failed since the start. */
  jobsFailed(count: number): void;
  /** A browser has told that a page broke its content policy. */
  policyBroken(): void;
  listen(port: number, host: string): Server;
}

/** Prometheus figures; served on a port of their own, never on the public one. */
export class Prometheus implements Metrics {
  private readonly registry = new Registry();
  private readonly failures = new Gauge({ name: 'aims_jobs_failed', help: 'Failed jobs', registers: [this.registry] });
  private readonly seconds = new Histogram({
    name: 'aims_http_seconds',
    help: 'Response time, by route',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
    registers: [this.registry],
  });
  private readonly denied = new Counter({
    name: 'aims_http_denied_total',
    help: 'Requests refused for lack of permission',
    registers: [this.registry],
  });

  private readonly broken = new Counter({
    name: 'aims_csp_reports_total',
    help: 'Browser reports of content policy violations',
    registers: [this.registry],
  });

  constructor(role: string) {
    this.registry.setDefaultLabels({ role });
  }

  readonly measure: RequestHandler = (req, res, next) => {
    const started = performance.now();
    res.on('finish', () => {
      const route = (req.route as { path?: string } | undefined)?.path ?? 'none';
      this.seconds.observe({ method: req.method, route, status: res.statusCode }, (performance.now() - started) / 1000);
      if (res.statusCode === 403) this.denied.inc();
    });
    next();
  };

  jobsFailed(count: number): void {
    this.failures.set(count);
  }

  policyBroken(): void {
    this.broken.inc();
  }

  listen(port: number, host: string): Server {
    collectDefaultMetrics({ register: this.registry });
    return createServer((_req, res) => {
      void this.registry.metrics().then((text) => res.setHeader('Content-Type', this.registry.contentType).end(text));
    }).listen(port, host);
  }
}
