import { openGateway, type Gateway } from '../../src/bin/gateway.js';
import type { Place } from '../../src/bin/launcher/environment.js';
import type { ManagedProcess } from '../../src/bin/launcher/managed-process.js';
import { Processes } from '../../src/bin/launcher/processes.js';
import { Register } from '../../src/bin/launcher/school-register.js';
import type { Stage } from '../stage.js';

/** A school that nobody asks for is stopped after six seconds, so that a cold start needn't be waited for. */
const IDLE_MINUTES = '0.1';

/** What the launcher starts, without its demo schools: gateway, platform and provisioner, and each school as it is asked for. */
export class Front {
  private constructor(
    readonly port: number,
    readonly processes: Processes,
    private readonly gateway: Gateway,
    private readonly register: Register,
  ) {}

  static async open({ platform, place: stagePlace }: Stage): Promise<Front> {
    const gateway = await openGateway(0);
    const register = await Register.open(platform.coreApp);
    const place: Place = { ...stagePlace, port: gateway.port };
    const processes = new Processes(
      platform,
      place,
      { ...process.env, NODE_ENV: 'production', AIMS_IDLE_MINUTES: IDLE_MINUTES },
      register,
    );
    const front = new Front(gateway.port, processes, gateway, register);
    await processes.startCore();
    gateway.open((subdomain) => processes.find(subdomain));
    processes.startProvisioner();
    return front;
  }

  get origin(): string {
    return `http://localhost:${this.port}`;
  }

  originOf(subdomain: string): string {
    return `http://${subdomain}.localhost:${this.port}`;
  }

  async process(subdomain: string | null): Promise<ManagedProcess> {
    return (await this.processes.find(subdomain)) as ManagedProcess;
  }

  async close(): Promise<void> {
    await this.gateway.close();
    await this.processes.close();
    await this.register.close();
  }
}
