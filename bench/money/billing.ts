import { BillingRuns } from '../../src/modules/fees/operations.js';
import { allPowers } from '../../src/bin/demo/powers.js';
import { median, type BenchLine } from '../lines.js';
import { asAdmin, type MoneySchool } from './money-school.js';
import type { BenchSchool } from '../school.js';
import type { Stage } from '../stage.js';

const EVERYBODY = { classIds: [], streamIds: [], boarding: null, studentIds: null };

/** A term of 2,000 students billed by its job, beside one statement that copies the lines which the job wrote into a table of the same kind. */
export async function benchBilling(stage: Stage, { school }: BenchSchool, { terms }: MoneySchool): Promise<BenchLine> {
  const product: number[] = [];
  const limit: number[] = [];
  await asAdmin(stage, school, (client) => client.query('create table bench_lines (like fees_invoice_lines including all)'));
  for (const term of terms) {
    const { id, seconds } = await stage.inside(school, async (app) => {
      const actor = allPowers(app, 'bench');
      const runs = app.container.get(BillingRuns);
      const began = performance.now();
      const started = await runs.start(actor, term, EVERYBODY);
      await runs.work(started, { userId: null, name: actor.name }, true);
      const run = await runs.find(actor, started);
      if (run.state !== 'done') throw new Error(`The run of the bench was refused: ${run.problem}`);
      return { id: started, seconds: (performance.now() - began) / 1000 };
    });
    const bare = await asAdmin(stage, school, async (client) => {
      const began = performance.now();
      const { rowCount } = await client.query(
        'insert into bench_lines select l.* from fees_invoice_lines l join fees_invoices i on i.school_id = l.school_id and i.id = l.invoice_id where i.run_id = $1',
        [id],
      );
      return { lines: rowCount!, seconds: (performance.now() - began) / 1000 };
    });
    product.push(bare.lines / seconds);
    limit.push(bare.lines / bare.seconds);
  }
  await asAdmin(stage, school, (client) => client.query('drop table bench_lines; analyze'));
  return {
    id: 'money.billing-run',
    unit: 'lines/s',
    product: median(product),
    limit: median(limit),
    ratio: median(product) / median(limit),
  };
}
