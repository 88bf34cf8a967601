import { fakeSchool } from './support.js';

/** Starts one school, says its process id and waits to be killed. */
const school = fakeSchool('orphan');
await school.acquire();
process.stdout.write(`${school.pid}\n`);
setInterval(() => undefined, 1_000);
