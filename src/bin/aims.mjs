#!/usr/bin/env node
// The operator's command line: `npx aims help`.
import { giveUp, requireBuild, requireNode, requirePackages, runBuilt } from './setup.mjs';

requireNode();
requirePackages();
try {
  await requireBuild();
} catch (error) {
  giveUp(`AIMS could not be built: ${error.message}`);
}
const child = runBuilt('src/bin/aims.js', process.argv.slice(2));
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
child.on('exit', (code, signal) => process.exit(code ?? (signal ? 1 : 0)));
