// npm run bench [-- part …] [--json FILE]: the product beside what the machine could do at most.
import { giveUp, requireBuild, requireNode, requirePackages, runBuilt } from '../src/bin/setup.mjs';

requireNode();
requirePackages();
try {
  await requireBuild();
} catch (error) {
  giveUp(`AIMS could not be built: ${error.message}`);
}
const child = runBuilt('bench/bench.js', process.argv.slice(2));
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
child.on('exit', (code, signal) => {
  if (signal) console.error(`The bench was ended by ${signal} before it had measured everything.`);
  process.exit(code ?? 1);
});
