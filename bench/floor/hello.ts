import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { answerOf } from '../helper.js';
import { median } from '../lines.js';
import { wire, type Load, type Shot } from '../load/load.js';
import type { BenchSchool } from '../school.js';
import type { Stage } from '../stage.js';
import { Visitor } from '../load/visitor.js';

export interface HelloSetup {
  database: BenchSchool['school']['connections']['app'];
  /** Where its sessions lie: outside of the school. */
  admin: Stage['admin'];
}

const CLIENTS = 8;
const WARM_MS = 1_500;

/** Requests per second of the yardstick, in pieces spread over a run. */
export class Hello {
  private readonly rounds: number[] = [];

  private constructor(
    private readonly load: Load,
    private readonly port: number,
    private readonly shot: Shot,
    readonly stop: () => void,
  ) {}

  static async start(load: Load, stage: Stage, { school }: BenchSchool): Promise<Hello> {
    const child = fork(fileURLToPath(new URL('./hello-server.js', import.meta.url)));
    const setup: HelloSetup = { database: school.connections.app, admin: stage.admin };
    child.send(setup);
    const port = await answerOf<number>(child, 'yardstick');
    const visitor = new Visitor(port, 'http://hello.localhost');
    await visitor.get('/');
    const hello = new Hello(
      load,
      port,
      { request: wire('GET', '/', visitor.headers()), marker: '<h1>' },
      () => void child.kill(),
    );
    await hello.fire(WARM_MS);
    return hello;
  }

  async round(ms: number): Promise<void> {
    this.rounds.push(await this.fire(ms));
  }

  get perSecond(): number {
    return median(this.rounds);
  }

  private async fire(ms: number): Promise<number> {
    const { perSecond } = await this.load.run({ port: this.port, clients: CLIENTS, ms, status: 200, shots: [this.shot] });
    return perSecond;
  }
}
