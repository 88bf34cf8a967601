import { fire } from './fire.js';
import type { LoadOrder } from './load.js';

/** The process that fires: one order after the other, each answered with what was measured or why it failed. */
process.on('message', (order: LoadOrder) => {
  fire(order).then(
    (result) => process.send?.(result),
    (error: unknown) => process.send?.({ failed: error instanceof Error ? error.message : String(error) }),
  );
});
