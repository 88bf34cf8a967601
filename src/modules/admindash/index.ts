/** Nobody asks this module: it looks at others, through the views that they publish for reports. */
export type { UsageDay, UsageReport } from './usage.rules.js';
