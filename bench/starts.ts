import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { SCHOOL_BOOTSTRAP } from '../src/modules/school/index.js';
import { allPowers } from '../src/bin/demo/powers.js';
import { median, type BenchLine } from './lines.js';
import { megabytesOf } from './memory.js';
import type { BenchSchool } from './school.js';
import { benchSignups } from './signups.js';
import type { Stage } from './stage.js';
import { Visitor } from './load/visitor.js';

const TIMES = 5;
/** A tenant process of a bare minimum, in MB. */
const LEAST_MEMORY = 31;
const IDLE_MS = 6_000;

/** Seconds until a school answers, until a new one exists, and what one that nobody uses keeps in memory. */
export async function benchStarts(stage: Stage, bench: BenchSchool): Promise<BenchLine[]> {
  const starts: number[] = [];
  for (let time = 0; time < TIMES; time += 1) starts.push(await startOf(stage, bench));
  const seconds = median(starts);
  return [
    { id: 'start.school', unit: 's', product: seconds, limit: LEAST_START, ratio: LEAST_START / seconds },
    await newSchools(stage),
    await memoryOf(stage, bench),
    ...(await benchSignups(stage)),
  ];
}

/** What a process with everything loaded lazily needs, in seconds. */
const LEAST_START = 0.155;

async function startOf(stage: Stage, { school }: BenchSchool): Promise<number> {
  const began = performance.now();
  const child = await stage.start(school);
  try {
    await new Visitor(child.port, stage.originOf(school)).get('/login');
    return (performance.now() - began) / 1000;
  } finally {
    await child.stop();
  }
}

async function newSchools(stage: Stage): Promise<BenchLine> {
  const product: number[] = [];
  const limit: number[] = [];
  for (let time = 0; time < TIMES; time += 1) {
    limit.push(await cloneOf(stage, `bench_clone_${time}`));
    product.push(await newSchool(stage, `bench-new-${time}`));
  }
  return {
    id: 'start.new-school',
    unit: 's',
    product: median(product),
    limit: median(limit),
    ratio: median(limit) / median(product),
  };
}

/** Database, roles, clone, and the school with its country's pack in it. */
async function newSchool(stage: Stage, subdomain: string): Promise<number> {
  const began = performance.now();
  const school = await stage.newSchool(subdomain);
  await stage.inside(school, (app) =>
    app.container.get(SCHOOL_BOOTSTRAP).bootstrapSchool(allPowers(app, 'bench'), { name: 'New School', country: 'KE' }),
  );
  return (performance.now() - began) / 1000;
}

async function cloneOf(stage: Stage, database: string): Promise<number> {
  const client = new pg.Client(stage.admin);
  await client.connect();
  try {
    const { rows } = await client.query<{ datname: string }>(
      "select datname from pg_database where datname like 'aims\\_template\\_%' limit 1",
    );
    const began = performance.now();
    await client.query(`create database ${database} template ${rows[0]!.datname}`);
    const seconds = (performance.now() - began) / 1000;
    await client.query(`drop database ${database}`);
    return seconds;
  } finally {
    await client.end();
  }
}

/** Proportional set size, so that what several processes share is not counted for each. */
async function memoryOf(stage: Stage, { school }: BenchSchool): Promise<BenchLine> {
  const child = await stage.start(school);
  try {
    await new Visitor(child.port, stage.originOf(school)).get('/login');
    await sleep(IDLE_MS);
    const megabytes = megabytesOf([child.pid]);
    return { id: 'memory.idle', unit: 'MB', product: megabytes, limit: LEAST_MEMORY, ratio: LEAST_MEMORY / megabytes };
  } finally {
    await child.stop();
  }
}
