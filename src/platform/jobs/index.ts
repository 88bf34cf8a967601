export { enqueue, enqueueAll, jobsSummary, nextDueAt } from './enqueue.js';
export type { EnqueueOptions, JobsSummary } from './enqueue.js';
export { platformCron, platformJobs } from './platform-jobs.js';
export { startJobs } from './worker.js';
export type { Jobs, JobsOptions } from './worker.js';
