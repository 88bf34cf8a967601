import os from 'node:os';

/** Addresses change when a router hands out another one; a process that looks again each few seconds is right soon. */
const FRESH_MS = 5_000;

/** Addresses by which the machines of the same network reach this one; IPv4 first, as people type it. */
export function networkAddresses(): string[] {
  const all = Object.values(os.networkInterfaces()).flatMap((list) => list ?? []);
  const reachable = all.filter((one) => !one.internal && !isLinkLocal(one.address));
  const of = (family: 'IPv4' | 'IPv6'): string[] => reachable.filter((one) => one.family === family).map((one) => one.address);
  return [...of('IPv4'), ...of('IPv6').map((address) => `[${address}]`)];
}

function isLinkLocal(address: string): boolean {
  return address.startsWith('169.254.') || /^fe[89ab]/i.test(address);
}

/** What the machine itself is called: `staffroom`, and `staffroom.local` as phones and laptops find it without a name server. */
export function machineNames(hostname = os.hostname()): string[] {
  const full = hostname.toLowerCase();
  const short = full.split('.')[0]!;
  return [...new Set([full, short, `${short}.local`])].filter((name) => /^[a-z0-9][a-z0-9.-]*$/.test(name));
}

/**
 * Whether a Host header names this machine. A name that merely resolves to it is not ours: a page of another
 * site could otherwise be led to the school's own address.
 */
export class OwnNames {
  private readonly always: ReadonlySet<string>;
  private known: { names: ReadonlySet<string>; at: number } = { names: new Set(), at: -Infinity };

  /** `more`: names that the operator gave, such as that of `AIMS_PUBLIC_URL`. */
  constructor(
    more: readonly string[],
    private readonly look: () => string[] = networkAddresses,
    private readonly now: () => number = () => performance.now(),
  ) {
    this.always = new Set([...machineNames(), 'localhost', '127.0.0.1', '[::1]', ...more.map((name) => name.toLowerCase())]);
  }

  owns(host: string | undefined): boolean {
    const name = (host ?? '')
      .toLowerCase()
      .replace(/:\d{1,5}$/, '')
      .replace(/\.$/, '');
    if (name === '') return false;
    return this.always.has(name) || this.addresses().has(name);
  }

  private addresses(): ReadonlySet<string> {
    if (this.now() - this.known.at > FRESH_MS) this.known = { names: new Set(this.look()), at: this.now() };
    return this.known.names;
  }
}
